"""How AWS behaves, habit by habit, nothing taking time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.world import REGION, World, refused


def test_a_deleted_nat_gateway_lets_go_of_its_address_and_interface(world: World) -> None:
    subnet = world.subnet(world.vpc())
    address = world.address()
    gateway = world.nat(subnet, address)
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert world.nat_state(gateway) == "deleted"
    assert world.ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    assert "AssociationId" not in world.ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    again = world.nat(subnet, address)
    assert world.nat_state(again) == "available"


def test_deleting_a_gateway_twice_does_not_take_the_address_of_the_next(world: World) -> None:
    subnet, address = world.subnet(world.vpc()), world.address()
    gateway = world.nat(subnet, address)
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    again = world.nat(subnet, address)
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert world.nat_state(again) == "available"
    with refused("AuthFailure"):
        world.ec2.release_address(AllocationId=address)


def test_a_route_to_a_deleted_nat_gateway_is_a_black_hole(world: World) -> None:
    vpc = world.vpc()
    subnet, table = world.subnet(vpc), world.table(vpc)
    gone, live = world.nat(subnet, world.address()), world.nat(subnet, world.address())
    world.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gone)
    world.ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", NatGatewayId=live)
    world.ec2.delete_nat_gateway(NatGatewayId=gone)
    states = {route["DestinationCidrBlock"]: route["State"] for route in world.routes(table)}
    assert states == {"10.0.0.0/16": "active", "0.0.0.0/0": "blackhole", "192.0.2.0/24": "active"}


def test_an_unknown_nat_gateway_is_not_found(world: World) -> None:
    with refused("NatGatewayNotFound"):
        world.ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")
    with refused("NatGatewayNotFound"):
        world.ec2.describe_nat_gateways(NatGatewayIds=["nat-0123456789abcdef0"])


def test_a_gateway_whose_address_is_taken_leaves_nothing_behind(world: World) -> None:
    subnet, address = world.subnet(world.vpc()), world.address()
    world.nat(subnet, address)
    with refused("Resource.AlreadyAssociated"):
        world.nat(subnet, address)
    assert len(world.ec2.describe_network_interfaces()["NetworkInterfaces"]) == 1


def test_nat_gateways_are_found_by_tags(world: World) -> None:
    subnet = world.subnet(world.vpc())
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "plan", "Value": "one"}]}]
    tagged = world.nat(subnet, world.address(), TagSpecifications=tags)
    world.nat(subnet, world.address())

    def found(*filters: dict[str, Any]) -> list[str]:
        answer = world.ec2.describe_nat_gateways(Filters=list(filters))
        return [gateway["NatGatewayId"] for gateway in answer["NatGateways"]]

    by_tag = {"Name": "tag:plan", "Values": ["one", "two"]}
    assert found(by_tag) == [tagged]
    assert found({"Name": "tag-key", "Values": ["plan"]}) == [tagged]
    assert found({"Name": "tag:plan", "Values": ["two"]}) == []
    assert found({"Name": "state", "Values": ["available"]}, by_tag) == [tagged]
    assert found(by_tag, {"Name": "state", "Values": ["deleted"]}) == []


def test_the_routes_of_an_endpoint_follow_its_tables(world: World) -> None:
    vpc = world.vpc()
    first, second = world.table(vpc), world.table(vpc)
    endpoint = world.endpoint(vpc, first)
    assert (world.endpoints_in(first), world.endpoints_in(second)) == ([endpoint], [])
    world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second], RemoveRouteTableIds=[first])
    assert (world.endpoints_in(first), world.endpoints_in(second)) == ([], [endpoint])
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert world.endpoints_in(second) == []
    assert world.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_an_endpoint_outlives_one_of_its_tables(world: World) -> None:
    vpc = world.vpc()
    first, second = world.table(vpc), world.table(vpc)
    endpoint = world.endpoint(vpc, first, second)
    world.ec2.delete_route_table(RouteTableId=first)
    (found,) = world.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    assert found["RouteTableIds"] == [second]
    assert world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])["Unsuccessful"] == []


def test_a_table_has_one_endpoint_to_a_service(world: World) -> None:
    vpc = world.vpc()
    table = world.table(vpc)
    world.endpoint(vpc, table)
    with refused("RouteAlreadyExists"):
        world.endpoint(vpc, table)


def test_nothing_is_left_of_a_deleted_network(world: World) -> None:
    def acls() -> set[str]:
        return {acl["NetworkAclId"] for acl in world.ec2.describe_network_acls()["NetworkAcls"]}

    before = acls()
    vpc = world.vpc()
    subnet, group, address = world.subnet(vpc), world.group(vpc, "one"), world.address()
    gateway = world.nat(subnet, address)
    world.ec2.create_tags(Resources=[vpc, subnet, group, address, gateway], Tags=[{"Key": "plan", "Value": "one"}])
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    world.ec2.release_address(AllocationId=address)
    world.ec2.delete_security_group(GroupId=group)
    world.ec2.delete_subnet(SubnetId=subnet)
    [attached] = world.ec2.describe_internet_gateways()["InternetGateways"]
    world.ec2.detach_internet_gateway(InternetGatewayId=attached["InternetGatewayId"], VpcId=vpc)
    world.ec2.delete_vpc(VpcId=vpc)
    assert acls() == before
    assert world.ec2.describe_tags()["Tags"] == []


def test_an_acl_keeps_its_tags_when_an_entry_goes(world: World) -> None:
    tags = [{"Key": "plan", "Value": "one"}]
    specification = [{"ResourceType": "network-acl", "Tags": tags}]
    created = world.ec2.create_network_acl(VpcId=world.vpc(), TagSpecifications=specification)
    acl = created["NetworkAcl"]["NetworkAclId"]
    entry = {"NetworkAclId": acl, "RuleNumber": 100, "Egress": False}
    world.ec2.create_network_acl_entry(**entry, Protocol="-1", RuleAction="allow", CidrBlock="0.0.0.0/0")
    world.ec2.delete_network_acl_entry(**entry)
    assert world.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Tags"] == tags


def test_a_subnet_goes_with_its_association(world: World) -> None:
    vpc = world.vpc()
    subnet, table = world.subnet(vpc), world.table(vpc)
    world.ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)
    world.ec2.delete_subnet(SubnetId=subnet)
    world.ec2.delete_route_table(RouteTableId=table)


def test_a_subnet_with_a_gateway_or_an_interface_stays(world: World) -> None:
    vpc = world.vpc()
    with_gateway, with_interface = world.subnet(vpc, 0), world.subnet(vpc, 1)
    world.nat(with_gateway, world.address())
    world.ec2.create_network_interface(SubnetId=with_interface)
    for subnet in (with_gateway, with_interface):
        with refused("DependencyViolation"):
            world.ec2.delete_subnet(SubnetId=subnet)


def test_a_group_that_a_rule_names_stays(world: World) -> None:
    vpc = world.vpc()
    named, naming = world.group(vpc, "named"), world.group(vpc, "naming")
    rules = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": named}]}]
    world.ec2.authorize_security_group_ingress(GroupId=naming, IpPermissions=rules)
    world.ec2.authorize_security_group_ingress(GroupId=named, IpPermissions=rules)
    with refused("DependencyViolation"):
        world.ec2.delete_security_group(GroupId=named)
    world.ec2.revoke_security_group_ingress(GroupId=naming, IpPermissions=rules)
    world.ec2.delete_security_group(GroupId=named)


def test_the_default_group_stays(world: World) -> None:
    vpc = world.vpc()
    (group,) = world.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    with refused("CannotDelete"):
        world.ec2.delete_security_group(GroupId=group["GroupId"])


def test_a_main_table_stays(world: World) -> None:
    vpc = world.vpc()
    (table,) = world.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    with refused("DependencyViolation"):
        world.ec2.delete_route_table(RouteTableId=table["RouteTableId"])


def test_an_address_that_a_gateway_holds_stays(world: World) -> None:
    address = world.address()
    world.nat(world.subnet(world.vpc()), address)
    with refused("AuthFailure"):
        world.ec2.release_address(AllocationId=address)


def test_an_internet_gateway_stays_while_nat_gateways_live(world: World) -> None:
    vpc = world.vpc()
    internet = world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    world.ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    gateway = world.nat(world.subnet(vpc), world.address())
    with refused("DependencyViolation"):
        world.ec2.detach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    world.ec2.detach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)


def test_a_network_stays_while_something_is_in_it(world: World) -> None:
    vpc = world.vpc()
    internet = world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    world.ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    with refused("DependencyViolation"):
        world.ec2.delete_vpc(VpcId=vpc)
    world.ec2.detach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    group = world.group(vpc, "one")
    with refused("DependencyViolation"):
        world.ec2.delete_vpc(VpcId=vpc)
    world.ec2.delete_security_group(GroupId=group)
    world.ec2.delete_vpc(VpcId=vpc)


def test_a_subnet_has_one_route_table(world: World) -> None:
    vpc = world.vpc()
    subnet, first, second = world.subnet(vpc), world.table(vpc), world.table(vpc)
    association = world.ec2.associate_route_table(SubnetId=subnet, RouteTableId=first)["AssociationId"]
    assert world.ec2.associate_route_table(SubnetId=subnet, RouteTableId=first)["AssociationId"] == association
    with refused("Resource.AlreadyAssociated"):
        world.ec2.associate_route_table(SubnetId=subnet, RouteTableId=second)


def test_a_token_makes_one_nat_gateway(world: World) -> None:
    subnet, address = world.subnet(world.vpc()), world.address()
    gateways = {world.nat(subnet, address, ClientToken="t") for _ in range(2)}
    assert len(gateways) == len(world.ec2.describe_nat_gateways()["NatGateways"]) == 1
    with refused("IdempotentParameterMismatch"):
        world.nat(subnet, world.address(), ClientToken="t")


def test_a_token_makes_one_route_table_and_one_endpoint(world: World) -> None:
    vpc = world.vpc()
    table = world.table(vpc)
    tables = [world.ec2.create_route_table(VpcId=vpc, ClientToken="t")["RouteTable"] for _ in range(2)]
    assert tables[0] == tables[1]
    wanted = {"VpcId": vpc, "ServiceName": f"com.amazonaws.{REGION}.s3", "RouteTableIds": [table], "ClientToken": "t"}
    endpoints = [world.ec2.create_vpc_endpoint(**wanted)["VpcEndpoint"]["VpcEndpointId"] for _ in range(2)]
    assert endpoints[0] == endpoints[1]


@pytest.mark.parametrize("protocol", ["50", "icmp"])
def test_a_rule_without_ports_is_for_all_of_them(world: World, protocol: str) -> None:
    group = world.group(world.vpc(), "one")
    rules = [{"IpProtocol": protocol, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    found = world.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    (rule,) = [each for each in found["SecurityGroupRules"] if not each["IsEgress"]]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == (protocol, -1, -1)
    rules[0]["IpRanges"] = [{"CidrIp": "10.0.0.0/16", "Description": "changed"}]
    world.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=rules)
    (found,) = world.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["IpPermissions"][0]["IpRanges"][0]["Description"] == "changed"
    world.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rules)


def test_the_tags_of_a_rule_go_with_it(world: World) -> None:
    group = world.group(world.vpc(), "one")

    def tagged() -> int:
        tags = world.ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["security-group-rule"]}])["Tags"]
        return len(tags)

    def permission(port: int) -> list[dict[str, Any]]:
        ranges = [{"CidrIp": "10.0.0.0/16"}]
        return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges}]

    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "plan", "Value": "one"}]}]
    for port in (22, 443):
        world.ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=permission(port), TagSpecifications=tags
        )
    assert tagged() == 2
    world.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=permission(22))
    assert tagged() == 1
    world.ec2.delete_security_group(GroupId=group)
    assert tagged() == 0


def test_a_tcp_rule_needs_ports(world: World) -> None:
    rules = [{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
    group = world.group(world.vpc(), "one")
    with refused("InvalidParameterValue"):
        world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)


def test_a_dry_run_changes_nothing(world: World) -> None:
    subnet, address = world.subnet(world.vpc()), world.address()
    with refused("DryRunOperation", 412):
        world.nat(subnet, address, DryRun=True)
    assert world.ec2.describe_nat_gateways()["NatGateways"] == []


def test_a_zone_takes_ten_tags(world: World) -> None:
    zone = world.zone("once", world.vpc())

    def tag(*numbers: int, remove: tuple[str, ...] = ()) -> None:
        added = {"AddTags": [{"Key": f"key{number}", "Value": "x"} for number in numbers]} if numbers else {}
        removed = {"RemoveTagKeys": list(remove)} if remove else {}
        world.route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, **added, **removed)

    tag(*range(10))
    tag(3)
    with refused("InvalidInput"):
        tag(10)
    tag(remove=("key0",))
    tag(10)
    found = world.route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)
    assert len(found["ResourceTagSet"]["Tags"]) == 10


def test_a_caller_reference_serves_once_and_never_again(world: World) -> None:
    vpc = world.vpc()
    zone = world.zone("once", vpc)
    with refused("HostedZoneAlreadyExists", 409):
        world.zone("once", vpc)
    world.route53.delete_hosted_zone(Id=zone)
    with refused("HostedZoneAlreadyExists", 409):
        world.zone("once", vpc)


def test_a_zones_own_records_begin_with_its_first_name_server(world: World) -> None:
    made = world.route53.create_hosted_zone(Name="example-corp.net", CallerReference="apex")
    listed = world.route53.list_resource_record_sets(HostedZoneId=made["HostedZone"]["Id"])["ResourceRecordSets"]
    values = {each["Type"]: [row["Value"] for row in each["ResourceRecords"]] for each in listed}
    assert values["NS"] == made["DelegationSet"]["NameServers"]
    [start] = values["SOA"]
    assert start.startswith(f"{values['NS'][0]}. ")


def test_a_zone_that_nobody_signs_has_a_list_of_keys_with_nothing_in_it(world: World) -> None:
    zone = world.route53.create_hosted_zone(Name="example-corp.net", CallerReference="unsigned")["HostedZone"]["Id"]
    answer = world.route53.get_dnssec(HostedZoneId=zone)
    assert (answer["Status"], answer["KeySigningKeys"]) == ({"ServeSignature": "NOT_SIGNING"}, [])


def test_a_network_has_one_private_zone_of_a_name(world: World) -> None:
    vpc, other = world.vpc(), world.vpc()
    world.zone("first", vpc)
    with refused("ConflictingDomainExists"):
        world.zone("second", vpc)
    elsewhere = world.zone("third", other)
    with refused("ConflictingDomainExists"):
        world.route53.associate_vpc_with_hosted_zone(HostedZoneId=elsewhere, VPC={"VPCRegion": REGION, "VPCId": vpc})


def test_many_at_once_are_served(world: World) -> None:
    vpc = world.vpc()
    with ThreadPoolExecutor(8) as pool:
        subnets = set(pool.map(lambda number: world.subnet(vpc, number), range(32)))
    assert len(subnets) == 32


def _record(world: World, zone: str, action: str, name: str, address: str) -> None:
    record = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}
    changes = [{"Action": action, "ResourceRecordSet": record}]
    world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def test_a_record_is_created_once_and_again_after_it_was_deleted(world: World) -> None:
    zone = world.route53.create_hosted_zone(Name="example-corp.net", CallerReference="records")["HostedZone"]["Id"]
    _record(world, zone, "CREATE", "a.example-corp.net", "192.0.2.1")
    _record(world, zone, "CREATE", "b.example-corp.net", "192.0.2.1")
    with refused("InvalidChangeBatch"):
        _record(world, zone, "CREATE", "a.example-corp.net.", "192.0.2.2")
    _record(world, zone, "DELETE", "a.example-corp.net.", "192.0.2.1")
    _record(world, zone, "CREATE", "a.example-corp.net", "192.0.2.1")
    records = world.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [record["Name"] for record in records if record["Type"] == "A"] == [
        "a.example-corp.net.",
        "b.example-corp.net.",
    ]


def test_a_record_that_is_not_there_cannot_be_deleted(world: World) -> None:
    """Documented: Route 53's API reference, InvalidChangeBatch; the words are those that were seen."""
    zone = world.zone("once", world.vpc())
    record = {"Name": "a.cluster.example.com", "Type": "TXT", "TTL": 5, "ResourceRecords": [{"Value": '"x"'}]}

    def change(*actions: str) -> None:
        changes = [{"Action": action, "ResourceRecordSet": record} for action in actions]
        world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

    with pytest.raises(ClientError, match=r"Tried to delete .*name='a.cluster.example.com.'.* but it was not found"):
        change("DELETE")
    change("CREATE")
    change("DELETE")


def test_an_acls_association_that_is_not_there_cannot_be_replaced(world: World) -> None:
    """Documented: EC2's list of error codes."""
    acl = world.ec2.create_network_acl(VpcId=world.vpc())["NetworkAcl"]["NetworkAclId"]
    with refused("InvalidAssociationID.NotFound"):
        world.ec2.replace_network_acl_association(AssociationId="aclassoc-0123", NetworkAclId=acl)


def test_what_is_named_by_its_id_and_is_not_there_is_an_error(world: World) -> None:
    with refused("InvalidTransitGatewayAttachmentID.NotFound"):
        world.ec2.describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=["tgw-attach-0123456789abcdef0"])
    with refused("InvalidVpcPeeringConnectionID.NotFound"):
        world.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=["pcx-0123456789abcdef0"])
    filters = [{"Name": "vpc-peering-connection-id", "Values": ["pcx-0123456789abcdef0"]}]
    assert world.ec2.describe_vpc_peering_connections(Filters=filters)["VpcPeeringConnections"] == []
