"""A round in which one answer may have those of many: what is asked, what waits, what is asked after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.kinds.reads import Bulk, Found, Pages, Read, read
from ocpprov.reconcile.bulk_reads import attempt
from tests.reconcile.world import OWNER

ONE, TWO, REST, LATE, DETAILS = (read("s", name) for name in ("one", "two", "rest", "late", "details"))
PAGE = [{"in": "details"}]
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no"))


class Details(Bulk):
    """Has ONE, and TWO where its page says so; LATE waits."""

    def later(self, wanted: Sequence[Read], answers: Pages, found: Found) -> Sequence[Read]:
        return [one for one in wanted if one == LATE and REST in wanted]

    def instead(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Read]]:
        spared = [one for one in wanted if one in (ONE, TWO)]
        return {DETAILS: spared} if spared and DETAILS not in answers.answers else {}

    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        pages = answers.answers.get(DETAILS, ())
        has = {ONE, TWO} if any(page.get("all") for page in pages) else {ONE} if pages else set()
        return {one: PAGE for one in wanted if one in has}


@dataclass
class Asked:
    """A reader that keeps what it is asked, a list for each time."""

    details: Any = field(default_factory=lambda: [{"all": True}])
    times: list[list[str]] = field(default_factory=list)

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        self.times.append([one.operation for one in wanted])
        return {one: self.details if one == DETAILS else [{"by": "itself"}] for one in wanted}


def outcome(asked: Asked, wanted: Sequence[Read], answers: Mapping[Read, Any] | None = None) -> dict[str, Any]:
    reader: Any = asked
    found = attempt(wanted, answers or {}, Found(OWNER), reader, [Details()])
    return {one.operation: pages for one, pages in found.items()}


def test_one_call_stands_for_the_others() -> None:
    found = outcome(asked := Asked(), [ONE, TWO, REST])
    assert asked.times == [["rest", "details"]]
    assert (found["one"], found["two"], found["rest"]) == (PAGE, PAGE, [{"by": "itself"}])


def test_what_it_does_not_tell_is_asked_in_the_same_round() -> None:
    found = outcome(asked := Asked(details=[{}]), [ONE, TWO])
    assert asked.times == [["details"], ["two"]]
    assert (found["one"], found["two"]) == (PAGE, [{"by": "itself"}])


@pytest.mark.parametrize("answer", [[], DENIED], ids=["denied", "failed"])
def test_where_it_brings_nothing_all_is_as_without_it(answer: Any) -> None:
    found = outcome(asked := Asked(details=answer), [ONE, TWO])
    assert asked.times == [["details"], ["one", "two"]]
    assert (found["one"], found["two"], found["details"]) == ([{"by": "itself"}], [{"by": "itself"}], [])


class Confused(Details):
    """Can't make sense of what came."""

    def later(self, wanted: Sequence[Read], answers: Pages, found: Found) -> Sequence[Read]:
        raise TypeError("'NoneType' object is not iterable")

    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        raise AttributeError("'list' object has no attribute 'get'") if DETAILS in answers.answers else KeyError("x")


class Lost(Confused):
    """Not even of what came first."""

    def instead(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Read]]:
        raise AttributeError("'str' object has no attribute 'get'")


@pytest.mark.parametrize("bulk", [Confused(), Lost()])
def test_an_answer_that_it_cannot_make_sense_of_tells_nothing(bulk: Bulk) -> None:
    reader: Any = Asked()
    found = attempt([ONE, TWO, LATE, REST], {}, Found(OWNER), reader, [bulk])
    assert {found[one] == [{"by": "itself"}] for one in (ONE, TWO, LATE, REST)} == {True}
    # Another one goes on.
    more: Any = Asked()
    attempt([ONE, TWO], {}, Found(OWNER), more, [bulk, Details()])
    assert more.times == [["details"]]


def test_what_it_told_before_is_not_asked() -> None:
    found = outcome(asked := Asked(), [ONE, REST], {DETAILS: [{}]})
    assert (asked.times, found["one"]) == ([["rest"]], PAGE)


def test_what_waits_is_left_out() -> None:
    assert outcome(asked := Asked(), [REST, LATE]).keys() == {"rest"}
    assert asked.times == [["rest"]]
    assert outcome(asked, [LATE]).keys() == {"late"}


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    assert outcome(asked := Asked(), []) == {}
    assert asked.times == []


@dataclass
class Answering:
    """A reader that always gets the same."""

    answer: Any

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return dict.fromkeys(wanted, self.answer)


@dataclass(frozen=True)
class First(Bulk):
    """ONE has the answer to TWO, too."""

    def instead(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Read]]:
        return {ONE: list(wanted)}

    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        return {one: [] for one in wanted if answers.answers.get(ONE)}


@pytest.mark.parametrize("answer", [PAGE, DENIED], ids=["answered", "failed"])
def test_a_wanted_read_that_stands_for_others_keeps_its_answer(answer: Any) -> None:
    """Twenty balancers and a group: the first share of all ARNs is what the balancers ask anyway."""
    reader: Any = Answering(answer)
    found = attempt([ONE, TWO], {}, Found(OWNER), reader, [First()])
    assert found == {ONE: answer, TWO: [] if answer == PAGE else answer}
