"""What AWS does on a bad day: off unless asked for, by a clock that the tests set.

Each test says where the behaviour is from, and how far that is to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.clocks import VirtualClock
from tests.sandbox.world import REGION, InThisProcess, World, in_this_process, refused


@pytest.fixture(scope="module")
def clock() -> VirtualClock:
    """A clock that only tests move."""
    return VirtualClock()


@pytest.fixture(scope="module")
def sandbox(clock: VirtualClock) -> Iterator[InThisProcess]:
    """A sandbox in this process."""
    with in_this_process(clock) as running:
        yield running


def test_nothing_is_on_unless_asked_for_and_a_reset_ends_it(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(unseen_by_id=60, quotas={"CreateVpc": 0})
    with refused("VpcLimitExceeded"):
        world.vpc()
    admin.reset()
    assert world.subnet(world.vpc())


@pytest.mark.parametrize(
    "conditions",
    [
        {"latencies": 1},
        {"latency": "1"},
        {"latency": -1},
        {"page_size": 2.5},
        {"flapping": 1},
        {"quotas": {"CreateVpc": "five"}},
        {"tokens": "CreateNetworkInterface"},
    ],
)
def test_conditions_that_make_no_sense_are_refused(admin: SandboxAdmin, conditions: dict[str, Any]) -> None:
    with pytest.raises(HTTPError) as caught:
        admin.conditions(**conditions)
    assert caught.value.code == 400


def test_a_call_takes_its_time(sandbox: InThisProcess, admin: SandboxAdmin, clock: VirtualClock) -> None:
    world = World(sandbox.endpoint_url)
    before = clock.now()
    admin.conditions(latency=0.5)
    world.vpc()
    world.ec2.describe_vpcs()
    assert clock.now() - before == 1.0


def test_what_is_new_is_not_found_by_those_who_name_it(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    """Documented: EC2's guide, "Eventual consistency"; its error code list has the codes."""
    admin.conditions(unseen_by_id=20)
    vpc = world.vpc()
    with refused("InvalidVpcID.NotFound"):
        world.subnet(vpc)
    with refused("InvalidVpcID.NotFound"):
        world.ec2.describe_vpcs(VpcIds=[vpc])
    assert vpc not in [each["VpcId"] for each in world.ec2.describe_vpcs()["Vpcs"]]
    clock.advance(19)
    with refused("InvalidVpcID.NotFound"):
        world.ec2.delete_vpc(VpcId=vpc)
    clock.advance(1)
    assert world.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["VpcId"] == vpc
    assert world.subnet(vpc)


def test_what_is_new_is_found_by_its_tag_later(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    """Documented only as eventual consistency; that tags lag longer than ids is from memory, so each lag stands
    alone."""
    admin.conditions(unseen_by_tag=20)
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "mine", "Value": "yes"}]}]
    vpc = world.ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]

    def by_tag() -> list[str]:
        found = world.ec2.describe_vpcs(Filters=[{"Name": "tag:mine", "Values": ["yes"]}])
        return [each["VpcId"] for each in found["Vpcs"]]

    def told() -> list[str]:
        return [each["ResourceId"] for each in world.ec2.describe_tags()["Tags"]]

    assert world.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert by_tag() == told() == []
    clock.advance(20)
    assert by_tag() == told() == [vpc]


def test_what_is_new_may_be_seen_and_unseen_again(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    """From memory: reads of one thing may be answered by replicas that differ."""
    admin.conditions(unseen_by_id=20, flapping=True)
    vpc = world.vpc()
    seen = []
    for _ in range(6):
        try:
            seen.append(len(world.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]))
        except ClientError:
            seen.append(0)
    assert seen == [1, 0, 1, 0, 1, 0]


def test_new_things_elsewhere_are_unseen_in_each_services_words(
    world: World, admin: SandboxAdmin, clock: VirtualClock
) -> None:
    """Documented: IAM's guide, "Changes that I make are not always immediately visible"; load balancing's codes are
    those of its API reference, that it lags is from memory. Route 53 and S3 show at once what they made."""
    subnet = world.subnet(world.vpc())
    clock.advance(20)
    admin.conditions(unseen_by_id=20)
    iam, elbv2 = world.other("iam"), world.other("elbv2")
    iam.create_role(RoleName="node", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    iam.create_instance_profile(InstanceProfileName="node")
    with refused("NoSuchEntity", 404):
        iam.get_role(RoleName="node")
    with refused("NoSuchEntity", 404):
        iam.add_role_to_instance_profile(InstanceProfileName="node", RoleName="node")
    arn = elbv2.create_load_balancer(Name="api", Type="network", Scheme="internal", Subnets=[subnet])["LoadBalancers"][
        0
    ]["LoadBalancerArn"]
    with refused("LoadBalancerNotFound"):
        elbv2.describe_load_balancers(LoadBalancerArns=[arn])
    bucket = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    world.s3.create_bucket(Bucket="seen-at-once", **bucket)
    world.s3.head_bucket(Bucket="seen-at-once")
    clock.advance(20)
    iam.add_role_to_instance_profile(InstanceProfileName="node", RoleName="node")
    assert elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]


