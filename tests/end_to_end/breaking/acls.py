"""Network ACLs: each entry taken away, narrowed and denied beforehand; each association given to another ACL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.end_to_end.breaking.cases import Breakage, Make, call
from tests.end_to_end.breaking.site import Site, Thing

_BEFORE = 10
"""The number of somebody's entry: before all of the plan's."""


def breakages(site: Site) -> Iterator[Breakage]:
    """Of each ACL of the plan's."""
    for thing in site.of("AWS::EC2::NetworkAclEntry"):
        yield from _of_entry(site, thing)
    for thing in site.of("AWS::EC2::SubnetNetworkAclAssociation"):
        subnet = site.id(thing.logical_id.replace("NetworkAclAssociation", ""))
        named = (thing.logical_id, thing.id, subnet)
        yield Breakage(f"{thing.logical_id} with a closed ACL", "NET-ACL", named, _closed(thing.id))


def entry_of(site: Site, thing: Thing) -> Mapping[str, Any]:
    """As ReplaceNetworkAclEntry takes it."""
    acl, way, number = thing.id.split("|")
    found = site.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]
    entry = next(each for each in found if each["Egress"] == (way == "out") and each["RuleNumber"] == int(number))
    return {"NetworkAclId": acl, **entry}


def _of_entry(site: Site, thing: Thing) -> Iterator[Breakage]:
    entry = entry_of(site, thing)
    acl = entry["NetworkAclId"]
    where = {name: entry[name] for name in ("NetworkAclId", "RuleNumber", "Egress")}
    named = (thing.logical_id, acl)
    deleted = call("ec2", "delete_network_acl_entry", **where)
    yield Breakage(f"delete {thing.logical_id}", "NET-ACL", named, deleted)
    changes: dict[str, Mapping[str, Any]] = {
        "for fewer addresses": {"CidrBlock": "10.0.0.0/18"},
        "as a denial": {"RuleAction": "deny"},
    }
    if ports := entry.get("PortRange"):
        changes["for fewer ports"] = {"PortRange": _fewer(ports)}
    for what, members in changes.items():
        replaced = call("ec2", "replace_network_acl_entry", **{**entry, **members})
        yield Breakage(f"{thing.logical_id} {what}", "NET-ACL", named, replaced)
    denial = {**entry, "RuleNumber": _BEFORE, "RuleAction": "deny"}
    denied = call("ec2", "create_network_acl_entry", **denial)
    yield Breakage(f"denied before {thing.logical_id}", "NET-ACL", (acl,), denied)


def _fewer(ports: Mapping[str, int]) -> Mapping[str, int]:
    first, last = ports["From"], ports["To"]
    return {"From": first, "To": last - 1} if last > first else {"From": first + 1, "To": last + 1}


def _closed(association: str) -> Make:
    """An ACL that somebody has just made denies all."""

    def closed(site: Site) -> None:
        acl = site.ec2.create_network_acl(VpcId=site.vpc)["NetworkAcl"]["NetworkAclId"]
        site.ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)

    return closed
