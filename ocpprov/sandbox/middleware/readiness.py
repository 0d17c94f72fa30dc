"""What isn't ready can't be used: the table of `readiness_table`, held against every call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.readiness import Readiness

Words: TypeAlias = Mapping[str, str]
"""What stands in a sentence of AWS's in place of the names in braces."""


@dataclass(frozen=True)
class Use:
    """What a call needs: by what it is known (an id, a name), and the words for AWS's sentence."""

    key: str
    words: Words


@dataclass(frozen=True)
class AfterMaking:
    """Not usable for some time after the answer that made it. `made`: by what it is known; `uses`: of a call."""

    row: Readiness
    made: Callable[[Request, Answer, Aws], Iterable[str]]
    uses: Callable[[Request, Aws], Iterable[Use]]


@dataclass(frozen=True)
class AfterChange:
    """The same for some time after a call, which is asked before it is carried out what it is about to touch."""

    row: Readiness
    touched: Callable[[Request, Aws], Iterable[str]]
    uses: Callable[[Request, Aws], Iterable[Use]]


@dataclass(frozen=True)
class WhileState:
    """Not usable in the state that it is in: `unmet` has the words for each thing of a call that isn't."""

    row: Readiness
    unmet: Callable[[Request, Aws], Iterable[Words]]


Rule: TypeAlias = AfterMaking | AfterChange | WhileState

_BATCH: Final = "InvalidChangeBatch"
"""The code whose sentence lists all complaints."""


class ReadinessTable:
    """Refuses what the rows of the rules say, with these delays. `rows` are those that count, by id: those of AWS's own
    answers in place of what the rules were written with."""

    def __init__(self, rules: Sequence[Rule], rows: Mapping[str, Readiness], delays: Delays) -> None:
        self._rules = rules
        self._rows = rows
        self._delays = delays
        self._since: dict[tuple[str, str], float] = {}
        self._touched: list[tuple[str, str]] = []

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        self._touched = []
        if not request.mutating:
            return None
        for rule in self._rules:
            row = self._rows[rule.row.id]
            unmet = list(self._unmet(rule, row, request, aws)) if request.operation in row.operations else []
            if unmet:
                sentences = [row.sentence.format(**words) for words in unmet]
                said = f"[{', '.join(sentences)}]" if row.code == _BATCH else sentences[0]
                return error(request, row.code, said, row.status)
        for rule in self._rules:
            if isinstance(rule, AfterChange):
                self._touched += [(rule.row.id, key) for key in rule.touched(request, aws)]
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Notes when things are made and touched."""
        if answer.ok and request.mutating:
            made = [
                (rule.row.id, key)
                for rule in self._rules
                if isinstance(rule, AfterMaking)
                for key in rule.made(request, answer, aws)
            ]
            self._since.update(dict.fromkeys((*made, *self._touched), aws.now()))
        return answer

    def _unmet(self, rule: Rule, row: Readiness, request: Request, aws: Aws) -> Iterator[Words]:
        if not (row.for_all or request.is_ocpprovs) and (row.passes or not isinstance(rule, WhileState)):
            return
        if isinstance(rule, WhileState):
            yield from rule.unmet(request, aws)
            return
        lasts = row.lasts(self._delays)
        for use in rule.uses(request, aws):
            since = self._since.get((row.id, use.key))
            if since is not None and aws.now() < since + lasts:
                yield use.words