def _vpcs(world: World) -> list[str]:
    pages = world.ec2.get_paginator("describe_vpcs").paginate()
    return [each["VpcId"] for page in pages for each in page["Vpcs"]]


def _balancers(world: World) -> list[str]:
    pages = world.other("elbv2").get_paginator("describe_target_groups").paginate()
    return [each["TargetGroupName"] for page in pages for each in page["TargetGroups"]]


def _roles(world: World) -> list[str]:
    pages = world.other("iam").get_paginator("list_roles").paginate()
    return [each["RoleName"] for page in pages for each in page["Roles"]]


def _records(world: World) -> list[str]:
    zone = world.route53.list_hosted_zones()["HostedZones"][0]["Id"]
    pages = world.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    return [each["Name"] for page in pages for each in page["ResourceRecordSets"]]


@pytest.mark.parametrize("listed", [_vpcs, _balancers, _roles, _records])
def test_lists_come_in_small_pages(
    world: World, admin: SandboxAdmin, clock: VirtualClock, listed: Callable[[World], list[str]]
) -> None:
    """Documented: each service's guide says that a page may hold less than what was asked for."""
    vpcs = [world.vpc() for _ in range(5)]
    clock.advance(5)
    for number in range(5):
        world.other("elbv2").create_target_group(Name=f"group-{number}", Protocol="TCP", Port=6443, VpcId=vpcs[0])
        world.other("iam").create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument='{"Statement": []}')
    zone = world.zone("once", vpcs[0])
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": f"{number}.cluster.example.com",
                "Type": "A",
                "TTL": 60,
                "ResourceRecords": [{"Value": "10.0.0.1"}],
            },
        }
        for number in range(5)
    ]
    world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    whole = listed(world)
    assert len(whole) >= 5
    admin.conditions(page_size=2)
    before = len(admin.calls())
    assert listed(world) == whole
    assert len(admin.calls()) - before >= len(whole) / 2


def test_the_first_page_of_a_search_may_be_empty(world: World, admin: SandboxAdmin) -> None:
    """Documented: EC2's guide on pagination, read on until there is no token."""
    vpc = world.vpc()
    admin.conditions(page_size=2)
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    page = world.ec2.describe_vpcs(Filters=wanted)
    assert page["Vpcs"] == []
    assert [each["VpcId"] for each in world.ec2.describe_vpcs(Filters=wanted, NextToken=page["NextToken"])["Vpcs"]] == [
        vpc
    ]


