"""Network ACLs and endpoints are found by their ids in a filter, as AWS finds them."""

from __future__ import annotations

from tests.sandbox.world import World


def test_a_filter_by_id_lets_through_what_has_it_and_fits_the_others(world: World) -> None:
    vpc, other = world.vpc(), world.vpc()
    first, second = (world.ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"] for _ in range(2))

    def found(**filters: list[str]) -> list[str]:
        wanted = [{"Name": name.replace("_", "-"), "Values": values} for name, values in filters.items()]
        return [each["NetworkAclId"] for each in world.ec2.describe_network_acls(Filters=wanted)["NetworkAcls"]]

    assert found(network_acl_id=[second, "acl-0123456789abcdef0"]) == [second]
    assert found(vpc_id=[vpc], network_acl_id=[first, second]) == [first, second]
    assert found(vpc_id=[other], network_acl_id=[first]) == []
    assert len(found(vpc_id=[vpc])) == 3


def test_an_endpoint_has_all_that_it_has_otherwise(world: World) -> None:
    vpc = world.vpc()
    made = world.ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3")["VpcEndpoint"]
    wanted = [{"Name": "vpc-endpoint-id", "Values": [made["VpcEndpointId"]]}]
    assert (
        world.ec2.describe_vpc_endpoints(Filters=wanted)["VpcEndpoints"]
        == world.ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"]
    )
    assert world.ec2.describe_vpc_endpoints(Filters=[{**wanted[0], "Values": ["vpce-1"]}])["VpcEndpoints"] == []
