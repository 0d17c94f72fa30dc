"""Networks that are right in another way than the plan's: `plan` has something to do, and no cluster lacks anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tests.end_to_end.breaking.cases import Harmless, Make
from tests.end_to_end.breaking.rules import new_group
from tests.end_to_end.breaking.site import Site

_INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
_MACHINES: Final = ("MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup")
_VPC: Final = "10.0.0.0/16"


def otherwise(site: Site) -> Iterator[Harmless]:
    """As far as the plan has what is done otherwise."""
    yield from _groups(site)
    yield from _egress()
    if site.has("NAT2"):
        yield from _ways()
    if site.has("PublicNetworkAcl"):
        yield from _acls()
    if site.has("EndpointSecurityGroup"):
        yield from _endpoints()


def _revoke(site: Site, group: str, ids: Iterable[str]) -> None:
    site.ec2.revoke_security_group_ingress(GroupId=site.id(group), SecurityGroupRuleIds=list(ids))


def _admit(site: Site, group: str, *permissions: Mapping[str, Any]) -> None:
    site.ec2.authorize_security_group_ingress(GroupId=site.id(group), IpPermissions=list(permissions))


def _rules_of(site: Site, group: str) -> list[Mapping[str, Any]]:
    filters = [{"Name": "group-id", "Values": [site.id(group)]}]
    found: list[Mapping[str, Any]] = site.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return [rule for rule in found if not rule["IsEgress"]]


def _instead(logical_id: str, group: str, *permissions: Mapping[str, Any]) -> Make:
    """Other rules in the place of one."""

    def put(site: Site) -> None:
        _revoke(site, group, [site.id(logical_id)])
        _admit(site, group, *permissions)

    return put


def _from(protocol: str, first: int, last: int, *blocks: str) -> dict[str, Any]:
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    return {"IpProtocol": protocol, **ports, "IpRanges": [{"CidrIp": block} for block in blocks]}


def _groups(site: Site) -> Iterator[Harmless]:
    ssh = f"MasterSecurityGroup/ingress tcp 22 {_VPC}"
    yield Harmless("one rule for all in the place of all", _all_from_the_vpc)
    yield Harmless("one rule for each group in the place of twenty", _all_by_groups)
    yield Harmless("a prefix list in the place of a block", _prefix_list(ssh))
    halves = _from("tcp", 22, 22, "10.0.0.0/17", "10.0.128.0/17")
    yield Harmless("two halves of the block", _instead(ssh, "MasterSecurityGroup", halves))
    yield Harmless("a wider block", _instead(ssh, "MasterSecurityGroup", _from("tcp", 22, 22, "10.0.0.0/8")))
    parts = (_from("tcp", 9000, 9499, _VPC), _from("tcp", 9500, 9999, _VPC))
    yield Harmless("two ranges of ports", _instead("MasterIngressInternal", "MasterSecurityGroup", *parts))
    yield Harmless(
        "a wider range of ports",
        _instead("WorkerIngressIngressServices", "WorkerSecurityGroup", _from("tcp", 1024, 65535, _VPC)),
    )
    subnets = [site.ec2.describe_subnets(SubnetIds=[each.id])["Subnets"][0] for each in site.of("AWS::EC2::Subnet")]
    private = [each["CidrBlock"] for each in subnets if not each["MapPublicIpOnLaunch"]]
    yield Harmless(
        "the machines' subnets in the place of their group",
        _instead("MasterIngressWorkerKube", "MasterSecurityGroup", _from("tcp", 10250, 10259, *private)),
    )
    yield Harmless(
        "all protocols in the place of one",
        _instead("MasterIngressVxlan", "MasterSecurityGroup", _from("-1", 0, 0, _VPC)),
    )


def _all_from_the_vpc(site: Site) -> None:
    for group in _MACHINES:
        _revoke(site, group, [rule["SecurityGroupRuleId"] for rule in _rules_of(site, group)])
        _admit(site, group, _from("-1", 0, 0, _VPC))


def _all_by_groups(site: Site) -> None:
    own = [site.id("MasterSecurityGroup"), site.id("WorkerSecurityGroup")]
    for group in ("MasterSecurityGroup", "WorkerSecurityGroup"):
        by_group = [rule for rule in _rules_of(site, group) if rule.get("ReferencedGroupInfo")]
        _revoke(site, group, [rule["SecurityGroupRuleId"] for rule in by_group])
        _admit(site, group, {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": each} for each in own]})


def _prefix_list(logical_id: str) -> Make:
    def put(site: Site) -> None:
        made = site.ec2.create_managed_prefix_list(
            PrefixListName="theirs", MaxEntries=3, AddressFamily="IPv4", Entries=[{"Cidr": _VPC}]
        )["PrefixList"]
        _revoke(site, "MasterSecurityGroup", [site.id(logical_id)])
        listed = [{"PrefixListId": made["PrefixListId"]}]
        permission = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": listed}
        _admit(site, "MasterSecurityGroup", permission)

    return put


def _egress() -> Iterator[Harmless]:
    for group in ("MasterSecurityGroup", "WorkerSecurityGroup"):
        yield Harmless(f"each protocol out of {group}", _by_protocol(group))


def _by_protocol(group: str) -> Make:
    def put(site: Site) -> None:
        id = site.id(group)
        anywhere = [{"CidrIp": "0.0.0.0/0"}]
        site.ec2.revoke_security_group_egress(GroupId=id, IpPermissions=[{"IpProtocol": "-1", "IpRanges": anywhere}])
        every = [
            *({"IpProtocol": each, "FromPort": 0, "ToPort": 65535, "IpRanges": anywhere} for each in ("tcp", "udp")),
            *({"IpProtocol": each, "FromPort": -1, "ToPort": -1, "IpRanges": anywhere} for each in ("icmp", "50")),
        ]
        site.ec2.authorize_security_group_egress(GroupId=id, IpPermissions=every)

    return put


def _ways() -> Iterator[Harmless]:
    yield Harmless("one NAT gateway for all zones", _shared_nat)
    yield Harmless("one table for all private subnets", _shared_table)
    yield Harmless("two halves of the default route", _half_routes)
    yield Harmless("the main table in the place of an association", _main_table)
    yield Harmless("the main table for all public subnets", _public_main_table)


def _shared_nat(site: Site) -> None:
    for table in ("PrivateRouteTable2", "PrivateRouteTable3"):
        where = {"RouteTableId": site.id(table), "DestinationCidrBlock": "0.0.0.0/0"}
        site.ec2.replace_route(**where, NatGatewayId=site.id("NAT"))


def _shared_table(site: Site) -> None:
    for association in ("PrivateSubnetRouteTableAssociation2", "PrivateSubnetRouteTableAssociation3"):
        site.ec2.replace_route_table_association(
            AssociationId=site.id(association), RouteTableId=site.id("PrivateRouteTable")
        )


def _half_routes(site: Site) -> None:
    table = site.id("PrivateRouteTable")
    site.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    for half in ("0.0.0.0/1", "128.0.0.0/1"):
        site.ec2.create_route(RouteTableId=table, DestinationCidrBlock=half, NatGatewayId=site.id("NAT"))


def _main(site: Site) -> str:
    """The VPC's main table, which has no more than the VPC's own routes yet."""
    tables = site.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [site.vpc]}])["RouteTables"]
    [main] = [table for table in tables if any(each["Main"] for each in table["Associations"])]
    return str(main["RouteTableId"])


def _main_table(site: Site) -> None:
    table = _main(site)
    site.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=site.id("NAT"))
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.id("S3Endpoint"), AddRouteTableIds=[table])
    site.ec2.disassociate_route_table(AssociationId=site.id("PrivateSubnetRouteTableAssociation"))


def _public_main_table(site: Site) -> None:
    table = _main(site)
    site.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=site.id("InternetGateway"))
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.id("S3Endpoint"), AddRouteTableIds=[table])
    for number in ("", "2", "3"):
        site.ec2.disassociate_route_table(AssociationId=site.id(f"PublicSubnetRouteTableAssociation{number}"))


def _acls() -> Iterator[Harmless]:
    yield Harmless("the VPC's own ACL in the place of the plan's", _default_acl)
    yield Harmless("an ACL of theirs that allows all", _their_acl)
    yield Harmless("one entry for all in the place of all", _one_entry)
    yield Harmless("entries for TCP merged", _merged_entries)
    yield Harmless("an entry with another number", _renumbered)


def _to_acl(site: Site, acl: str) -> None:
    for number in ("", "2", "3"):
        site.ec2.replace_network_acl_association(
            AssociationId=site.id(f"PublicSubnetNetworkAclAssociation{number}"), NetworkAclId=acl
        )


def _default_acl(site: Site) -> None:
    filters = [{"Name": "default", "Values": ["true"]}, {"Name": "vpc-id", "Values": [site.vpc]}]
    _to_acl(site, site.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["NetworkAclId"])


def _their_acl(site: Site) -> None:
    acl = site.ec2.create_network_acl(VpcId=site.vpc)["NetworkAcl"]["NetworkAclId"]
    _allow(site, acl, 100, "-1", {})
    _to_acl(site, acl)


def _allow(site: Site, acl: str, number: int, protocol: str, members: Mapping[str, Any]) -> None:
    """Both ways, for everybody."""
    for egress in (False, True):
        site.ec2.create_network_acl_entry(
            NetworkAclId=acl,
            RuleNumber=number,
            Protocol=protocol,
            RuleAction="allow",
            Egress=egress,
            CidrBlock="0.0.0.0/0",
            **members,
        )


def _delete_entries(site: Site, *names: str) -> None:
    for thing in site.of("AWS::EC2::NetworkAclEntry"):
        if thing.logical_id in names or not names:
            acl, way, number = thing.id.split("|")
            site.ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=int(number), Egress=way == "out")


def _one_entry(site: Site) -> None:
    _delete_entries(site)
    _allow(site, site.id("PublicNetworkAcl"), 50, "-1", {})


def _merged_entries(site: Site) -> None:
    names = [f"Inbound{each}PublicNetworkAclEntry" for each in ("HTTP", "HTTPS", "SSH", "Ephemeral")]
    _delete_entries(site, *names)
    _allow(site, site.id("PublicNetworkAcl"), 50, "6", {"PortRange": {"From": 0, "To": 65535}})


def _renumbered(site: Site) -> None:
    _delete_entries(site, "InboundHTTPSPublicNetworkAclEntry")
    _allow(site, site.id("PublicNetworkAcl"), 60, "6", {"PortRange": {"From": 443, "To": 443}})


def _endpoints() -> Iterator[Harmless]:
    rule = f"EndpointSecurityGroup/ingress tcp 443 {_VPC}"
    everybody = _from("tcp", 443, 443, "0.0.0.0/0")
    yield Harmless("everybody in front of the endpoints", _instead(rule, "EndpointSecurityGroup", everybody))
    yield Harmless("groups in the place of the block in front of the endpoints", _by_groups(rule))
    yield Harmless("a group of theirs in front of the endpoints", _their_group)
    yield Harmless("one table for all private subnets", _shared_table)


def _by_groups(rule: str) -> Make:
    def put(site: Site) -> None:
        pairs = [{"GroupId": site.id(each)} for each in _MACHINES]
        _instead(
            rule,
            "EndpointSecurityGroup",
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": pairs},
        )(site)

    return put


def _their_group(site: Site) -> None:
    own = site.id("EndpointSecurityGroup")
    theirs = new_group(site, own)
    site.ec2.authorize_security_group_ingress(GroupId=theirs, IpPermissions=[_from("tcp", 443, 443, _VPC)])
    for thing in site.of("AWS::EC2::VPCEndpoint"):
        if thing.logical_id != "S3Endpoint":
            site.ec2.modify_vpc_endpoint(
                VpcEndpointId=thing.id, AddSecurityGroupIds=[theirs], RemoveSecurityGroupIds=[own]
            )