def test_calls_take_tokens_from_a_bucket(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    """Documented: EC2's guide "Request throttling", a bucket for each operation and region. The size of that of
    endpoints is from memory, as are the status (503 here; 400 was seen too) and the size of load balancing's."""
    vpc = world.vpc()
    admin.conditions(throttling=True)
    for _ in range(4):
        world.endpoint(vpc)
    with refused("RequestLimitExceeded", 503):
        world.endpoint(vpc)
    assert world.vpc()
    clock.advance(4)
    world.endpoint(vpc)


def test_route_53_takes_five_calls_a_second_and_one_change_of_a_zone(
    world: World, admin: SandboxAdmin, clock: VirtualClock
) -> None:
    """Documented: Route 53's quotas; PriorRequestNotComplete in its API reference. How long a change keeps the zone
    is from memory."""
    vpc = world.vpc()
    clock.advance(5)
    zone = world.zone("once", vpc)
    record = {"Name": "a.cluster.example.com", "Type": "TXT", "TTL": 5, "ResourceRecords": [{"Value": '"x"'}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    admin.conditions(throttling=True)
    world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    with refused("PriorRequestNotComplete"):
        world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    for _ in range(3):
        world.route53.list_hosted_zones()
    with refused("Throttling"):
        world.route53.list_hosted_zones()
    clock.advance(1)
    world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [
        ("CreateVpc", "VpcLimitExceeded", 400),
        ("AllocateAddress", "AddressLimitExceeded", 400),
        ("CreateHostedZone", "TooManyHostedZones", 400),
        ("CreateBucket", "TooManyBuckets", 400),
        ("CreateInstanceProfile", "LimitExceeded", 409),
    ],
)
def test_there_may_be_so_many_and_no_more(
    world: World, admin: SandboxAdmin, clock: VirtualClock, operation: str, code: str, status: int
) -> None:
    """Documented: the error codes of EC2, Route 53, S3 and IAM; IAM's status in its API reference."""
    made = iter(range(100))
    vpc = world.vpc()
    clock.advance(5)
    bucket = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    makers: dict[str, Callable[[], object]] = {
        "CreateVpc": world.vpc,
        "AllocateAddress": world.address,
        "CreateHostedZone": lambda: world.zone(f"reference {(n := next(made))}", vpc, f"n{n}.example.com"),
        "CreateBucket": lambda: world.s3.create_bucket(Bucket=f"number-{next(made)}", **bucket),
        "CreateInstanceProfile": lambda: world.other("iam").create_instance_profile(
            InstanceProfileName=f"number-{next(made)}"
        ),
    }
    admin.conditions(quotas={operation: 4})
    with refused(code, status):
        for _ in range(5):
            makers[operation]()
    admin.conditions(quotas={operation: 6})
    makers[operation]()


def test_credentials_end(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    """Documented: RequestExpired in EC2's error code list, ExpiredToken in the common errors of the others."""
    admin.conditions(credentials_last=600)
    world.vpc()
    clock.advance(600)
    with refused("RequestExpired"):
        world.vpc()
    with refused("ExpiredToken", 403):
        world.route53.list_hosted_zones()
    with refused("ExpiredToken", 400):
        world.s3.list_buckets()


@pytest.mark.parametrize(("honoured", "made"), [([], 2), (["CreateNetworkInterface"], 1)])
def test_whether_an_interface_takes_a_client_token_can_be_chosen(
    world: World, admin: SandboxAdmin, honoured: list[str], made: int
) -> None:
    """The API reference has the parameter; whether AWS honours it is from memory, so both can be had."""
    admin.conditions(tokens=honoured)
    subnet = world.subnet(world.vpc())
    ids = {
        world.ec2.create_network_interface(SubnetId=subnet, ClientToken="once")["NetworkInterface"][
            "NetworkInterfaceId"
        ]
        for _ in range(2)
    }
    assert len(ids) == made


def test_an_acl_is_made_once_with_one_token(world: World) -> None:
    """Documented: EC2's guide "Ensuring idempotency" names CreateNetworkAcl."""
    vpc = world.vpc()
    ids = {world.ec2.create_network_acl(VpcId=vpc, ClientToken="once")["NetworkAcl"]["NetworkAclId"] for _ in range(2)}
    assert len(ids) == 1
    with refused("IdempotentParameterMismatch"):
        world.ec2.create_network_acl(VpcId=world.vpc(), ClientToken="once")


@pytest.mark.parametrize(("capitalised", "state"), [(False, "available"), (True, "Available")])
def test_the_spelling_of_an_endpoints_state_can_be_chosen(
    world: World, admin: SandboxAdmin, clock: VirtualClock, capitalised: bool, state: str
) -> None:
    """The API's model says `Available`; on the wire it was seen in small letters. From memory, so both can be had."""
    endpoint = world.endpoint(world.vpc())
    clock.advance(60)
    admin.conditions(capitalised_states=capitalised)
    found = world.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    assert [each["State"] for each in found] == [state]


def test_a_change_of_records_is_pending_then_in_sync(world: World, clock: VirtualClock) -> None:
    """Documented: Route 53's API, ChangeInfo and GetChange; NoSuchChange for an id that it doesn't know."""
    vpc = world.vpc()
    clock.advance(5)
    zone = world.route53.create_hosted_zone(
        Name="cluster.example.com",
        CallerReference="once",
        VPC={"VPCRegion": REGION, "VPCId": vpc},
        HostedZoneConfig={"PrivateZone": True},
    )
    change = zone["ChangeInfo"]
    assert change["Status"] == "PENDING"
    assert world.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "PENDING"
    clock.advance(30)
    found = world.route53.get_change(Id=change["Id"])["ChangeInfo"]
    assert (found["Id"], found["Status"]) == (change["Id"], "INSYNC")
    with refused("NoSuchChange", 404):
        world.route53.get_change(Id="C0000000000000")


def test_a_balancer_may_fail(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    """Documented: load balancing's API, LoadBalancerState has `failed` and a reason; the reason's text is from
    memory."""
    admin.faults([{"operation": "CreateLoadBalancer", "fault": "fail-later", "code": "Internal", "message": "no luck"}])
    elbv2 = world.other("elbv2")
    subnet = world.subnet(world.vpc())
    arn = elbv2.create_load_balancer(Name="api", Type="network", Scheme="internal", Subnets=[subnet])["LoadBalancers"][
        0
    ]["LoadBalancerArn"]
    clock.advance(150)
    state = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["State"]
    assert state["Code"] == "failed"
    assert "no luck" in state["Reason"]
