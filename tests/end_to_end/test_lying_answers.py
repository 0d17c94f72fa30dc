"""Answers of AWS that say less, more or other than there is: no command takes one for the truth.

A lie that is told in every answer to one operation is found by what contradicts it: the question, another answer, or
the journal. What nothing contradicts is in `BELIEVED`, with why; it deletes nothing either.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from ocpprov.commands.list_plans import list_plans
from ocpprov.commands.outputs import outputs
from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.status import status
from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request
from tests.end_to_end.lying import LIES, lied, operations_in
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import REGION
from tests.support.forking import Failed, Points, forked
from tests.support.in_process import Bastion, Ended
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import Snapshot, difference, snapshot

Account = Counter[str]

BELIEVED: Final[Mapping[tuple[str, str], str]] = {
    **dict.fromkeys(
        [
            ("GetHostedZone", "of another VPC"),
            ("GetHostedZone", "of another region"),
        ],
        "where something lies, or what it leads to, may have been changed",
    ),
    **dict.fromkeys(
        [
            ("DescribeTags", "of another VPC"),
            ("GetBucketTagging", "without the last item"),
            ("ListTagsForResources", "without the last item"),
        ],
        "tags may have been changed",
    ),
    **dict.fromkeys(
        [
            ("ListAttachedRolePolicies", "with an empty list"),
            ("ListAttachedRolePolicies", "without the last item"),
            ("ListResourceRecordSets", "without the last item"),
        ],
        "no other call tells of these: somebody may have taken them away",
    ),
    **dict.fromkeys(
        [("GetBucketVersioning", lie) for lie in ("without anything", "no body", "something else")],
        "S3 says it like this of a bucket that never had versions",
    ),
}
"""By operation and lie: why it can't be told from the truth."""


TELLING: Final[Mapping[str, Callable[[Bastion, Path], Ended]]] = {
    "status": lambda bastion, plan: bastion.command(status, plan=plan),
    "outputs": lambda bastion, plan: bastion.command(outputs, plan=plan),
    "list": lambda bastion, plan: bastion.command(list_plans, region=REGION),
    "saved plan": lambda bastion, plan: bastion.command(show_plan, plan=plan, out=bastion.home / "saved.json"),
}
"""Commands that change nothing; `verify`, which needs a cluster, has test_verify_odd_answers."""


@dataclass(frozen=True)
class Standing:
    """A plan that is there: its folder as it was after the apply, what the account held before and holds now, and what
    is said of it."""

    bastion: Bastion
    plan: Path
    kept: Path
    empty: Snapshot
    held: Snapshot
    truth: str

    def run(self, command: str, operation: str, lie: str, times: int = 1_000_000) -> tuple[Ended, int]:
        """A command to which AWS lies in every answer to an operation, but so many `times` at most; and how often."""
        told = 0
        usual = self.bastion.pipeline.answer

        def answer(request: Request) -> Answer | ConnectionDropped:
            nonlocal told
            given = usual(request)
            if not isinstance(given, Answer) or told >= times:
                return given
            wrong = lied(request, given, operation, LIES[lie])
            told += wrong.body != given.body
            return wrong

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.bastion.pipeline, "answer", answer)
            return self.said_to(command), told

    def said_to(self, command: str) -> Ended:
        if command == "plan":
            return self.bastion.show(self.plan)
        if command in TELLING:
            return TELLING[command](self.bastion, self.plan)
        return self.bastion.apply(self.plan) if command == "apply" else self.bastion.destroy(self.plan)

    def in_a_copy(self, work: Callable[[], None]) -> None:
        """Do it in a copy of the process and before the folder as it was; what happens there is forgotten."""
        shutil.rmtree(self.bastion.home / ".ocpprov", ignore_errors=True)
        shutil.copytree(self.kept, self.bastion.home / ".ocpprov")
        self.bastion.moved_to(self.bastion.home)
        forked(work)

    def operations(self, command: str) -> list[str]:
        """Those of a command to which nobody lies."""
        found = self.bastion.home / "operations"

        def work() -> None:
            if command == "first apply":
                self.bastion.moved_in(self.bastion.home, REGION)
                shutil.rmtree(self.bastion.home / ".ocpprov")
            ended = self.said_to("apply" if command == "first apply" else command)
            assert ended.code in ((0, 1, 3) if command in TELLING else (0,)), ended.said
            found.write_text("\n".join(operations_in(self.bastion.pipeline.calls())))

        self.in_a_copy(work)
        return found.read_text().split("\n")


