"""AWS's answers in any order, in pages of any size, without each of their members in turn, and with more than is known:
a second plan stays empty, or says what it couldn't read, and nothing ends in a traceback.

A case is the whole way from boto3's answers to the actions, without a request (tests/support/recorded.py). The default
run takes one plan and every so many members; torture all plans that make their own network, all members, a destroy as
well, and everything without the run's folder, too.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.model import Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocpprov.engine.ownership import PLAN as OWN_TAG
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network
from tests.support.recorded import Edit, Outcome, Recording, edited, members, without
from tests.support.strange_shapes import SHAPES

ROOT: Final = Path(__file__).parents[2]
TELLING: Final = {
    ("ec2", "describe_security_group_rules", "SecurityGroupRules.Description"),
    ("route53", "get_hosted_zone", "HostedZone.Config.Comment"),
    ("route53", "list_hosted_zones", "HostedZones.Config.Comment"),
    ("s3", "get_bucket_versioning", "Status"),
}
"""Members that AWS leaves out where there is none of what they tell (engine/kind_facts, `may_be_absent`): without one
its property counts as not set, and is set again."""
_ORDERED: Final = ("Document", "Policy")
"""What a member of such a name has is no list of AWS's."""
_NOT_AWSS: Final = ("ResponseMetadata",)
_EVERY: Final = 29
"""The default run takes every so many members, beginning with the first."""


