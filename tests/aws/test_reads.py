"""What comes of a read that fails, of one about things some of which are gone, and of answers that say nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader, TolerantReader
from ocpprov.engine.cancel import Interrupted
from ocpprov.kinds.reads import Read, read, read_if_allowed
from tests.support.in_process import StandingClock

Reply = tuple[int, str]
LISTINGS: Mapping[str, tuple[str, ...]] = {
    "ec2": (
        "describe_account_attributes",
        "describe_addresses",
        "describe_availability_zones",
        "describe_dhcp_options",
        "describe_instances",
        "describe_internet_gateways",
        "describe_nat_gateways",
        "describe_network_acls",
        "describe_network_interfaces",
        "describe_route_tables",
        "describe_security_group_rules",
        "describe_security_groups",
        "describe_subnets",
        "describe_tags",
        "describe_transit_gateway_vpc_attachments",
        "describe_volumes",
        "describe_vpc_endpoints",
        "describe_vpc_peering_connections",
        "describe_vpcs",
    ),
    "elb": ("describe_load_balancers",),
    "elbv2": ("describe_load_balancers", "describe_target_groups"),
    "iam": ("list_instance_profiles", "list_policies", "list_roles"),
    "route53": ("list_hosted_zones",),
    "s3": ("list_buckets",),
}
"""Every operation whose answer is a list and which is asked without naming a thing."""


class Body:
    """What botocore takes for urllib3's response."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Sequence[bytes]:
        return [self._content]