@pytest.fixture(scope="module")
def standing(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    bastion = one_bastion
    bastion.moved_in(tmp_path_factory.mktemp("bastion"), REGION)
    empty = snapshot(bastion.client)
    plan = bastion.home / "plan.json"
    plan.write_text(json.dumps(PLAN))
    assert bastion.apply(plan).code == 0
    kept = tmp_path_factory.mktemp("kept") / "folder"
    shutil.copytree(bastion.home / ".ocpprov", kept)
    return Standing(bastion, plan, kept, empty, snapshot(bastion.client), bastion.show(plan).said)


def without_unread(said: str) -> str:
    """What a plan says, but for what it couldn't read of others' things and left alone, for what it needn't look at and
    nobody answered, and for how often either was tried: what is told for many at once is asked for one by one then."""
    unread = re.compile(
        r"  note: \w+: UnreadableAnswer: .*: it isn't this plan's, and is left alone\n"
        r"|  note: \S+ wasn't looked at: nothing here needs it, .*InterceptedResponse.*\n"
        r"|(\w+: InterceptedResponse|GetAccountAuthorizationDetails: \w+): .*; trying again in \d+ s\n"
    )
    return unread.sub("", said)


def judge(standing: Standing, command: str, operation: str, lie: str) -> None:
    """What comes of a command that is lied to, and of the next one, to which nobody lies."""
    ended, told = standing.run(command, operation, lie)
    about = f"exit {ended.code}, sent {ended.sent}\n{ended.said}"
    assert "Traceback" not in ended.said + ended.events, about
    if not told:
        return
    refused = ended.code == 2 and not ended.sent and ended.said != ""
    if refused:
        # Nothing was sent, and nothing is written before the first change.
        return
    if command == "destroy":
        assert ended.code in (0, 1), about
        again = standing.said_to("destroy")
        assert again.code == 0, f"{about}\n{again.said}"
        left = difference(standing.empty, snapshot(standing.bastion.client))
        assert (left.came, left.went) == ([], []), about
        return
    if (operation, lie) not in BELIEVED:
        unchanged = without_unread(ended.said) == standing.truth if command == "plan" else not ended.sent
        assert ended.code == 0, about
        assert unchanged, about
    assert difference(standing.held, snapshot(standing.bastion.client)).went == [], about
    if command == "apply":
        converges(standing, about, likeness(standing.empty))


def converges(standing: Standing, about: str, before: Account) -> None:
    """A clean apply ends with what the plan makes, each once, beside what the account held `before`."""
    again = standing.said_to("apply")
    assert again.code == 0, f"{about}\n{again.said}"
    made = likeness(standing.held) - likeness(standing.empty)
    wrong = unlike(likeness(snapshot(standing.bastion.client)), before + made)
    # moto counts a policy twice that is attached to a role that has it.
    wrong = [each for each in wrong if "AttachmentCount" not in each]
    assert wrong == [], f"{about}\n{wrong}"


def judge_first(standing: Standing, operation: str, lie: str) -> None:
    """The same for an apply in an empty account, to which AWS lies of what it made, once it did."""
    standing.bastion.moved_in(standing.bastion.home, REGION)
    shutil.rmtree(standing.bastion.home / ".ocpprov")
    before = likeness(snapshot(standing.bastion.client))
    ended, _ = standing.run("apply", operation, lie)
    about = f"exit {ended.code}\n{ended.said}"
    assert ended.code in (0, 1), about
    assert "Traceback" not in ended.said + ended.events, about
    converges(standing, about, before)


OF_CHANGES: Final = ("without anything", "without ids", "torn", "no body")
"""What an answer to a change can keep back."""

FEW: Final = (
    ("plan", "DescribeSubnets", "with an empty list"),
    ("plan", "DescribeSecurityGroups", "of another VPC"),
    ("plan", "ListHostedZones", "truncated without a token"),
    ("apply", "ListBuckets", "without the last item"),
    ("destroy", "DescribeVpcs", "with an empty list"),
)
"""Of each protocol and of each command; the lies are each tried on values in tests/aws/test_answers.py."""


@pytest.mark.parametrize(("command", "operation", "lie"), FEW)
def test_a_lie_is_not_taken_for_the_truth(standing: Standing, command: str, operation: str, lie: str) -> None:
    standing.in_a_copy(partial(judge, standing, command, operation, lie))


@pytest.mark.parametrize(
    ("lie", "knows"),
    [
        ("with an empty list", True),
        ("without tags", False),
        pytest.param("with an empty list", False, marks=pytest.mark.torture),
        pytest.param("without tags", True, marks=pytest.mark.torture),
    ],
)
def test_a_list_that_is_late_is_looked_at_again(standing: Standing, lie: str, knows: bool) -> None:
    """Where nobody but the answer about the plan's tag knows better, too: as right after a crash, before another
    machine."""

    def work() -> None:
        if not knows:
            shutil.rmtree(standing.bastion.home / ".ocpprov")
        ended, told = standing.run("plan", "DescribeSubnets", lie, times=4)
        assert (ended.code, ended.said, told) == (0, standing.truth, 4)

    standing.in_a_copy(work)


def test_what_somebody_took_away_is_asked_for_by_its_id_until_a_run_has_heard_it(standing: Standing) -> None:
    def asked() -> int:
        calls = standing.bastion.pipeline.calls()
        return sum("SecurityGroupRuleId.1" in call["parameters"] for call in calls)

    def work() -> None:
        ec2 = standing.bastion.client("ec2")
        [rule, *_] = ec2.describe_security_group_rules(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["prod"]}])[
            "SecurityGroupRules"
        ]
        ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
        for sent in (["AuthorizeSecurityGroupIngress"], []):
            ended = standing.bastion.apply(standing.plan)
            assert (ended.code, ended.sent) == (0, sent), ended.said
            # A first apply looks twice, and knows by the second time.
            assert asked() == len(sent)

    standing.in_a_copy(work)