@pytest.fixture(scope="module")
def recording(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Of the plan that has one of each."""
    home = tmp_path_factory.mktemp("recorded")
    path = home / "plan.json"
    path.write_text(json.dumps(PLAN))
    return recorded(one_bastion, path, home)


def recorded(bastion: Bastion, path: Path, home: Path) -> Recording:
    """A plan that was applied, and is found as it was left."""
    bastion.moved_in(home, "us-gov-west-1" if path.stem == "govcloud" else REGION)
    path = with_a_network(path, bastion.client("ec2"), home)
    ended = bastion.apply(path)
    assert ended.code == 0, ended.said
    found = Recording(bastion, path)
    assert len(found.everything) > 20
    for knows in (True, False):
        assert found.plan(knows=knows) == Outcome(said=found.said_anyway)
        assert found.destroy(knows=knows) == Outcome(found.everything)
    return found


def only(service: str, operation: str, edit: Callable[[Any], Any]) -> Edit:
    """An edit of the answers to one operation."""
    return lambda of, asked, answer: edit(answer) if (of, asked) == (service, operation) else answer


def places(found: Recording) -> list[tuple[str, str, tuple[str, ...]]]:
    """Each member of each operation's answers."""
    return sorted({(service, name, path) for service, name, answer in found.recorded() for path in members(answer)})


def api_name(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


def complaint(found: Recording, place: tuple[str, str, tuple[str, ...]], *, knows: bool) -> Iterator[str]:
    """What is wrong with what becomes of an answer without a member; nothing where all is right. IAM sends no empty
    list of tags, so that one that nobody remembers, and has none in the answer, is nobody's."""
    service, operation, path = place
    edit = only(service, operation, partial(without, path=path))
    try:
        planned, destroyed = found.plan(edit, knows=knows), found.destroy(edit, knows=knows)
    except Exception as error:
        yield f"{operation} without {'.'.join(path)}: {error!r}"
        return
    what = f"{operation} without {'.'.join(path)}, {'with' if knows else 'without'} folder"
    for outcome in (planned, destroyed):
        if outcome.refused and not names(outcome, operation):
            yield f"{what}: refused without its name: {outcome.refused}"
    if planned.sends and (service, operation, ".".join(path)) not in TELLING:
        yield f"{what}: an apply would do {sorted(planned.sends)}"
    left, more = found.everything - destroyed.changes, destroyed.changes - found.everything
    untagged = not knows and path[-1] == "Tags" and service == "iam"
    if left and not destroyed.refused and not destroyed.said and not untagged:
        yield f"{what}: a destroy leaves {sorted(left)} and says nothing"
    if more:
        yield f"{what}: a destroy takes {sorted(more)}"


def names(outcome: Outcome, operation: str) -> bool:
    """Whether a refusal says whose answer it is, or what of AWS contradicts what."""
    return api_name(operation) in outcome.refused or "AWS" in outcome.refused


def check_members(
    found: Recording,
    record_property: Callable[[str, object], None],
    every: int = 1,
    folders: Sequence[bool] = (True, False),
) -> None:
    chosen = places(found)[::every]
    record_property("members left out", len(chosen) * len(folders))
    assert len(chosen) * every > 200
    wrong = [line for place in chosen for knows in folders for line in complaint(found, place, knows=knows)]
    assert wrong == []


def test_an_answer_without_a_member_changes_nothing(
    recording: Recording, record_property: Callable[[str, object], None]
) -> None:
    check_members(recording, record_property, _EVERY, [True])


def test_what_ec2_shows_without_tags_is_nobody_elses(recording: Recording) -> None:
    """What carries the plan's tag another answer says."""
    untagged = [place for place in places(recording) if place[0] == "ec2" and place[2][-1] == "Tags"]
    assert len(untagged) > 10
    assert [
        line for place in untagged for knows in (True, False) for line in complaint(recording, place, knows=knows)
    ] == []


def test_what_the_answer_about_the_plans_tag_lacks_is_found_all_the_same(recording: Recording) -> None:
    """It may lag behind the lists: all of it, or a part, with the run's folder and without."""
    rows = [
        row for _, name, answer in recording.recorded() if name == "describe_tags" for row in answer.get("Tags", ())
    ]
    tagged = sorted({row["ResourceId"] for row in rows if row["Key"] == OWN_TAG})
    assert len(tagged) > 10
    for late in (tagged, tagged[::2], tagged[1::2]):
        edit = only("ec2", "describe_tags", partial(without_tags_of, late))
        for knows in (True, False):
            assert recording.plan(edit, knows=knows).changes == frozenset()
            assert recording.destroy(edit, knows=knows).changes == recording.everything
        assert recording.destroy_by_name(edit).changes == recording.everything


def without_tags_of(ids: Sequence[str], answer: Any) -> Any:
    """An answer to DescribeTags in which these don't carry the plan's tag."""
    kept = [row for row in answer["Tags"] if row["Key"] != OWN_TAG or row["ResourceId"] not in ids]
    return {**answer, "Tags": kept}


@pytest.mark.torture
def test_an_answer_without_any_member_in_turn_changes_nothing(
    recording: Recording, record_property: Callable[[str, object], None]
) -> None:
    check_members(recording, record_property)


PLANS: Final = ("govcloud", "network-3az", "network-single-zone", "public-3az", "restricted-3az", "single-zone")


@pytest.mark.torture
@pytest.mark.parametrize("plan", PLANS)
def test_plans_that_are_shipped(
    plan: str, one_bastion: Bastion, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = recorded(one_bastion, ROOT / "plans" / f"{plan}.yaml", tmp_path)
    check_members(found, record_property)
    check_order_and_pages(found, range(12))
    for edit in (with_more, with_new_states):
        unchanged(found, edit)


def shuffled(seed: int) -> Edit:
    """Every list of every answer in another order, always the same, but those that are within a document."""

    def shuffle(value: Any, chance: random.Random) -> Any:
        if isinstance(value, dict):
            return {name: item if name.endswith(_ORDERED) else shuffle(item, chance) for name, item in value.items()}
        if isinstance(value, list):
            return chance.sample([shuffle(item, chance) for item in value], len(value))
        return value

    return lambda service, operation, answer: shuffle(answer, random.Random(seed))


def unchanged(found: Recording, edit: Edit, page_size: int = 0) -> None:
    """That nothing comes of it."""
    for knows in (True, False):
        planned = found.plan(edit, page_size, knows=knows)
        assert (planned.changes, planned.problems, planned.refused) == (frozenset(), (), "")
        assert found.destroy(edit, page_size, knows=knows).changes == found.everything


def check_order_and_pages(found: Recording, seeds: range) -> None:
    for seed in seeds:
        for size in (0, 1, 5):
            unchanged(found, shuffled(seed), size)


@pytest.mark.parametrize("size", [0, 1, 5])
def test_neither_order_nor_pages_change_anything(recording: Recording, size: int) -> None:
    unchanged(recording, shuffled(size), size)


@pytest.mark.torture
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0), size=st.integers(0, 7))
def test_no_order_and_no_pages_change_anything(recording: Recording, seed: int, size: int) -> None:
    unchanged(recording, shuffled(seed), size)


def test_pages_were_really_asked_for(recording: Recording) -> None:
    counts: Counter[int] = Counter()

    def count(size: int, service: str, operation: str, answer: Any) -> Any:
        counts[size] += 1
        return answer

    for size in (0, 1, 5):
        recording.plan(partial(count, size), size)
    assert counts[1] > counts[5] >= counts[0] > 20


def with_more(service: str, operation: str, answer: Any) -> Any:
    """An answer in which each structure has members that nobody knows yet."""
    if isinstance(answer, dict):
        # A document is the user's.
        inside = {
            name: value
            if name.endswith(_ORDERED) or name == "ResponseMetadata"
            else with_more(service, operation, value)
            for name, value in answer.items()
        }
        return {**inside, "NewMember": "new", "NewMembers": [{"NewId": "new-1"}], "NewFlag": True, "NewNumber": 7}
    return [with_more(service, operation, item) for item in answer] if isinstance(answer, list) else answer


def test_members_that_are_new_change_nothing(recording: Recording) -> None:
    unchanged(recording, with_more)


def test_what_others_have_in_shapes_that_no_plan_makes_ends_no_command(recording: Recording) -> None:
    before = Counter((check.id, check.status.value) for check in recording.checks())
    crowded = replace(recording, others=SHAPES)
    for knows in (True, False):
        planned, destroyed = crowded.plan(knows=knows), crowded.destroy(knows=knows)
        assert (planned.changes, planned.problems, planned.refused) == (frozenset(), (), "")
        assert (destroyed.changes, destroyed.problems, destroyed.refused) == (recording.everything, (), "")
        for outcome in (planned, destroyed):
            passed_over = [each for each in outcome.said if "it isn't this plan's, and is left alone" in each]
            assert any("DescribeNatGateways" in each and "nat-3" in each for each in passed_over)
    checked = crowded.checks()
    more = Counter((check.id, check.status.value) for check in checked) - before
    assert set(more) == {("plan", "warn")}
    assert all("is left alone" in check.detail for check in checked if (check.id, check.status.value) in more)


def enums(shape: Shape, path: tuple[str, ...] = (), deep: int = 6) -> Iterator[tuple[str, ...]]:
    """Where an answer has words of a list of AWS's."""
    if shape.type_name == "list":
        yield from enums(shape.member, path, deep)  # type: ignore[attr-defined]
    elif isinstance(shape, StructureShape) and deep:
        for name, member in shape.members.items():
            yield from enums(member, (*path, name), deep - 1)
    elif getattr(shape, "enum", None):
        yield path


def words(found: Recording) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each place of a word in the answers that were recorded."""
    for service, operation, path in places(found):
        model = found.bastion.client(service).meta
        shape = model.service_model.operation_model(model.method_to_api_mapping[operation]).output_shape
        if shape is not None and path in set(enums(shape)):
            yield service, operation, path


def renamed(path: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda answer: edited(answer, path, lambda holder, name: holder.update({name: "brand-new-word"}))


_STATES: Final = ("State", "Code", "Status")


def with_new_states(service: str, operation: str, answer: Any) -> Any:
    """An answer in which whatever has a state is in one that is new."""
    for path in set(members(answer)):
        if path[-1] in _STATES and service in ("ec2", "elbv2") and isinstance(_at(answer, path), str):
            answer = renamed(path)(answer)
    return answer


def _at(answer: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        while isinstance(answer, list):
            answer = answer[0] if answer else {}
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def test_states_that_are_new_are_waited_on(recording: Recording) -> None:
    unchanged(recording, with_new_states)


@pytest.mark.torture
def test_words_that_are_new_end_nothing(recording: Recording, record_property: Callable[[str, object], None]) -> None:
    """One that is said of something of ours is another value than the plan's: a difference, and no traceback."""
    found = list(words(recording))
    record_property("words replaced", len(found))
    assert len(found) > 25
    for service, operation, path in found:
        outcome = recording.plan(only(service, operation, renamed(path)))
        assert not outcome.refused or names(outcome, operation)
