"""AWS's name of a call, from what is on the wire; each family of services says it in its own way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

Named = tuple[str, dict[str, str]]
"""An operation, and the parameters that were found along with its name."""

_ZONE = r"/[\d-]+/hostedzone/(?P<HostedZoneId>[^/]+)"
_ROUTE53: Sequence[tuple[str, str, str]] = (
    ("POST", r"/[\d-]+/hostedzone", "CreateHostedZone"),
    ("GET", r"/[\d-]+/hostedzone", "ListHostedZones"),
    ("GET", r"/[\d-]+/hostedzonesbyname", "ListHostedZonesByName"),
    ("GET", r"/[\d-]+/hostedzonesbyvpc", "ListHostedZonesByVPC"),
    ("GET", r"/[\d-]+/hostedzonecount", "GetHostedZoneCount"),
    ("GET", _ZONE, "GetHostedZone"),
    ("POST", _ZONE, "UpdateHostedZoneComment"),
    ("DELETE", _ZONE, "DeleteHostedZone"),
    ("POST", _ZONE + "/rrset", "ChangeResourceRecordSets"),
    ("GET", _ZONE + "/rrset", "ListResourceRecordSets"),
    ("GET", _ZONE + "/dnssec", "GetDNSSEC"),
    ("POST", _ZONE + "/associatevpc", "AssociateVPCWithHostedZone"),
    ("POST", _ZONE + "/disassociatevpc", "DisassociateVPCFromHostedZone"),
    ("GET", r"/[\d-]+/tags/(?P<ResourceType>[^/]+)/(?P<ResourceId>[^/]+)", "ListTagsForResource"),
    ("POST", r"/[\d-]+/tags/(?P<ResourceType>[^/]+)/(?P<ResourceId>[^/]+)", "ChangeTagsForResource"),
    ("POST", r"/[\d-]+/tags/(?P<ResourceType>[^/]+)", "ListTagsForResources"),
    ("GET", r"/[\d-]+/accountlimit/(?P<Type>[^/]+)", "GetAccountLimit"),
    ("GET", r"/[\d-]+/hostedzonelimit/(?P<HostedZoneId>[^/]+)/(?P<Type>[^/]+)", "GetHostedZoneLimit"),
    ("GET", r"/[\d-]+/change/(?P<Id>[^/]+)", "GetChange"),
)

_S3_PATH = re.compile(r"/(?P<Bucket>[^/]*)(?:/(?P<Key>.*))?", re.DOTALL)
_S3_VERBS: Mapping[str, str] = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}
# The query's key that stands for a part of a bucket or an object, and that part's name in the operations.
_S3_PARTS: Mapping[str, str] = {
    "acl": "{}Acl",
    "encryption": "{}Encryption",
    "legal-hold": "{}LegalHold",
    "lifecycle": "{}LifecycleConfiguration",
    "location": "{}Location",
    "object-lock": "ObjectLockConfiguration",
    "ownershipControls": "{}OwnershipControls",
    "policy": "{}Policy",
    "publicAccessBlock": "PublicAccessBlock",
    "retention": "{}Retention",
    "tagging": "{}Tagging",
    "versioning": "{}Versioning",
}
_S3_NAMES: Mapping[tuple[str, str, str], str] = {
    ("", "GET", ""): "ListBuckets",
    ("Bucket", "PUT", ""): "CreateBucket",
    ("Bucket", "HEAD", ""): "HeadBucket",
    ("Bucket", "GET", ""): "ListObjects",
    ("Bucket", "GET", "list-type"): "ListObjectsV2",
    ("Bucket", "GET", "versions"): "ListObjectVersions",
    ("Bucket", "GET", "uploads"): "ListMultipartUploads",
    ("Bucket", "POST", "delete"): "DeleteObjects",
    ("Bucket", "DELETE", ""): "DeleteBucket",
    ("Object", "PUT", ""): "PutObject",
    ("Object", "PUT", "uploadId"): "UploadPart",
    ("Object", "POST", "uploads"): "CreateMultipartUpload",
    ("Object", "POST", "uploadId"): "CompleteMultipartUpload",
    ("Object", "HEAD", ""): "HeadObject",
    ("Object", "GET", ""): "GetObject",
    ("Object", "DELETE", ""): "DeleteObject",
    ("Object", "DELETE", "uploadId"): "AbortMultipartUpload",
}


def of_route53(method: str, path: str, body: bytes) -> Named | None:
    """By method and path; the parameters are those of the path, and the texts of the XML body by their paths."""
    for wanted, pattern, operation in _ROUTE53:
        match = re.fullmatch(pattern + "/?", path) if method == wanted else None
        if match:
            return operation, match.groupdict() | _leaves(parse_xml(body))
    return None


def of_s3(method: str, path: str, query: Mapping[str, str]) -> Named | None:
    """By method, path-style address and query; None where the combination isn't known here."""
    match = _S3_PATH.fullmatch(path)
    if match is None:
        return None
    found = {name: unquote(text) for name, text in match.groupdict().items() if text}
    level = "Object" if "Key" in found else "Bucket" if "Bucket" in found else ""
    part = next((_S3_PARTS[key] for key in query if key in _S3_PARTS), None)
    if level and part and method in _S3_VERBS:
        return _S3_VERBS[method] + part.format(level), found
    told = next((key for key in query if (level, method, key) in _S3_NAMES), "")
    operation = _S3_NAMES.get((level, method, told))
    return (operation, found) if operation else None


def of_json(target: str, body: bytes) -> Named:
    """By the header X-Amz-Target (`Service_Version.Operation`), as the services that speak JSON do."""
    try:
        document: Any = json.loads(body or b"{}")
    except ValueError:
        document = {}
    members = document.items() if isinstance(document, dict) else ()
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in members}
    return target.rpartition(".")[2], texts


def parse_xml(body: bytes) -> ElementTree.Element:
    """The root of an XML body; an empty element when it is none."""
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - only clients on this machine speak here
    except ElementTree.ParseError:
        return ElementTree.Element("Nothing")


def _leaves(root: ElementTree.Element) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(element: ElementTree.Element, path: str) -> None:
        name = element.tag.rpartition("}")[2]
        here = f"{path}/{name}" if path else name
        if len(element) == 0:
            earlier = sum(key == here or key.startswith(here + ".") for key in found)
            found[f"{here}.{earlier + 1}" if earlier else here] = element.text or ""
        for child in element:
            walk(child, here)

    for child in root:
        walk(child, "")
    return found
