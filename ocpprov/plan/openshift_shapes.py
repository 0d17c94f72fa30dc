"""Keys of the `openshift` section that may be written in more than one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.plan.checking import Checker
from ocpprov.plan.install_config import machine_blocks
from ocpprov.plan.model import Bucket, DhcpOptions, EndpointSettings
from ocpprov.plan.nodes import Node
from ocpprov.plan.openshift_table import BLOCK, BOOTSTRAP, BUCKET, BUCKET_NAME, DHCP_OPTIONS
from ocpprov.plan.problems import PlanError

AUTO: Final = "auto"
"""In place of addresses: those of the cluster's machines, as AWS has them."""
_MOST_ZONES: Final = 3
_MOST_SERVERS: Final = 4


@dataclass(frozen=True)
class Bootstrap:
    """Whether there is a bootstrap machine, and what is known of it; empty where nothing is said. `auto`: its address
    is that of the machine that is found."""

    wanted: bool = True
    address: str = ""
    auto: bool = False
    allowed_from: IPv4Network | None = None
    ignition: str = ""


def zones_of(node: Node | None, checker: Checker) -> int | Sequence[str]:
    """A count, or a list of names."""
    if node is None:
        return _MOST_ZONES
    path = "openshift.zones"
    items = node.items()
    if items is None:
        if isinstance(node.value, int) and not isinstance(node.value, bool) and 1 <= node.value <= _MOST_ZONES:
            return node.value
        hint = "1 to 3 zones, or a list of zone names"
        checker.errors.append(PlanError(node.position, path, f"invalid value {node.what()}", hint))
        return _MOST_ZONES
    names = [item.value for item in items]
    texts = [name for name in names if isinstance(name, str) and name]
    if not 1 <= len(names) <= _MOST_ZONES or len(texts) != len(names):
        checker.errors.append(PlanError(node.position, path, "1 to 3 zone names are needed", "such as eu-west-1a"))
    if len(set(texts)) != len(texts):
        checker.errors.append(PlanError(node.position, path, "a zone is named twice", "name each zone once"))
    return tuple(texts)


def further_machine_networks(node: Node | None, checker: Checker) -> Sequence[IPv4Network]:
    """Those after the first, where `machineNetwork` is a list of blocks or of `{cidr}`, as install-config has it."""
    blocks = machine_blocks(node) if node else ()
    found = [checker.value(block, BLOCK, f"openshift.machineNetwork[{n}]") for n, block in enumerate(blocks) if n]
    return tuple(IPv4Network(block) for block in found if block)


def endpoint_objects(node: Node) -> Node:
    """The list with `{service}` in the place of each service that stands alone."""
    items = node.items()
    if items is None:
        return node
    return replace(node, value=[item if item.mapping() is not None else _object("service", item) for item in items])


def endpoint_settings(endpoints: Sequence[Mapping[str, Any]]) -> Mapping[str, EndpointSettings]:
    """By service, of those that say more than that."""
    return {
        each["service"]: EndpointSettings(
            each.get("privateDnsEnabled", True), tuple(each["zones"]) if "zones" in each else None
        )
        for each in endpoints
        if len(each) > 1
    }


def _object(key: str, node: Node) -> Node:
    return Node({key: node}, node.position, {key: node.position})


def bootstrap_of(node: Node | None, checker: Checker) -> Bootstrap:
    """`true`, `false`, or what is known of the machine."""
    if node is None or isinstance(node.value, bool):
        return Bootstrap(wanted=node is None or bool(node.value))
    found = is_auto(node, "address")
    values = _members(without_auto(node, "address"), BOOTSTRAP, "true, false, or {address, from, ignition}", checker)
    source = values.get("from")
    return Bootstrap(
        address=values.get("address") or "",
        auto=found,
        allowed_from=IPv4Network(source) if source else None,
        ignition=values.get("ignition") or "",
    )


def bucket_of(node: Node | None, checker: Checker) -> Bucket:
    """`auto`, `none`, a name, or a name and who may read."""
    if node is None or node.value == "auto":
        return Bucket()
    if node.value == "none":
        return Bucket(create=False)
    if isinstance(node.value, str):
        return Bucket(name=checker.value(node, BUCKET_NAME, "openshift.bucket") or "")
    values = _members(node, BUCKET, "auto, none, a name, or {name, onlyThroughEndpoint}", checker)
    return Bucket(name=values.get("name") or "", only_through_endpoint=values.get("onlyThroughEndpoint") or False)


def dhcp_options_of(node: Node | None, checker: Checker) -> DhcpOptions | None:
    """`none`, or what machines are told."""
    if node is None or node.value == "none":
        return None
    values = _members(node, DHCP_OPTIONS, "none, or {domainName, domainNameServers, ntpServers}", checker)
    for key in ("domainNameServers", "ntpServers"):
        if len(values.get(key) or ()) > _MOST_SERVERS:
            place = (node.mapping() or {})[key].position
            message = f"{len(values[key])} servers are too many"
            checker.errors.append(PlanError(place, f"openshift.dhcpOptions.{key}", message, f"at most {_MOST_SERVERS}"))
    if node.mapping() is not None and not any(values.values()):
        message = "sets no option"
        checker.errors.append(PlanError(node.position, "openshift.dhcpOptions", message, "none, or leave it out"))
    return DhcpOptions(
        domain_name=values.get("domainName") or "",
        domain_name_servers=tuple(values.get("domainNameServers") or ()),
        ntp_servers=tuple(values.get("ntpServers") or ()),
    )


def is_auto(node: Node | None, key: str) -> bool:
    """Whether the mapping has `auto` under the key."""
    inner = (node.mapping() or {}).get(key) if node else None
    return inner is not None and inner.value == AUTO


def without_auto(node: Node, key: str) -> Node:
    """The mapping in its first shape: without the key where it says `auto`."""
    if not is_auto(node, key):
        return node
    kept = {name: inner for name, inner in (node.mapping() or {}).items() if name != key}
    return Node(kept, node.position, node.keys)


def _members(node: Node, row: Property, shapes: str, checker: Checker) -> dict[str, Any]:
    if node.mapping() is None:
        checker.errors.append(PlanError(node.position, f"openshift.{row.name}", f"invalid value {node.what()}", shapes))
        return {}
    return checker.members(node, row.properties, f"openshift.{row.name}")
