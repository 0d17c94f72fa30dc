"""A certificate authority of the tests' own."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Signs one server certificate for 127.0.0.1 and localhost and for `hosts`. Its files lie in `directory`:
    `ca_file` is for those who are to trust it, `server_file` has the server's key and certificate."""

    def __init__(self, directory: Path, name: str = "test authority", hosts: Sequence[str] = ()) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.ca_file = directory / "ca.pem"
        self.server_file = directory / "server.pem"
        key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        issuer = _name(name)
        own = _certificate(issuer, issuer, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        own = own.add_extension(_KEY_USAGE_OF_A_CA, True)
        own = own.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        hosts = ("localhost", *hosts)
        names = [*map(x509.DNSName, hosts), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        server = _certificate(_name("127.0.0.1"), issuer, server_key)
        server = server.add_extension(x509.SubjectAlternativeName(names), False)
        server = server.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        self.ca_file.write_bytes(_pem(own.sign(key, hashes.SHA256())))
        self.server_file.write_bytes(_private_pem(server_key) + _pem(server.sign(key, hashes.SHA256())))

    def server_context(self) -> ssl.SSLContext:
        """What a server needs to be trusted by whoever trusts `ca_file`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_file)
        return context


_KEY_USAGE_OF_A_CA = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    today = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
