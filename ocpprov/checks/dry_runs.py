"""What EC2 tells of calls that it is asked not to carry out (DryRun in its API reference). An endpoint that carries one
out isn't EC2 as AWS has it: what came of it is taken back and said, and no other is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ocpprov.aws.error_codes import DRY_RUN_ALLOWED, ErrorClass
from ocpprov.aws.error_sentences.policies import Refusal, refusal_of
from ocpprov.aws.errors import classify, describe, is_aws_error
from ocpprov.checks.result import Check, warned
from ocpprov.engine.printable import printable

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client


@dataclass(frozen=True)
class DryRun:
    """What was told of an action: whether it is `allowed`. `made` is the id of what came of it, where it was carried
    out, and `left` why that couldn't be taken back. `refusal`: who doesn't allow it."""

    action: str
    allowed: bool
    made: str = ""
    left: str = ""
    refusal: Refusal = field(default_factory=Refusal)


@dataclass(frozen=True)
class _Call:
    """A call that needs nothing which isn't there yet, the id in its answer, and how what it makes goes again."""

    resource_type: str
    send: Callable[..., Any]
    id_of: Callable[[Mapping[str, Any]], str]
    take_back: Callable[[EC2Client, str], object]


# Of the others EC2 would say what they lack.
_CALLS: Final[Mapping[str, _Call]] = {
    "ec2:AllocateAddress": _Call(
        "elastic-ip",
        lambda ec2, **tags: ec2.allocate_address(DryRun=True, Domain="vpc", **tags),
        lambda answer: str(answer["AllocationId"]),
        lambda ec2, id: ec2.release_address(AllocationId=id),
    ),
    "ec2:CreateDhcpOptions": _Call(
        "dhcp-options",
        lambda ec2, **tags: ec2.create_dhcp_options(
            DryRun=True,
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}],
            **tags,
        ),
        lambda answer: str(answer["DhcpOptions"]["DhcpOptionsId"]),
        lambda ec2, id: ec2.delete_dhcp_options(DhcpOptionsId=id),
    ),
    "ec2:CreateInternetGateway": _Call(
        "internet-gateway",
        lambda ec2, **tags: ec2.create_internet_gateway(DryRun=True, **tags),
        lambda answer: str(answer["InternetGateway"]["InternetGatewayId"]),
        lambda ec2, id: ec2.delete_internet_gateway(InternetGatewayId=id),
    ),
    "ec2:CreateVpc": _Call(
        "vpc",
        lambda ec2, **tags: ec2.create_vpc(DryRun=True, CidrBlock="10.0.0.0/16", **tags),
        lambda answer: str(answer["Vpc"]["VpcId"]),
        lambda ec2, id: ec2.delete_vpc(VpcId=id),
    ),
}


def dry_runs(ec2: EC2Client, actions: set[str], tags: Mapping[str, str]) -> Iterator[DryRun]:
    """Of those actions that can be tried: whether they are allowed, together with the tags of what they make. Where EC2
    says neither yes nor no, nothing is said."""
    rows = [{"Key": key, "Value": value} for key, value in tags.items()]
    for action, call in _CALLS.items():
        if action not in actions:
            continue
        try:
            answer = call.send(ec2, TagSpecifications=[{"ResourceType": call.resource_type, "Tags": rows}])
        except Exception as error:
            if not is_aws_error(error):
                raise
            said = describe(error)
            if said.code == DRY_RUN_ALLOWED:
                yield DryRun(action, allowed=True)
            elif classify(error) is ErrorClass.DENIED:
                yield DryRun(action, allowed=False, refusal=refusal_of(said.message))
        else:
            yield _taken_back(ec2, action, call, answer)
            return


def carried_out(tried: Sequence[DryRun]) -> Iterator[Check]:
    """A warning for each that was carried out."""
    for each in tried:
        if not each.made:
            continue
        what = f"the dry run of {each.action} was carried out, which AWS never does: {each.made} was made"
        if each.left:
            detail = f"{what}, and couldn't be taken back ({each.left})"
            yield warned("dry-runs", detail, f"delete {each.made}, and ask whoever runs this endpoint of EC2")
        else:
            yield warned("dry-runs", f"{what}, and taken back", "ask whoever runs this endpoint of EC2")


def _taken_back(ec2: EC2Client, action: str, call: _Call, answer: Mapping[str, Any]) -> DryRun:
    try:
        id = printable(call.id_of(answer))
    except (KeyError, TypeError):
        return DryRun(action, allowed=True, made="something", left="the answer doesn't say what")
    try:
        call.take_back(ec2, id)
    except Exception as error:
        if not is_aws_error(error):
            raise
        return DryRun(action, allowed=True, made=id, left=str(describe(error)))
    return DryRun(action, allowed=True, made=id)
