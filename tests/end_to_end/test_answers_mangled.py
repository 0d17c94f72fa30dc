"""AWS's answers as nobody foresaw them: parts of lists, things twice, tags and ids of other things, values of other
sorts, nothing where something is. No command ends in a traceback, a refusal names whose answer it was, and whatever an
answer says that nothing contradicts takes nothing away but what is this plan's.

A case is the whole way from boto3's answers to the actions, without a request (tests/support/recorded.py). All of it is
torture; what is found by it has its tests on values (tests/reconcile, tests/checks, tests/aws).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.test_answers_edited import names, recorded
from tests.support.in_process import Bastion
from tests.support.recorded import Edit, Outcome, Recording, as_it_is

Mangle = Callable[[Any], Any]
Row = dict[str, Any]
IDS: Final = ("Id", "Arn", "ARN", "Name")


def on_lists(edit: Callable[[list[Any]], Any]) -> Mangle:
    """Each list of an answer becomes what `edit` makes of it."""

    def mangle(answer: Any) -> Any:
        lists = [name for name, value in answer.items() if name != "ResponseMetadata" and isinstance(value, list)]
        return {**answer, **{name: edit(answer[name]) for name in lists}}

    return mangle


def on_rows(edit: Callable[[Row, Row], Row]) -> Mangle:
    """Each thing becomes what `edit` makes of it and the next one."""

    def rows(items: list[Any]) -> list[Any]:
        following = [*items[1:], *items[:1]]
        pairs = zip(items, copy.deepcopy(following), strict=True)
        return [edit(item, next_) if isinstance(item, dict) else item for item, next_ in pairs]

    return on_lists(rows)


def on_values(edit: Callable[[str, Any], Any]) -> Mangle:
    """Each value that is no list and no structure, with its name."""

    def within(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: each if key == "ResponseMetadata" else within(each, key) for key, each in value.items()}
        return [within(each, name) for each in value] if isinstance(value, list) else edit(name, value)

    return lambda answer: within(answer, "")


def on_texts(edit: Callable[[str], Any], names: tuple[str, ...] = ("",)) -> Mangle:
    """Each text, of members whose names end like this."""
    return on_values(lambda name, value: edit(value) if isinstance(value, str) and name.endswith(names) else value)


def bare(items: list[Any]) -> list[Any]:
    return [{key: value for key, value in each.items() if key != "Tags"} for each in items if isinstance(each, dict)]


def with_tags_of(row: Row, other: Row) -> Row:
    return {**row, "Tags": other.get("Tags", [])} if "Tags" in row else row


def with_id_of(row: Row, other: Row) -> Row:
    name = next((name for name in row if name.endswith(IDS)), "")
    return {**row, name: other[name]} if name in other else row


MANGLES: Final[Mapping[str, Mangle]] = {
    "without its first item": on_lists(lambda items: items[1:]),
    "with its first half": on_lists(lambda items: items[: (len(items) + 1) // 2]),
    "with its second half": on_lists(lambda items: items[(len(items) + 1) // 2 :]),
    "each twice": on_lists(lambda items: [*items, *copy.deepcopy(items)]),
    "each again without tags": on_lists(lambda items: [*items, *bare(items)]),
    "each before without tags": on_lists(lambda items: [*bare(items), *items]),
    "tags of another": on_rows(with_tags_of),
    "ids of another": on_rows(with_id_of),
    "keys in capitals": on_texts(str.upper, ("Key",)),
    "capitals": on_texts(str.upper),
    "spaces around": on_texts(lambda text: f" {text} "),
    "empty ids": on_texts(lambda _: "", IDS),
    "empty texts": on_texts(lambda _: ""),
    "nothing where texts are": on_texts(lambda _: None),
    "numbers where texts are": on_texts(lambda _: 7),
    "texts where numbers are": on_values(lambda _, value: str(value) if type(value) is int else value),
    "the other truth": on_values(lambda _, value: not value if isinstance(value, bool) else value),
    "lists where structures are": on_lists(lambda items: [[each] for each in items]),
    "nothing where items are": on_lists(lambda items: [None for _ in items]),
    "structures where lists are": on_lists(lambda items: {"Item": items}),
    "nothing where lists are": on_lists(lambda _: None),
}

OF_OTHERS: Final = {"tags of another", "ids of another", "keys in capitals"}
"""Tags may have been moved: whose a thing is then shows its `ocpprov:bound`."""
CHANGED: Final = {"the other truth", "texts where numbers are", "capitals", "spaces around", "empty texts"}
"""A property may have been changed, as far as any other word of it goes."""
SHORTER: Final = {"without its first item", "with its first half", "with its second half"}
"""Of what only one call tells nobody knows without the journal what is missing."""


BELIEVED: Final[Mapping[str, str]] = {
    "get_hosted_zone": "a zone that has a VPC twice gets its list anew, which changes nothing",
    "list_resource_record_sets": "no other call tells of records",
    "get_bucket_tagging": "tags may have been changed",
    "get_bucket_versioning": "no other call tells of it",
}
"""By operation: why what an answer to it says can't be told from the truth."""


def only(service: str, operation: str, mangle: Mangle) -> Edit:
    def edit(of: str, asked: str, answer: Any) -> Any:
        is_meant = (of, asked) == (service, operation) and isinstance(answer, dict)
        return mangle(copy.deepcopy(answer)) if is_meant else answer

    return edit


COMMANDS: Final[Mapping[str, Callable[[Recording, Edit], Outcome]]] = {
    "plan": lambda found, edit: found.plan(edit),
    "plan without its folder": lambda found, edit: found.plan(edit, knows=False),
    "destroy": lambda found, edit: found.destroy(edit),
    "destroy without its folder": lambda found, edit: found.destroy(edit, knows=False),
    "destroy by name": lambda found, edit: found.destroy_by_name(edit),
}


def complaint(found: Recording, name: str, edit: Edit, operation: str, mangled: str, calm: Outcome) -> Iterator[str]:
    """What is wrong with what a command comes to."""
    try:
        outcome = COMMANDS[name](found, edit)
    except Exception as error:
        yield f"{name}: {error!r}"
        return
    if outcome.refused:
        if not names(outcome, operation):
            yield f"{name}: refused without its name: {outcome.refused}"
        return
    is_destroy, knows = name.startswith("destroy"), "without" not in name and "by name" not in name
    if is_destroy and (more := outcome.changes - found.everything):
        yield f"{name}: takes {sorted(more)}"
    if outcome.changes == calm.changes or outcome.problems or set(outcome.said) - set(calm.said):
        return
    if (
        operation in BELIEVED
        or mangled in OF_OTHERS | CHANGED
        or (not knows and (mangled in SHORTER or mangled == "each before without tags"))
    ):
        return
    yield f"{name}: {sorted(outcome.changes ^ calm.changes)} and says nothing"


@pytest.mark.torture
def test_no_answer_however_it_is_ends_in_a_traceback_or_takes_what_is_not_the_plans(
    one_bastion: Bastion, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN))
    found = recorded(one_bastion, path, tmp_path)
    calm = {name: command(found, as_it_is) for name, command in COMMANDS.items()}
    operations = sorted({(service, operation) for service, operation, _ in found.recorded()})
    assert len(operations) > 20
    record_property("answers mangled", len(operations) * len(MANGLES))
    wrong = [
        f"{operation} {mangled}: {said}"
        for service, operation in operations
        for mangled, mangle in MANGLES.items()
        for name in COMMANDS
        for said in complaint(found, name, only(service, operation, mangle), operation, mangled, calm[name])
    ]
    assert wrong == [], "\n".join(wrong)