@cache
def client(service: str) -> Any:
    """One for all tests, as making it takes longer than a test."""
    made: Any = boto3.client
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    return made(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b", config=config)


class Clients(dict[str, Any]):
    """The clients, whose every request is answered by `reply` from now on: a status and a body."""

    def __init__(self, reply: Callable[[AWSPreparedRequest], Reply]) -> None:
        super().__init__()
        self._reply = reply

    def __missing__(self, service: str) -> Any:
        events = client(service).meta.events
        events.unregister("before-send", unique_id="reply")
        events.register("before-send", self._send, unique_id="reply")
        self[service] = client(service)
        return self[service]

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        status, body = self._reply(request)
        return AWSResponse(request.url, status, HTTPHeaders(), Body(body.encode()))


def reader(reply: Callable[[AWSPreparedRequest], Reply]) -> Reader:
    return Reader(Clients(reply), StandingClock(), lambda _: None)


def asked_for(request: AWSPreparedRequest) -> list[str]:
    """The things that a request for tags names."""
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    if "<ResourceId>" in body:
        return [part.partition("<")[0] for part in body.split("<ResourceId>")[1:]]
    return [value for name, values in parse_qs(body).items() if ".member." in name for value in values]


def refusal(code: str, status: int = 400) -> Reply:
    return status, (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>not there</Message></Error>"
        "<RequestId>r-1</RequestId></ErrorResponse>"
    )


def tags_v2(names: Sequence[str]) -> str:
    rows = "".join(f"<member><ResourceArn>{name}</ResourceArn><Tags/></member>" for name in names)
    return (
        f"<DescribeTagsResponse><DescribeTagsResult><TagDescriptions>{rows}</TagDescriptions></DescribeTagsResult>"
        "</DescribeTagsResponse>"
    )


def tags_v1(names: Sequence[str]) -> str:
    return tags_v2(names).replace("ResourceArn>", "LoadBalancerName>")


def tags_of_zones(names: Sequence[str]) -> str:
    sets = (f"<ResourceTagSet><ResourceId>{name}</ResourceId><Tags/></ResourceTagSet>" for name in names)
    return (
        f"<ListTagsForResourcesResponse><ResourceTagSets>{''.join(sets)}</ResourceTagSets>"
        "</ListTagsForResourcesResponse>"
    )


BATCHES: Mapping[str, tuple[Callable[[list[str]], Read], str, Callable[[Sequence[str]], str], str, str]] = {
    "elbv2": (
        lambda names: read("elbv2", "describe_tags", ResourceArns=names),
        "LoadBalancerNotFound",
        tags_v2,
        "TagDescriptions",
        "ResourceArn",
    ),
    "elb": (
        lambda names: read("elb", "describe_tags", LoadBalancerNames=names),
        "LoadBalancerNotFound",
        tags_v1,
        "TagDescriptions",
        "LoadBalancerName",
    ),
    "leftovers": (
        lambda names: read_if_allowed("elbv2", "describe_tags", ResourceArns=names),
        "TargetGroupNotFound",
        tags_v2,
        "TagDescriptions",
        "ResourceArn",
    ),
    "route53": (
        lambda names: read("route53", "list_tags_for_resources", ResourceType="hostedzone", ResourceIds=names),
        "NoSuchHostedZone",
        tags_of_zones,
        "ResourceTagSets",
        "ResourceId",
    ),
}


@pytest.mark.parametrize("gone", [{"b"}, {"a", "c"}, {"a", "b", "c"}], ids=["one", "two", "all"])
@pytest.mark.parametrize("batch", BATCHES)
def test_what_is_gone_hides_nothing_that_it_is_asked_about_with(batch: str, gone: set[str]) -> None:
    make, code, answer, member, name = BATCHES[batch]

    def reply(request: AWSPreparedRequest) -> Reply:
        names = asked_for(request)
        return refusal(code) if gone & set(names) else (200, answer(names))

    wanted = make(["a", "b", "c"])
    pages = reader(reply).read([wanted])[wanted]
    assert [item[name] for page in pages for item in page[member]] == sorted({"a", "b", "c"} - gone)


def test_a_batch_that_is_answered_costs_one_call() -> None:
    calls: list[list[str]] = []

    def reply(request: AWSPreparedRequest) -> Reply:
        calls.append(asked_for(request))
        return 200, tags_v2(calls[-1])

    reader(reply).read([read("elbv2", "describe_tags", ResourceArns=["a", "b", "c"])])
    assert calls == [["a", "b", "c"]]


@pytest.mark.parametrize(
    "wanted",
    [
        read("elbv2", "describe_load_balancers"),
        read("ec2", "describe_subnets", Filters=[{"Name": "vpc-id", "Values": ["vpc-1", "vpc-2"]}]),
        read("iam", "list_policies", Scope="Local"),
        read("s3", "list_buckets", BucketRegion="eu-west-1"),
        read("iam", "simulate_principal_policy", PolicySourceArn="arn:aws:iam::1:user/x", ActionNames=["a:B", "a:C"]),
        read("iam", "simulate_principal_policy", PolicySourceArn="arn:aws:iam::1:user/x", ActionNames=["a:B"]),
    ],
    ids=["all", "filtered", "scope", "region", "questions", "question"],
)
def test_a_failed_read_of_many_is_no_empty_one(wanted: Read) -> None:
    with pytest.raises(AwsError) as caught:
        reader(lambda _: refusal("NoSuchEntity")).read([wanted])
    assert caught.value.error_class is ErrorClass.NOT_VISIBLE


@pytest.mark.parametrize(
    "wanted",
    [
        read("iam", "get_role", RoleName="x"),
        read("elbv2", "describe_listeners", LoadBalancerArn="x"),
        read("s3", "get_object_tagging", Bucket="bucket", Key="x"),
        read("elbv2", "describe_tags", ResourceArns=["x"]),
    ],
)
def test_a_single_thing_that_is_gone_has_no_pages(wanted: Read) -> None:
    assert reader(lambda _: refusal("NoSuchEntity", 404)).read([wanted]) == {wanted: []}


def listing(service: str, operation: str, *, empty: bool) -> tuple[str, str, str]:
    """An answer without its list, or with an empty one; the API's name of the operation and of the list."""
    about = client(service).meta
    model = about.service_model.operation_model(about.method_to_api_mapping[operation])
    name, member = next((name, each) for name, each in model.output_shape.members.items() if each.type_name == "list")
    content = f"<{member.serialization.get('name', name)}/>" if empty else ""
    content += "<IsTruncated>false</IsTruncated>" if service == "route53" else ""
    if wrapper := model.output_shape.serialization.get("resultWrapper"):
        content = f"<{wrapper}>{content}</{wrapper}>"
    number = "<requestId>r-1</requestId>" if service == "ec2" else ""
    return f"<{model.name}Response>{number}{content}</{model.name}Response>", model.name, name


ALL_LISTINGS = [(service, operation) for service, operations in LISTINGS.items() for operation in operations]


@pytest.mark.parametrize(("service", "operation"), ALL_LISTINGS)
def test_an_answer_without_its_list_is_an_error_and_an_empty_list_is_none(service: str, operation: str) -> None:
    wanted = read(service, operation)
    body, _, member = listing(service, operation, empty=True)
    (page,) = reader(lambda _: (200, body)).read([wanted])[wanted]
    assert page[member] == []
    body, name, member = listing(service, operation, empty=False)
    with pytest.raises(AwsError) as caught:
        reader(lambda _: (200, body)).read([wanted])
    assert caught.value.error_class is ErrorClass.UNKNOWN_OUTCOME
    assert caught.value.operation == name
    assert f"lacks {member}" in caught.value.message
    assert caught.value.request_id == ("r-1" if service == "ec2" else "")


def test_a_second_page_without_its_list_is_an_error_too() -> None:
    vpc = "<item><vpcId>vpc-1</vpcId><cidrBlockAssociationSet/></item>"
    vpcs = f"<vpcSet>{vpc}</vpcSet><nextToken>t</nextToken>"
    pages = iter([f"<DescribeVpcsResponse>{vpcs}</DescribeVpcsResponse>", "<DescribeVpcsResponse/>"])
    with pytest.raises(AwsError, match="DescribeVpcs: UnreadableAnswer: the answer lacks Vpcs"):
        reader(lambda _: (200, next(pages))).read([read("ec2", "describe_vpcs")])


def test_of_several_lists_one_is_enough() -> None:
    wanted = read("ec2", "describe_vpc_endpoint_services")
    bodies = ("<serviceDetailSet/>", "<serviceNameSet/>", "")
    replies = iter(
        [f"<DescribeVpcEndpointServicesResponse>{each}</DescribeVpcEndpointServicesResponse>" for each in bodies]
    )
    asked = reader(lambda _: (200, next(replies)))
    assert [len(asked.read([wanted])[wanted]) for _ in range(2)] == [1, 1]
    with pytest.raises(AwsError, match="lacks ServiceNames and ServiceDetails"):
        asked.read([wanted])


ROLE = "<RoleName>x</RoleName><CreateDate>not a date</CreateDate>"


@pytest.mark.parametrize(
    ("wanted", "body", "said"),
    [
        (
            read("elbv2", "describe_load_balancers"),
            "<DescribeLoadBalancersResponse/>",
            "DescribeLoadBalancers: UnreadableAnswer: the answer can't be read (KeyError: 'DescribeLoadBalancersR",
        ),
        (
            read("iam", "get_role", RoleName="x"),
            f"<GetRoleResponse><GetRoleResult><Role>{ROLE}</Role></GetRoleResult></GetRoleResponse>",
            "GetRole: UnreadableAnswer: the answer can't be read (ValueError: ",
        ),
        (
            read("ec2", "describe_subnets"),
            "<DescribeSubnetsResponse><subnetSet><item><availableIpAddressCount>many</availableIpAddressCount></item>"
            "</subnetSet></DescribeSubnetsResponse>",
            "DescribeSubnets: UnreadableAnswer: the answer can't be read (ValueError: ",
        ),
        (
            read("ec2", "describe_vpcs"),
            "<DescribeVpcsResponse><vpcSet/><nextToken>again</nextToken></DescribeVpcsResponse>",
            "DescribeVpcs: UnreadableAnswer: the answer can't be read (PaginationError: ",
        ),
    ],
    ids=["wrapper", "date", "number", "token"],
)
def test_an_answer_that_cannot_be_read_is_an_error_of_aws(wanted: Read, body: str, said: str) -> None:
    with pytest.raises(AwsError) as caught:
        reader(lambda _: (200, body)).read([wanted])
    assert caught.value.error_class is ErrorClass.UNKNOWN_OUTCOME
    assert str(caught.value).startswith(said)


def test_an_answer_about_one_attribute_has_no_other() -> None:
    wanted = read("ec2", "describe_instance_attribute", InstanceId="i-1", Attribute="disableApiTermination")
    about = "<disableApiTermination><value>true</value></disableApiTermination>"
    body = f"<DescribeInstanceAttributeResponse><instanceId>i-1</instanceId>{about}</DescribeInstanceAttributeResponse>"
    (page,) = reader(lambda _: (200, body)).read([wanted])[wanted]
    assert page["DisableApiTermination"] == {"Value": True}


def test_a_member_that_is_lacking_is_named_with_operation_thing_and_request() -> None:
    subnet = "<item><subnetId>subnet-1</subnetId><tagSet><item><key>a</key></item></tagSet></item>"
    body = (
        f"<DescribeSubnetsResponse><requestId>r-7</requestId><subnetSet>{subnet}</subnetSet></DescribeSubnetsResponse>"
    )
    wanted = read("ec2", "describe_subnets")
    ((found,),) = [page["Subnets"] for page in reader(lambda _: (200, body)).read([wanted])[wanted]]
    assert found["SubnetId"] == "subnet-1"
    assert found.get("State") is None
    with pytest.raises(AwsError) as caught:
        _ = found["State"]
    assert str(caught.value) == (
        "DescribeSubnets: UnreadableAnswer: the answer lacks State where SubnetId is subnet-1 (request r-7)"
    )
    with pytest.raises(AwsError, match="DescribeSubnets: UnreadableAnswer: the answer lacks Value"):
        _ = found["Tags"][0]["Value"]


def test_who_is_asked_to_leave_leaves() -> None:
    def leave(_: AWSPreparedRequest) -> Reply:
        raise Interrupted

    with pytest.raises(Interrupted):
        reader(leave).read([read("ec2", "describe_vpcs"), read("ec2", "describe_subnets")])


def test_of_several_reads_the_failed_one_is_told_apart() -> None:
    denied, allowed = read("ec2", "describe_vpcs"), read("ec2", "describe_subnets")

    def reply(request: AWSPreparedRequest) -> Reply:
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        if "DescribeVpcs" in body:
            error = "<Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error>"
            return 403, f"<Response><Errors>{error}</Errors><RequestID>r-1</RequestID></Response>"
        return 200, "<DescribeSubnetsResponse><subnetSet/></DescribeSubnetsResponse>"

    found = reader(reply).attempt([denied, allowed])
    assert isinstance(found[denied], AwsError)
    assert not isinstance(found[allowed], AwsError)
    with pytest.raises(AwsError, match="UnauthorizedOperation"):
        reader(reply).read([denied, allowed])


@pytest.mark.parametrize("concurrency", [1, 3])
def test_so_many_reads_are_made_at_once(concurrency: int) -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    def reply(_: AWSPreparedRequest) -> Reply:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.05)
        with lock:
            under_way -= 1
        return 200, "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"

    wanted = [read("ec2", "describe_vpcs", Filters=[{"Name": "cidr", "Values": [f"10.{n}.0.0/16"]}]) for n in range(9)]
    assert len(Reader(Clients(reply), StandingClock(), lambda _: None, concurrency).read(wanted)) == 9
    assert most == concurrency