@pytest.mark.torture
@pytest.mark.parametrize("command", ["plan", "apply", "destroy"])
def test_no_lie_about_what_is_there_is_taken_for_the_truth(
    standing: Standing, command: str, record_property: Callable[[str, object], None]
) -> None:
    points = Points()
    for operation in filter(is_reading, standing.operations(command)):
        for lie in LIES:
            try_one(
                points, standing, f"{command}, {operation} {lie}", partial(judge, standing, command, operation, lie)
            )
    points.judge(record_property)


@pytest.mark.torture
def test_no_lie_about_what_was_made_makes_it_twice(
    standing: Standing, record_property: Callable[[str, object], None]
) -> None:
    points = Points()
    for operation in standing.operations("first apply"):
        for lie in () if is_reading(operation) else OF_CHANGES:
            try_one(points, standing, f"{operation} {lie}", partial(judge_first, standing, operation, lie))
    points.judge(record_property)


@pytest.mark.torture
def test_no_lie_about_what_was_deleted_leaves_anything(
    standing: Standing, record_property: Callable[[str, object], None]
) -> None:
    points = Points()
    for operation in standing.operations("destroy"):
        for lie in () if is_reading(operation) else OF_CHANGES:
            try_one(points, standing, f"{operation} {lie}", partial(judge, standing, "destroy", operation, lie))
    points.judge(record_property)


@pytest.mark.torture
@pytest.mark.parametrize("command", TELLING)
def test_no_lie_ends_a_command_that_changes_nothing_in_a_traceback(
    standing: Standing, command: str, record_property: Callable[[str, object], None]
) -> None:
    """One lie of so many, another one of each operation."""
    points = Points()
    lies = [(operation, lie) for operation in standing.operations(command) for lie in LIES]
    for operation, lie in lies[::SAMPLED]:
        work = partial(judge_telling, standing, command, operation, lie)
        try_one(points, standing, f"{command}, {operation} {lie}", work)
    points.judge(record_property)


SAMPLED: Final = 7
"""No divisor of the number of lies, so that each is tried of some operation."""


def judge_telling(standing: Standing, command: str, operation: str, lie: str) -> None:
    ended, _ = standing.run(command, operation, lie)
    assert "Traceback" not in ended.said + ended.events, ended.said
    assert (ended.code in (0, 1, 2, 3), ended.sent) == (True, []), ended.said
    assert ended.code == 0 or ended.said


def is_reading(operation: str) -> bool:
    return operation.startswith(("Describe", "Get", "Head", "List"))


def try_one(points: Points, standing: Standing, name: str, work: Callable[[], None]) -> None:
    points.tried += 1
    try:
        standing.in_a_copy(work)
    except Failed as failed:
        points.failures.append(f"{name}: {failed}")
