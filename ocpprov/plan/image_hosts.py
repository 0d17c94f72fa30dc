"""The servers that a cluster's machines get their images by: its proxy, and mirror registries, as install-config's
`proxy` and `imageDigestSources` name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any, Final
from urllib.parse import urlsplit

from ocpprov.engine.problem import Problem
from ocpprov.plan.model import ClusterProxy, HostPort, OpenShift

_PORTS: Final = {"http": 80, "https": 443}
_URLS: Final = ("httpProxy", "httpsProxy")
_EVERYTHING: Final = "*"


def cluster_proxy(values: Mapping[str, Any] | None) -> ClusterProxy | None:
    """Hosts and ports alone: a user and a password that stand before them belong nowhere else."""
    if not values or not any(values.get(key) for key in _URLS):
        return None
    servers = {key: _host_port(values[key]) for key in _URLS if values.get(key)}
    past = tuple(part for each in (values.get("noProxy") or "").split(",") if (part := each.strip()))
    return ClusterProxy(servers.get("httpProxy"), servers.get("httpsProxy"), past)


def mirror_registries(sources: Sequence[Mapping[str, Any]]) -> tuple[HostPort, ...]:
    """The hosts of all mirrors in the order in which they are named, each once; 443 is a registry's port."""
    named = (mirror for source in sources for mirror in source.get("mirrors") or ())
    return tuple(dict.fromkeys(_host_port(f"https://{mirror}") for mirror in named))


def _host_port(url: str) -> HostPort:
    """Empty where the URL has none that can be used."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return HostPort("", 0)
    host = (parts.hostname or "").rstrip(".")
    return HostPort(host, port or _PORTS.get(parts.scheme, 0)) if host else HostPort("", 0)


def image_host_problems(section: OpenShift) -> Iterator[Problem]:
    """Paths below the section, each with what is wrong there; without the URLs, which may have passwords in them."""
    proxy = section.proxy
    for key, server in (("httpProxy", proxy.http), ("httpsProxy", proxy.https)) if proxy else ():
        if server is not None and not server.host:
            yield Problem(f"proxy.{key}", "has no host and port", "as in http://proxy.example.com:3128")
    if any(not each.host for each in section.mirrors):
        yield Problem("imageDigestSources", "a mirror has no host", "as in registry.example.com:5000/openshift")


def is_asked_past(proxy: ClusterProxy, section: OpenShift, host: str) -> bool:
    """Whether machines ask this host past the proxy: as noProxy says, which names domains, addresses and blocks, and
    what the cluster adds to it itself, its machines' own networks (openshift-docs, "Configuring the cluster-wide proxy
    during installation")."""
    address = _address(host)
    own = [*map(str, section.machine_networks)]
    return any(_covers(each, host.lower(), address) for each in (*proxy.no_proxy, *own))


def _covers(entry: str, host: str, address: IPv4Address | None) -> bool:
    if entry == _EVERYTHING:
        return True
    if address is not None:
        try:
            return address in IPv4Network(entry, strict=False)
        except (AddressValueError, NetmaskValueError, ValueError):
            return False
    name = entry.lower().lstrip(".")
    return bool(name) and f".{host}".endswith(f".{name}")


def _address(host: str) -> IPv4Address | None:
    try:
        return IPv4Address(host)
    except AddressValueError:
        return None
