"""AWS::EC2::SubnetNetworkAclAssociation."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, ids_in, known_key
from ocpprov.kinds.ec2.network_acl import network_acl_reads, network_acls
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


_DEFAULT: Final = "DefaultNetworkAclId"
"""Attribute of a live association: the ACL that its subnet has without it."""


class SubnetNetworkAclAssociation(Ec2Kind):
    """The link between a subnet and its ACL, ours when both are, or the plan had it. Every subnet has one at any time:
    the VPC's default ACL where nothing else is said, so that making one replaces another, and deleting it goes back."""

    type = "AWS::EC2::SubnetNetworkAclAssociation"
    noun = "network ACL association"
    tells = ("SubnetId",)
    properties = (
        Property("SubnetId", "string", required=True, create_only=True, documentation="The subnet, which has one ACL."),
        Property("NetworkAclId", "string", required=True, documentation="The ACL of the subnet."),
    )
    attributes = ("AssociationId",)
    permissions = Permissions(
        read=("ec2:DescribeNetworkAcls",),
        create=("ec2:ReplaceNetworkAclAssociation", "ec2:DescribeNetworkAcls"),
        update=("ec2:ReplaceNetworkAclAssociation",),
        delete=("ec2:ReplaceNetworkAclAssociation",),
    )
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "SubnetId"
    # DeleteNetworkAcl wants no subnet associated, DeleteSubnet has no such condition (API reference).
    ends_with = "SubnetId"

    def reads(self, found: Found) -> Sequence[Read]:
        return network_acl_reads(found)

    def parse(self, pages: Pages) -> Sequence[Live]:
        """Those with other ACLs than the VPC's default one, which counts as none."""
        acls = network_acls(pages)
        defaults = {acl["VpcId"]: acl["NetworkAclId"] for acl in acls if acl.get("IsDefault")}
        return [
            _live(acl["NetworkAclId"], association, defaults.get(acl["VpcId"], ""))
            for acl in acls
            if not acl.get("IsDefault")
            for association in acl.get("Associations", ())
        ]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        return self.create_many(clients, [request])[0]

    def create_many(self, clients: Clients, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        """One look at which ACL each subnet has, then a call for each that has another one."""
        present = _present(clients, [request.properties["SubnetId"] for request in requests])
        return [_replaced(clients, present[request.properties["SubnetId"]], request) for request in requests]

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        acl = properties.get("NetworkAclId")
        return acl if isinstance(acl, Hashable) and acl else None

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.replace_network_acl_association(AssociationId=live.id, NetworkAclId=str(live.attributes[_DEFAULT]))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        # The association has another id afterwards.
        present = _present(clients, [desired["SubnetId"]])[desired["SubnetId"]]
        if present["NetworkAclId"] != desired["NetworkAclId"]:
            clients.ec2.replace_network_acl_association(
                AssociationId=present["NetworkAclAssociationId"], NetworkAclId=desired["NetworkAclId"]
            )

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "SubnetId")

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "SubnetId", "NetworkAclId")

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        acl = properties.get("NetworkAclId")
        return f"acl {acl}" if isinstance(acl, str) else None


def _present(clients: Clients, subnet_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """The association that each of the subnets has now. Raises LookupError where none is to be seen (yet)."""
    filters: Any = [{"Name": "association.subnet-id", "Values": list(subnet_ids)}]
    found: dict[str, Mapping[str, Any]] = {}
    for page in clients.ec2.get_paginator("describe_network_acls").paginate(Filters=filters):
        for acl in page["NetworkAcls"]:
            for association in acl["Associations"]:
                found[association["SubnetId"]] = {"NetworkAclId": acl["NetworkAclId"], **association}
    if missing := [id for id in subnet_ids if id not in found]:
        raise LookupError(f"{', '.join(missing)} has no network ACL")
    return found


def _replaced(clients: Clients, present: Mapping[str, Any], request: CreateRequest) -> Created:
    wanted = request.properties["NetworkAclId"]
    if present["NetworkAclId"] == wanted:
        return _created(present["NetworkAclAssociationId"])
    answer = clients.ec2.replace_network_acl_association(
        AssociationId=present["NetworkAclAssociationId"], NetworkAclId=wanted
    )
    return _created(answer["NewAssociationId"])


def _created(association_id: str) -> Created:
    return Created(association_id, {"AssociationId": association_id})


def _live(acl: str, association: Mapping[str, Any], default_acl: str) -> Live:
    return Live(
        type=SubnetNetworkAclAssociation.type,
        id=association["NetworkAclAssociationId"],
        properties={"SubnetId": association["SubnetId"], "NetworkAclId": acl},
        attributes={"AssociationId": association["NetworkAclAssociationId"], _DEFAULT: default_acl},
    )
