"""The `openshift` section: from its node to the model, defaults filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.resources import Position
from ocpprov.plan.checking import Checker
from ocpprov.plan.image_hosts import cluster_proxy, mirror_registries
from ocpprov.plan.install_config import machine_blocks
from ocpprov.plan.installer_files import absent_files, check_ignition, infra_id_of, state_of
from ocpprov.plan.model import Bucket, DhcpOptions, Iam, InstanceProfiles, OpenShift, SubnetCIDRs, Transit
from ocpprov.plan.nodes import Node
from ocpprov.plan.openshift_rules import problems
from ocpprov.plan.openshift_shapes import (
    AUTO,
    Bootstrap,
    bootstrap_of,
    bucket_of,
    dhcp_options_of,
    endpoint_objects,
    endpoint_settings,
    further_machine_networks,
    is_auto,
    without_auto,
    zones_of,
)
from ocpprov.plan.openshift_subnet_roles import roles_of, subnet_ids
from ocpprov.plan.openshift_table import OPENSHIFT, SEVERAL_SHAPES
from ocpprov.plan.problems import PlanError

_ENDPOINTS: Final = ("s3",)
_ENDPOINTS_WITHOUT_EGRESS: Final = ("s3", "ec2", "elasticloadbalancing")


def openshift(
    node: Node,
    checker: Checker,
    base: Path,
    region: str,
    *,
    complete: bool = True,
    more_subnets: bool = False,
    remembered: str = "",
) -> OpenShift | None:
    """The section, or None when it is too wrong to go on with. `base` is where the paths in it begin. Unless it is
    `complete` (its installConfig can't be read), what is missing is no error. `more_subnets`: the plan makes subnets
    outside of it. `remembered` is the infraID of the last apply."""
    before = len(checker.errors)
    mapping = node.mapping() or {}
    rows = OPENSHIFT if complete else [replace(row, required=False) for row in OPENSHIFT]
    values = checker.members(_one_shape(node), rows, "openshift")
    shapes = _shapes(mapping, checker)
    state = state_of(mapping, base)
    infra_id = infra_id_of(mapping, region, base, checker, state, remembered)
    check_ignition(mapping.get("bootstrap"), base, checker)
    if len(checker.errors) > before or not complete:
        return None
    section = replace(
        _section(node, values, shapes, infra_id, region),
        absent=absent_files(mapping, base, state),
        from_state=bool(state.infra_id),
    )
    for problem in problems(section, region, more_subnets=more_subnets):
        place = _place(node, problem.where)
        checker.errors.append(PlanError(place, f"openshift.{problem.where}", problem.detail, problem.remedy))
    return section if len(checker.errors) == before else None


def _one_shape(node: Node) -> Node:
    """The section without the keys that have several shapes, those with a second form in their first."""
    mapping = node.mapping()
    if mapping is None:
        return node
    one = {key: value for key, value in mapping.items() if key not in SEVERAL_SHAPES}
    if "version" in one and one["version"].written:
        one["version"] = replace(one["version"], value=one["version"].written)
    if "machineNetwork" in one:
        one["machineNetwork"] = machine_blocks(one["machineNetwork"])[0]
    if "controlPlane" in one:
        one["controlPlane"] = without_auto(one["controlPlane"], "addresses")
    if "subnets" in one:
        one["subnets"] = subnet_ids(one["subnets"])
    if "endpoints" in one:
        one["endpoints"] = endpoint_objects(one["endpoints"])
    if "secondaryNetworks" in one and one["secondaryNetworks"].value == "none":
        del one["secondaryNetworks"]
    return Node(one, node.position, node.keys)


@dataclass(frozen=True)
class _Shapes:
    zones: int | Sequence[str]
    bootstrap: Bootstrap
    bucket: Bucket
    dhcp_options: DhcpOptions | None
    more_machine_networks: Sequence[IPv4Network]
    subnet_roles: Mapping[str, frozenset[str]]


def _shapes(mapping: Mapping[str, Node], checker: Checker) -> _Shapes:
    return _Shapes(
        zones_of(mapping.get("zones"), checker),
        bootstrap_of(mapping.get("bootstrap"), checker),
        bucket_of(mapping.get("bucket"), checker),
        dhcp_options_of(mapping.get("dhcpOptions"), checker),
        further_machine_networks(mapping.get("machineNetwork"), checker),
        roles_of(mapping.get("subnets"), checker),
    )


def _section(node: Node, values: Mapping[str, Any], shapes: _Shapes, infra_id: str, region: str) -> OpenShift:
    """From values that are all of the right type."""
    secondary = _networks(values.get("secondaryNetworks", ()))
    values = {"publicZone": _public_zone(values.get("publish", "External"), region), **values}
    endpoints = values.get("endpoints", ())
    words = tuple(each["service"] for each in endpoints)
    egress, publish = values.get("egress", "nat"), values.get("publish", "External")
    bootstrap = shapes.bootstrap
    return OpenShift(
        cluster_name=values["clusterName"],
        base_domain=values["baseDomain"],
        version=values.get("version", "4.12"),
        infra_id=infra_id,
        publish=publish,
        credentials_mode=values.get("credentialsMode", ""),
        machine_network=IPv4Network(values.get("machineNetwork", "10.0.0.0/16")),
        more_machine_networks=tuple(block for block in shapes.more_machine_networks if block not in secondary),
        cluster_network=_networks(values.get("clusterNetwork", ("10.128.0.0/14",))),
        service_network=_networks(values.get("serviceNetwork", ("172.30.0.0/16",))),
        zones=shapes.zones,
        subnet_bits=values.get("subnetBits", 12),
        subnet_cidrs=_subnet_cidrs(values["subnetCIDRs"]) if "subnetCIDRs" in values else None,
        vpc_id=values.get("vpcID", ""),
        subnets=tuple(values.get("subnets", ())),
        subnet_roles=shapes.subnet_roles,
        route_tables=tuple(values.get("routeTables", ())),
        egress=egress,
        elastic_ips=tuple(values.get("elasticIPs", ())),
        public_ipv4_pool=values.get("publicIpv4Pool", ""),
        network_acl=values.get("networkAcl", "vpc-default"),
        endpoints=words if "endpoints" in values else _ENDPOINTS_WITHOUT_EGRESS if egress == "none" else _ENDPOINTS,
        endpoint_settings=endpoint_settings(endpoints),
        transit=[_transit(way) for way in values.get("transit", ())],
        dhcp_options=shapes.dhcp_options,
        secondary_networks=secondary,
        proxy=cluster_proxy(values.get("proxy")),
        mirrors=mirror_registries(values.get("imageDigestSources", ())),
        public_zone=values["publicZone"],
        hosted_zone=values.get("hostedZone", "create"),
        hosted_zone_role=values.get("hostedZoneRole", ""),
        record_type=values.get("recordType", "auto"),
        etcd_records=values.get("etcdRecords", False),
        apps_record=values.get("appsRecord", "none" if _may_write_dns(values, region) else AUTO),
        load_balancers=values.get("loadBalancers", "network"),
        deletion_protection=values.get("deletionProtection"),
        control_plane_addresses=tuple((values.get("controlPlane") or {}).get("addresses", ())),
        control_plane_auto=is_auto((node.mapping() or {}).get("controlPlane"), "addresses"),
        bootstrap=bootstrap.wanted,
        bootstrap_from=bootstrap.allowed_from,
        bootstrap_address=bootstrap.address,
        bootstrap_auto=bootstrap.auto,
        bootstrap_ignition=bootstrap.ignition,
        metadata=values.get("metadata", ""),
        iam=_iam(values.get("iam", {})),
        bucket=shapes.bucket,
        positions={f"openshift.{key}": place for key, place in node.keys.items()},
    )


def _may_write_dns(values: Mapping[str, Any], region: str) -> bool:
    """Whether the cluster may make its router's record itself, as far as a section's values tell. It can't in an
    isolated partition, where it has no zone (the DNS is its owner's own), and where nothing leads its machines to
    Route 53: no egress, no endpoint, no other network that the plan knows of. What its operators' credentials allow no
    plan tells."""
    has_zone = values.get("hostedZone", "create") != "none" or values["publicZone"] != "none"
    if partition_of(region).isolated or not has_zone:
        return False
    own = not values.get("vpcID") and not values.get("subnets")
    led = any(_leads_to_route53(each["service"]) for each in values.get("endpoints", ()))
    return not (own and values.get("egress") == "none" and not values.get("transit") and not led)


def _leads_to_route53(endpoint: str) -> bool:
    return endpoint.rpartition(".")[2] == "route53"


def _public_zone(publish: str, region: str) -> str:
    """Where there are no public zones, the record of an external API goes into another DNS."""
    return "auto" if publish == "External" and partition_of(region).public_zones else "none"


def _subnet_cidrs(values: Mapping[str, Any]) -> SubnetCIDRs:
    return SubnetCIDRs(_networks(values.get("public") or ()), _networks(values.get("private") or ()))


def _networks(blocks: Sequence[str]) -> tuple[IPv4Network, ...]:
    return tuple(IPv4Network(block) for block in blocks)


def _transit(way: Mapping[str, Any]) -> Transit:
    return Transit(
        cidrs=_networks(way.get("cidrs", ())),
        transit_gateway_id=way.get("transitGatewayID", ""),
        peering_connection_id=way.get("peeringConnectionID", ""),
    )


def _iam(values: Mapping[str, Any]) -> Iam:
    profiles = values.get("instanceProfiles") or {}
    return Iam(
        policies=values.get("policies", "scoped"),
        path=values.get("path", "/"),
        permissions_boundary=values.get("permissionsBoundary", ""),
        instance_profiles=InstanceProfiles(
            profiles.get("master", ""), profiles.get("worker", ""), profiles.get("bootstrap", "")
        ),
    )


def _place(node: Node, path: str) -> Position:
    """The place of a path below the section, or of the nearest thing above it that the plan has."""
    found = node
    for part in re.findall(r"[^.\[\]]+", path):
        mapping, items = found.mapping(), found.items()
        if mapping is not None and part in mapping:
            found = mapping[part]
        elif items is not None and part.isdigit() and int(part) < len(items):
            found = items[int(part)]
        else:
            break
    return found.position