def test_one_more_may_hear_of_the_retries() -> None:
    error = "<Error><Code>RequestLimitExceeded</Code><Message>no</Message></Error>"
    replies = [
        (503, f"<Response><Errors>{error}</Errors><RequestID>r-1</RequestID></Response>"),
        (200, "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"),
        (200, "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"),
    ]
    told: list[str] = []
    usual = Reader(Clients(lambda _: replies.pop(0)), StandingClock(), lambda retry: told.append(f"usual {retry.aws}"))
    wanted = [read("ec2", "describe_vpcs")]
    assert len(usual.heard_by(lambda retry: told.append(f"more {retry.aws}")).read(wanted)) == 1
    said = "DescribeVpcs: RequestLimitExceeded: no (request r-1)"
    assert told == [f"more {said}", f"usual {said}"]
    assert len(usual.read(wanted)) == 1
    assert replies == []


def failed(code: str, error_class: ErrorClass) -> AwsError:
    return AwsError(error_class, AwsMessage(code, "no", "r-1", "ListThings"))


@dataclass
class Told:
    """A reader that gives what it was told."""

    answers: Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]

    def attempt(self, wanted: Sequence[Any], /) -> Mapping[Any, Sequence[Mapping[str, Any]] | AwsError]:
        return {one: self.answers[one] for one in wanted}


def test_what_nobody_needs_to_know_is_empty_where_it_is_closed_and_its_reason_is_kept() -> None:
    open_, denied, unknown, broken = (read("cloud", "list_things", Name=name) for name in "abcd")
    refusal, lack = failed("AccessDenied", ErrorClass.DENIED), failed("InvalidAction", ErrorClass.INVALID)
    outage = failed("InternalError", ErrorClass.UNKNOWN_OUTCOME)
    page = {"Things": [1]}
    reader = TolerantReader(Told({open_: [page], denied: refusal, unknown: lack, broken: outage}))
    assert reader.read([open_, denied, unknown]) == {open_: [page], denied: [], unknown: []}
    assert reader.closed == [refusal, lack]
    with pytest.raises(AwsError) as caught:
        reader.read([broken])
    assert caught.value is outage
