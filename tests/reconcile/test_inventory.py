"""What a look makes of answers that a kind can't read, and of reads that nobody lets it make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.inventory import Unseen
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.observe import observe, observe_states
from ocpprov.reconcile.parse_answers import parse

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
VPCS, SUBNETS = read("ec2", "describe_vpcs"), read("ec2", "describe_subnets")
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeSubnets"))
NO_SUCH_ACTION = AwsError(ErrorClass.INVALID, AwsMessage("InvalidAction", "what?", "r-1", "DescribeSubnets"))
NOTHING_THERE = AwsError(ErrorClass.INVALID, AwsMessage("404", "Not Found", "", "DescribeSubnets"))


@dataclass(frozen=True)
class OneRead:
    """A kind that reads with one call. `parses` is its way to make sense of the answers."""

    type: str
    wanted: Read
    parses: Callable[[Pages], Sequence[Live]] = lambda _: []
    service: str = "ec2"

    def reads(self, found: Found) -> Sequence[Read]:
        return [self.wanted]

    state_reads = reads

    def parse(self, pages: Pages) -> Sequence[Live]:
        return self.parses(pages)


@dataclass(frozen=True)
class Told:
    """A reader to whom some reads are an error."""

    errors: dict[Read, AwsError]

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self.errors.get(one, []) for one in wanted}

    def read(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: [] for one in wanted}


def kinds(*each: OneRead) -> dict[str, Kind]:
    return {kind.type: cast("Kind", kind) for kind in each}


def told(**errors: AwsError) -> Reader:
    named = {"vpcs": VPCS, "subnets": SUBNETS}
    return cast("Reader", Told({named[name]: error for name, error in errors.items()}))


def lacking(pages: Pages) -> Sequence[Live]:
    list(pages.items("ec2", "describe_vpcs", "Vpcs"))
    raise KeyError("VpcId")


def malformed(pages: Pages) -> Sequence[Live]:
    list(pages.items("ec2", "describe_vpcs", "Vpcs"))
    return [int("ten")]  # type: ignore[list-item]


def short(pages: Pages) -> Sequence[Live]:
    return [next(iter(pages.items("ec2", "describe_vpcs", "Vpcs")))]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("parses", "said"),
    [
        (lacking, "it can't be read as X (KeyError: 'VpcId')"),
        (malformed, "it can't be read as X (ValueError: invalid literal for int)"),
        (short, "it can't be read as X (StopIteration)"),
    ],
)
def test_what_a_kind_cannot_read_is_an_error_of_aws(parses: Callable[[Pages], Sequence[Live]], said: str) -> None:
    kind = OneRead("X", VPCS, parses)
    looks: list[Callable[[], object]] = [
        lambda: observe(kinds(kind), Found(OWNER), told()),
        lambda: observe_states(cast("Kind", kind), Found(OWNER), told()),
    ]
    for observe_kind in looks:
        with pytest.raises(AwsError) as caught:
            observe_kind()
        assert caught.value.error_class is ErrorClass.UNKNOWN_OUTCOME
        assert str(caught.value) == f"DescribeVpcs: UnreadableAnswer: {said}"


def test_who_is_tolerant_has_nothing_of_a_kind_that_cannot_read_its_answers() -> None:
    both = kinds(OneRead("X", VPCS, lacking), OneRead("Y", SUBNETS))
    inventory = observe(both, Found(OWNER), told(), tolerant=True)
    assert inventory.lives == {"X": [], "Y": []}
    assert [(each.type, each.about, str(each)) for each in inventory.unseen] == [
        ("X", frozenset(), "X can't be read: DescribeVpcs: UnreadableAnswer: it can't be read as X (KeyError: 'VpcId')")
    ]


@pytest.mark.parametrize("error", [DENIED, Interrupted(), KeyboardInterrupt()])
def test_other_errors_of_a_parse_stay_what_they_are(error: BaseException) -> None:
    def parses(_: Pages) -> Sequence[Live]:
        raise error

    with pytest.raises(type(error)) as caught:
        parse(cast("Kind", OneRead("X", VPCS, parses)), Pages())
    assert caught.value is error


NO_WAY = AwsError(ErrorClass.NOT_SENT, AwsMessage("EndpointConnectionError", "refused", "", "DescribeSubnets"))
STAYS = "and what the plan may have had of it before would stay"
NONE = "and where there is no such operation there is none"


@pytest.mark.parametrize(
    ("error", "so", "may_be_there"),
    [(DENIED, STAYS, True), (NO_WAY, STAYS, True), (NOTHING_THERE, STAYS, True), (NO_SUCH_ACTION, NONE, False)],
)
def test_what_the_plan_has_no_use_for_may_be_closed(error: AwsError, so: str, may_be_there: bool) -> None:
    both = kinds(OneRead("X", VPCS), OneRead("Y", SUBNETS))
    inventory = observe(both, Found(OWNER), told(subnets=error), needless={"Y"})
    said = f"Y wasn't looked at: nothing here needs it, {so} ({error})"
    assert inventory.unseen == [Unseen(said, "Y", error, may_be_there)]
    with pytest.raises(AwsError) as caught:
        observe(both, Found(OWNER), told(subnets=error), needless={"X"})
    assert caught.value is error


def test_a_read_that_something_wanted_needs_too_has_to_be_answered() -> None:
    both = kinds(OneRead("X", SUBNETS), OneRead("Y", SUBNETS))
    with pytest.raises(AwsError):
        observe(both, Found(OWNER), told(subnets=DENIED), needless={"Y"})
    assert len(observe(both, Found(OWNER), told(subnets=DENIED), needless={"X", "Y"}).unseen) == 2


@pytest.mark.parametrize(
    "error_class", [each for each in ErrorClass if each not in (ErrorClass.DENIED, ErrorClass.NOT_SENT)]
)
def test_what_may_pass_is_an_error_whoever_needs_it(error_class: ErrorClass) -> None:
    error = AwsError(error_class, AwsMessage("Whatever", "", "r-1", "DescribeSubnets"))
    with pytest.raises(AwsError):
        observe(kinds(OneRead("Y", SUBNETS)), Found(OWNER), told(subnets=error), needless={"Y"})


def test_an_answer_that_a_real_kind_cannot_read_names_all_that_it_read() -> None:
    kind = KINDS["AWS::EC2::Subnet"]
    pages = Pages({SUBNETS: [{"Subnets": [{"SubnetId": "subnet-1", "CidrBlock": "ten", "AvailabilityZone": "a"}]}]})
    with pytest.raises(AwsError, match="DescribeSubnets: UnreadableAnswer: it can't be read as AWS::EC2::Subnet"):
        parse(kind, pages)
