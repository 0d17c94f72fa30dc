"""The plan's own sections: from checked values to the model, with what no table can say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, Final

from ocpprov.plan.checking import Checker, cidr_problem
from ocpprov.plan.model import AwsSettings, OpenShift, ServiceEndpoint, SubnetCIDRs
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError
from ocpprov.plan.tables import LATER, OPENSHIFT, SEVERAL_SHAPES

_MOST_ZONES: Final = 3
_USER_TAGS: Final = 25

Problem = tuple[str, str, str]
"""Path below the section, message, hint."""


def user_tag_problems(tags: Mapping[str, Any]) -> Iterator[Problem]:
    """install-config's rules for user tags, and ours: nobody else's prefix."""
    if len(tags) > _USER_TAGS:
        yield "userTags", f"{len(tags)} tags are too many", f"at most {_USER_TAGS}"
    for key, value in tags.items():
        path = f"userTags.{key}"
        if key == "Name" or key.startswith(("aws:", "ocpprov:")) or "kubernetes.io" in key or "openshift.io" in key:
            yield path, f"{key} can't be a user tag", "Name, aws:, ocpprov:, kubernetes.io and openshift.io are taken"
        if not 1 <= len(key) <= 128 or (isinstance(value, str) and not 1 <= len(value) <= 256):
            yield path, "a tag's key has 1 to 128 characters, its value 1 to 256", ""


def aws_settings(values: Mapping[str, Any]) -> AwsSettings:
    """The `aws` section."""
    endpoints = [
        ServiceEndpoint(item["name"], item["url"])
        for item in values.get("serviceEndpoints") or ()
        if isinstance(item, Mapping) and item.get("name") and item.get("url")
    ]
    return AwsSettings(endpoints, values.get("proxy") or "", values.get("caBundle") or "")


def openshift(node: Node, checker: Checker, base: Path) -> OpenShift | None:
    """The `openshift` section with its defaults; None when it is too wrong to go on with."""
    mapping = node.mapping() or {}
    before = len(checker.errors)
    listed = _without_list_form(node)
    known = Node({key: value for key, value in listed.items() if key not in SEVERAL_SHAPES}, node.position, node.keys)
    values = checker.members(known if node.mapping() is not None else node, OPENSHIFT, "openshift", LATER)
    zones = _zones(mapping.get("zones"), checker)
    bootstrap, allowed_from = _bootstrap(mapping.get("bootstrap"), checker)
    infra_id = values.get("infraID") or _from_metadata(mapping.get("metadata"), checker, base)
    if len(checker.errors) > before:
        return None
    positions = {f"openshift.{key}": place for key, place in node.keys.items()}
    cidrs = values.get("subnetCIDRs")
    section = OpenShift(
        cluster_name=values["clusterName"],
        base_domain=values["baseDomain"],
        version=values.get("version", "4.12"),
        infra_id=infra_id,
        publish=values.get("publish", "External"),
        machine_network=IPv4Network(values.get("machineNetwork", "10.0.0.0/16")),
        zones=zones,
        subnet_bits=values.get("subnetBits", 12),
        subnet_cidrs=_subnet_cidrs(cidrs) if cidrs else None,
        egress=values.get("egress", "nat"),
        elastic_ips=tuple(values.get("elasticIPs", ())),
        endpoints=tuple(values.get("endpoints", ("s3",))),
        hosted_zone=values.get("hostedZone", "create"),
        etcd_records=values.get("etcdRecords", False),
        control_plane_addresses=tuple((values.get("controlPlane") or {}).get("addresses", ())),
        bootstrap=bootstrap,
        bootstrap_from=allowed_from,
        positions=positions,
    )
    for key, message, hint in problems(section):
        place = mapping[key].position if key in mapping else node.position
        checker.errors.append(PlanError(place, f"openshift.{key}", message, hint))
    return section if len(checker.errors) == before else None


def _without_list_form(node: Node) -> dict[str, Node]:
    """install-config writes the machine network as a list of one `{cidr}`: taken out of it."""
    mapping = dict(node.mapping() or {})
    network = mapping.get("machineNetwork")
    items = network.items() if network else None
    if items and len(items) == 1 and (entry := items[0].mapping()) and set(entry) == {"cidr"}:
        mapping["machineNetwork"] = entry["cidr"]
        return mapping
    return mapping


def _zones(node: Node | None, checker: Checker) -> int | Sequence[str]:
    if node is None:
        return _MOST_ZONES
    path = "openshift.zones"
    items = node.items()
    if items is None:
        if isinstance(node.value, int) and not isinstance(node.value, bool) and 1 <= node.value <= _MOST_ZONES:
            return node.value
        checker.errors.append(
            PlanError(node.position, path, f"{node.what()} won't do", "1 to 3 zones, or a list of zone names")
        )
        return _MOST_ZONES
    names = [item.value for item in items]
    texts = [name for name in names if isinstance(name, str) and name]
    if not 1 <= len(names) <= _MOST_ZONES or len(texts) != len(names):
        checker.errors.append(PlanError(node.position, path, "1 to 3 zone names are needed", "such as eu-west-1a"))
    if len(set(texts)) != len(texts):
        checker.errors.append(PlanError(node.position, path, "a zone is named twice", "name each zone once"))
    return tuple(texts)


def _bootstrap(node: Node | None, checker: Checker) -> tuple[bool, IPv4Network | None]:
    if node is None or isinstance(node.value, bool):
        return node is None or bool(node.value), None
    mapping = node.mapping()
    if mapping is None or set(mapping) - {"from", "address", "ignition"}:
        hint = "true, false, or {from: 10.0.0.0/16}"
        checker.errors.append(PlanError(node.position, "openshift.bootstrap", f"{node.what()} won't do", hint))
        return True, None
    for key in sorted(set(mapping) - {"from"}):
        message = f"{key} is not supported in this version"
        checker.errors.append(PlanError(node.keys[key], f"openshift.bootstrap.{key}", message))
    source = mapping.get("from")
    if source is None:
        return True, None
    problem = cidr_problem(source.value) if isinstance(source.value, str) else (f"{source.what()} won't do", "a CIDR")
    if problem:
        checker.errors.append(PlanError(source.position, "openshift.bootstrap.from", *problem))
        return True, None
    return True, IPv4Network(str(source.value))


def _from_metadata(node: Node | None, checker: Checker, base: Path) -> str:
    if node is None or not isinstance(node.value, str):
        return ""
    try:
        infra_id = json.loads((base / node.value).read_text(encoding="utf-8"))["infraID"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{node.value} gives no infraID: {error}"
        hint = "name the metadata.json that openshift-install wrote"
        checker.errors.append(PlanError(node.position, "openshift.metadata", message, hint))
        return ""
    return str(infra_id)


def _subnet_cidrs(values: Mapping[str, Any]) -> SubnetCIDRs:
    def networks(key: str) -> tuple[IPv4Network, ...]:
        return tuple(IPv4Network(block) for block in values.get(key) or ())

    return SubnetCIDRs(networks("public"), networks("private"))


def problems(section: OpenShift) -> Iterator[Problem]:
    """What is wrong with a section as a whole: key, message, hint."""
    rules: Sequence[Callable[[OpenShift], Iterator[Problem]]] = (_network, _given_blocks, _addresses, _nat)
    for rule in rules:
        yield from rule(section)


def _zone_count(section: OpenShift) -> int:
    return section.zones if isinstance(section.zones, int) else len(section.zones)


def _network(section: OpenShift) -> Iterator[Problem]:
    network = section.machine_network
    if not 16 <= network.prefixlen <= 24:
        yield (
            "machineNetwork",
            f"{network} has a /{network.prefixlen}",
            "/16 to /24, as AWS and the documentation allow",
        )
    elif section.subnet_cidrs is None and 6 * 2**section.subnet_bits > network.num_addresses:
        yield (
            "subnetBits" if "openshift.subnetBits" in section.positions else "machineNetwork",
            f"six blocks of {2**section.subnet_bits} addresses don't fit into {network}",
            "a smaller subnetBits or a larger machineNetwork",
        )


def _given_blocks(section: OpenShift) -> Iterator[Problem]:
    if section.subnet_cidrs is None:
        return
    zones = _zone_count(section)
    groups = {"private": section.subnet_cidrs.private}
    if section.public_subnets:
        groups["public"] = section.subnet_cidrs.public
    for name, blocks in groups.items():
        if len(blocks) != zones:
            yield "subnetCIDRs", f"{len(blocks)} {name} blocks for {zones} zones", "one for each zone"
    blocks = [block for group in groups.values() for block in group]
    for number, block in enumerate(blocks):
        if not block.subnet_of(section.machine_network):
            yield "subnetCIDRs", f"{block} is outside {section.machine_network}", ""
        for other in blocks[:number]:
            if block.overlaps(other):
                yield "subnetCIDRs", f"{block} overlaps {other}", ""


def _addresses(section: OpenShift) -> Iterator[Problem]:
    addresses = section.control_plane_addresses
    for address in addresses:
        if IPv4Address(address) not in section.machine_network:
            yield "controlPlane", f"{address} is outside {section.machine_network}", ""
    if len(set(addresses)) != len(addresses):
        yield "controlPlane", "an address is given twice", ""
    if section.etcd_records:
        needs = {
            "controlPlane.addresses": bool(addresses),
            "infraID": bool(section.infra_id),
            "hostedZone: create": section.hosted_zone == "create",
        }
        missing = [name for name, there in needs.items() if not there]
        if missing:
            yield "etcdRecords", f"needs {', '.join(missing)}", ""


def _nat(section: OpenShift) -> Iterator[Problem]:
    gateways = {"none": 0, "nat-single": 1, "nat": _zone_count(section)}[section.egress]
    if section.elastic_ips and len(section.elastic_ips) != gateways:
        yield "elasticIPs", f"{len(section.elastic_ips)} addresses for {gateways} NAT gateways", "one for each"
