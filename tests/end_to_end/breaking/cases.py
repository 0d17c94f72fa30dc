"""One change of what AWS has, and what verify has to say of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from tests.end_to_end.breaking.site import Row, Site
from tests.support import aws_cli
from tests.support.forking import Failed, forked

Make = Callable[[Site], object]
_LONGEST: Final = 800
_ROUNDS: Final = 8
"""Something else may be in the way behind what was taken away."""


@dataclass(frozen=True)
class Breakage:
    """`make` does it. `row` has to fail, and one of `named` has to stand in its detail or its evidence: the broken
    thing by its logical id or AWS's, or what stands in the way."""

    name: str
    row: str
    named: tuple[str, ...]
    make: Make


@dataclass(frozen=True)
class Harmless:
    """No requirement suffers from what `make` does."""

    name: str
    make: Make


@dataclass(frozen=True)
class Outcome:
    """`miss` is what verify didn't say, empty where it said all. `refused`: AWS doesn't let anybody do that.
    `in_words`: verify has no command for it, and says what helps."""

    name: str
    miss: str = ""
    refused: bool = False
    in_words: bool = False


def call(service: str, operation: str, **arguments: Any) -> Make:
    """One call of boto3's."""
    return lambda site: getattr(site.client(service), operation)(**arguments)


def broken(site: Site, case: Breakage) -> Outcome:
    """In a copy of this process, so that nothing has to be undone."""
    return _tried(case.name, lambda: _judged(site, case))


def unharmed(site: Site, case: Harmless) -> Outcome:
    """The same for what must not fail any row."""
    return _tried(case.name, lambda: _spared(site, case))


def mended(site: Site, case: Breakage, home: Path) -> Outcome:
    """What `verify` says mends the row is done, in a copy of the folder: then all holds again."""
    return _tried(case.name, lambda: _mended(site.moved(home), case))


def _mended(site: Site, case: Breakage) -> Outcome:
    if refusal := done(site, case.make):
        return Outcome(case.name, refusal, refused=True)
    if miss := missed(site, case):
        return Outcome(case.name, miss)
    done_by: list[str] = []
    for _ in range(_ROUNDS):
        code, rows = site.rows()
        failing = [row for row in rows.values() if row["status"] == "fail"]
        commands = next(filter(None, map(_commands, failing)), [])
        for command in commands:
            _run(site, command)
        done_by += commands
        if not commands:
            break
    wrong = {row["id"]: row["detail"] for row in failing}
    miss = f"after {done_by}: exit {code}: {wrong}" if done_by and code else ""
    return Outcome(case.name, miss, in_words=not done_by)


def _commands(row: Row) -> list[str]:
    """What a row tells to run: our own command first, and alone, as it may be all that is wanted."""
    own = [part for part in row["remedy"].split("; ") if part.startswith("ocpprov apply ")]
    return own or list(row["commands"])


def _run(site: Site, command: str) -> None:
    """A command as it is printed, of ours or of AWS's."""
    words = shlex.split(command)
    if words[0] == "ocpprov":
        allowed = frozenset(after for word, after in pairwise(words) if word == "--allow")
        ended = site.bastion.apply(site.plan, allow=allowed)
        assert ended.code == 0, ended.said
        return
    aws_cli.run(command, site.client)


def _tried(name: str, work: Callable[[], Outcome]) -> Outcome:
    try:
        return forked(work)
    except Failed as failed:
        return Outcome(name, str(failed))


def done(site: Site, make: Make) -> str:
    """Empty, or what AWS says against it."""
    try:
        make(site)
    except ClientError as error:
        return str(error)
    return ""


def _judged(site: Site, case: Breakage) -> Outcome:
    if refusal := done(site, case.make):
        return Outcome(case.name, refusal, refused=True)
    return Outcome(case.name, missed(site, case))


def missed(site: Site, case: Breakage) -> str:
    """What verify doesn't say of a breakage."""
    code, rows = site.rows()
    failing = {id: row for id, row in rows.items() if row["status"] == "fail"}
    if case.row not in failing:
        told = {id: row["detail"] for id, row in failing.items()}
        return f"{case.row} is {rows[case.row]['status']} ({rows[case.row]['detail']}); failing: {told}"
    if code != 1:
        return f"exit {code}"
    row = failing[case.row]
    said = [row["detail"], *row["evidence"]]
    if not any(name in text for name in case.named for text in said):
        return f"{case.row} names none of {case.named}: {row['detail']}"
    return "" if row["remedy"] else f"{case.row} has no remedy: {row['detail']}"


def _spared(site: Site, case: Harmless) -> Outcome:
    if refusal := done(site, case.make):
        return Outcome(case.name, refusal, refused=True)
    code, rows = site.rows()
    wrong = {id: row["detail"] for id, row in rows.items() if row["status"] not in ("pass", "not-applicable")}
    return Outcome(case.name, f"exit {code}: {wrong}" if code or wrong else "")


def misses(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """What verify didn't say, by the names of the cases: the end of it, where it is long."""
    return {each.name: each.miss[-_LONGEST:] for each in outcomes if each.miss and not each.refused}
