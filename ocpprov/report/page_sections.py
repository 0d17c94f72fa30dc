"""The sections of a report, each made from what is known of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from xml.etree.ElementTree import Element

from ocpprov.engine.events import EventKind
from ocpprov.engine.plurals import number_of
from ocpprov.kinds.contract import Kind, Subject
from ocpprov.report.console import console_link
from ocpprov.report.graph_text import subject_of
from ocpprov.report.history import History
from ocpprov.report.markup import Child, element
from ocpprov.report.outcomes import ResourceOutcome, existing, outcomes
from ocpprov.report.page_parts import Column, Row, cell, duration, facts, point, section, table
from ocpprov.report.picture import picture
from ocpprov.report.things import FoldedThings, Thing, fold
from ocpprov.report.timeline import StepSpan, longest_chain, spans
from ocpprov.report.topology import topology

_TONES: Final = {"pass": "good", "warn": "warn", "unknown": "warn", "fail": "bad"}


@dataclass(frozen=True)
class Checks:
    """The rows of a `preflight`, as its JSON has them, and when it was."""

    time: float
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Sections:
    """All sections of the report of one run."""

    history: History
    kinds: Mapping[str, Kind]
    checks: Checks | None = None

    def summary(self) -> Element:
        """What it was, and how it ended."""
        return section("summary", "Summary", facts(self._facts()), *self._failures())

    def _facts(self) -> Iterator[tuple[str, Sequence[Child]]]:
        head, history = self.history.head, self.history
        yield "Outcome", cell(self._outcome())
        yield "Begun", cell(point(head.time))
        yield "Took", cell(duration(history.end - head.time))
        for name, value in (("Account", head.account), ("Region", head.region), ("Cluster", head.cluster)):
            if value:
                yield name, cell(value)
        yield "Run", cell(element("code", head.run))
        if head.command:
            yield "Command", cell(element("code", head.command))
        if counts := self._counts():
            yield "Done", cell(counts)
        yield "Resources", cell(f"{sum(existing(self._outcomes).values())} exist")
        yield "Calls", cell(f"{len(history.calls)} that change, {history.reads} that only read")

    def _outcome(self) -> Element:
        finished = self.history.finished
        if finished is None:
            known = "the run didn't say its end" if self.history.head.complete else "not known: an earlier version ran"
            return element("span", f"{known}; the last that is known is of {point(self.history.end)}", class_="warn")
        if finished.detail.get("ok") is True:
            return element("span", "done", class_="good")
        return element("span", "failed, or was interrupted", class_="bad")

    def _counts(self) -> str:
        summary = self.history.finished.detail.get("summary") if self.history.finished else None
        rows = summary.items() if isinstance(summary, Mapping) else ()
        return ", ".join(f"{count} {_PAST.get(str(verb), verb)}" for verb, count in rows if count)

    def _failures(self) -> Iterator[Element]:
        failed = [each for each in self.history.events if each.event == EventKind.FAILED.value]
        if failed:
            columns = [Column("Resource"), Column("Type"), Column("What was said", "text")]
            rows = [
                Row([cell(each.resource or each.type), cell(each.type), cell(str(each.detail.get("reason") or ""))])
                for each in failed
            ]
            yield table("failures", f"{number_of(len(failed), 'failure')}", columns, rows)

    def topology(self) -> Element:
        """The picture."""
        gone = not self.history.head.things
        things = self.history.head.going if gone else self._known_things
        shown = topology(things)
        if shown.empty or not self.history.head.complete:
            text = "Nothing that a picture could show." if self.history.head.complete else "This run kept no picture."
            return section("topology", "Topology", element("p", text, class_="soft"))
        words = "what was there before it went" if gone else "what the plan wants, with AWS's ids of what is there"
        drawn = picture(shown, f"Topology of {self.history.head.plan}: {words}")
        caption = f"{words[0].upper()}{words[1:]}."
        box = element("div", drawn, class_="wide", tabindex="0", role="region", aria_label="Topology, a picture")
        return section("topology", "Topology", element("figure", box, element("figcaption", caption, class_="soft")))

    @cached_property
    def _known_things(self) -> Sequence[Thing]:
        ids = {each.name: each.id for each in self._outcomes if each.exists}
        return [
            Thing(each.name, each.type, each.properties, each.needs, ids.get(each.name, ""))
            for each in self.history.head.things
        ]

    @cached_property
    def _spans(self) -> Sequence[StepSpan]:
        return spans(self.history.events, self.history.end)

    @cached_property
    def _outcomes(self) -> Sequence[ResourceOutcome]:
        return outcomes(self.history.head, self._spans)

    @cached_property
    def _folded(self) -> FoldedThings:
        return fold([*self.history.head.things, *self.history.head.going], self.kinds)

    @cached_property
    def _chain(self) -> Sequence[StepSpan]:
        return longest_chain(self._spans, self.history.head.after)

    def timeline(self) -> Element:
        """When each step ran."""
        if not self._spans:
            return section("timeline", "Time line", element("p", "Nothing was changed.", class_="soft"))
        columns = [Column("Resource"), Column("What"), Column("From", "number"), Column("Took", "number")]
        rows = [self._track(group) for group in self._groups()]
        whole = table(
            "steps", "Steps by their beginning, in seconds from it", [*columns, Column("Course", "track")], rows
        )
        return section("timeline", "Time line", *self._chain_told(), whole)

    def _chain_told(self) -> Iterator[Element]:
        if len(self._chain) < 2:
            return
        took = duration(self._chain[-1].end - self._chain[0].start)
        yield element("h3", "Longest chain")
        yield element("p", f"Each of these steps waited for the one before. From the first to the last: {took}.")
        yield element("ol", *(element("li", text) for text in map(_linked, self._chain, [None, *self._chain])))

    def _groups(self) -> Sequence[Sequence[StepSpan]]:
        """Each step that stands for itself, and those that are counted with one thing, together."""
        groups: dict[tuple[str, str], list[StepSpan]] = {}
        for span in self._spans:
            parent = self._folded.parents.get(span.resource, "")
            groups.setdefault((parent, span.type if parent else span.step), []).append(span)
        return list(groups.values())

    def _track(self, group: Sequence[StepSpan]) -> Row:
        first = group[0]
        start, end = min(each.start for each in group), max(each.end for each in group)
        chained = any(each in self._chain for each in group)
        name, noun = first.resource, self.kinds[first.type].noun if first.type in self.kinds else ""
        if parent := self._folded.parents.get(first.resource):
            name = f"{parent}: {number_of(len(group), noun)}"
        mark = element("span", "longest chain", class_="mark") if chained and len(self._chain) > 1 else None
        what = ", ".join(dict.fromkeys(each.outcome or "begun, not ended" for each in group))
        begun, length = self.history.head.time, max(self.history.end - self.history.head.time, 0.001)
        left, width = (100 * max(0.0, each) / length for each in (start - begun, end - start))
        bar = element("div", class_="bar", aria_hidden="true", style=f"margin-left:{left:.2f}%;width:{width:.2f}%")
        cells = [cell(name, " ", mark), cell(what), cell(f"{start - begun:.2f}"), cell(f"{end - start:.2f}"), cell(bar)]
        return Row(cells, "chain" if chained else "")

    def resources(self) -> Element:
        """What there is, with ids."""
        counts = existing(self._outcomes)
        rows = [Row([cell(type), cell(str(count))]) for type, count in counts.items()]
        total = sum(counts.values())
        what = f"{total} resources exist, of {number_of(len(counts), 'type')}" if total else "Nothing of it exists"
        columns = [Column("Type"), Column("Number", "number")]
        parts = [table("counts", what, columns, rows, "counts")] if rows else [element("p", what)]
        return section("resources", "Resources", *parts, *self._by_subject())

    def _by_subject(self) -> Iterator[Element]:
        for subject in Subject:
            found = [each for each in self._outcomes if subject_of(Thing(each.name, each.type), self.kinds) is subject]
            if found:
                yield element("h3", subject.value)
                columns = [Column("Resource", "text"), Column("Type"), Column("Id in AWS", "id"), Column("In this run")]
                rows = [
                    Row([cell(each.name), cell(each.type.partition("::")[2]), cell(self._id(each)), cell(each.what)])
                    for each in found
                ]
                name = f"resources-{subject.name.lower().replace('_', '-')}"
                yield table(name, f"{subject.value}: {len(found)}", columns, rows)

    def _id(self, found: ResourceOutcome) -> Element | str:
        head = self.history.head
        link = "" if head.sandbox or not found.exists else console_link(found.type, found.id, head.region)
        if not link:
            return element("code", found.id) if found.id else ""
        return element("a", element("code", found.id), href=link, rel="noopener noreferrer")

    def preflight(self) -> Element:
        """What was found out before."""
        if self.checks is None:
            text = "No preflight was run from this folder."
            return section("preflight", "Preflight", element("p", text, class_="soft"))
        columns = [Column("Check"), Column("Status"), Column("What was found", "text"), Column("What to do", "text")]
        rows = [
            Row(
                [
                    cell(str(row.get("id") or "")),
                    cell(element("span", str(row.get("status")), class_=_TONES.get(str(row.get("status")), "soft"))),
                    cell(str(row.get("detail") or "")),
                    cell(str(row.get("remedy") or "")),
                ]
            )
            for row in self.checks.rows
        ]
        when = "before this run" if self.checks.time <= self.history.head.time else "after this run's beginning"
        caption = f"Preflight of {point(self.checks.time)}, {when}: {number_of(len(rows), 'check')}"
        return section("preflight", "Preflight", table("checks", caption, columns, rows))

    def others(self) -> Element:
        """What others have in it."""
        rows = [
            Row([cell(each.resource), cell(each.what), cell("stays" if each.stays else "goes along")])
            for each in self.history.head.others
        ]
        unproven = self.history.finished.detail.get("unproven") if self.history.finished else None
        for claim in unproven if isinstance(unproven, list) else ():
            if isinstance(claim, Mapping):
                words = f"{claim.get('type') or ''}: carries this plan's tags, and nothing shows that it is the plan's"
                rows.append(Row([cell(str(claim.get("id") or "")), cell(words), cell("stays")]))
        if not rows:
            text = "Nothing of others was found in what is the plan's."
            return section("others", "What others have in it", element("p", text, class_="soft"))
        columns = [Column("In"), Column("What", "text"), Column("What becomes of it")]
        caption = f"{number_of(len(rows), 'addition')} of others"
        return section("others", "What others have in it", table("additions", caption, columns, rows))

    def calls(self) -> Element:
        """The evidence."""
        calls = self.history.calls
        if not calls:
            text = "The log has no call of this run that may have changed something."
            return section("calls", "Changing calls", element("p", text, class_="soft"))
        columns = [
            Column("Call"),
            Column("For", "text"),
            Column("Time (UTC)", "time"),
            Column("Answer"),
            Column("Seconds", "number"),
            Column("Request id", "id"),
        ]
        rows = [
            Row(
                [
                    cell(
                        f"{each.service}:{each.operation}", f" (attempt {each.attempt})" if each.attempt > 1 else None
                    ),
                    cell(_few(each.resources)),
                    cell(point(each.time).removesuffix(" UTC")),
                    cell(_answer(each.status, each.error_code)),
                    cell(f"{each.seconds:.2f}"),
                    cell(element("code", each.request_id) if each.request_id else "none: no answer came"),
                ]
            )
            for each in calls
        ]
        refused = sum(not 200 <= each.status < 300 for each in calls)
        caption = f"{number_of(len(calls), 'call')} that may have changed something, {refused} of them without success"
        return section("calls", "Changing calls", table("evidence", caption, columns, rows))


def _few(names: Sequence[str]) -> str:
    """What a call was for: of a batch the first, and how many there were."""
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 2 else ", ".join(names)


def _linked(span: StepSpan, before: StepSpan | None) -> str:
    """A step of the chain; what it waited for beside the one before (its turn, another try) is told, too."""
    idle = span.start - before.done if before else 0.0
    waited = f", after {duration(idle)} more of waiting" if idle >= 0.05 else ""
    return f"{span.resource}: {span.outcome} in {duration(span.seconds)}{waited}"


_PAST: Final = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "keep": "unchanged",
    "adopt": "adopted",
    "forget": "forgotten",
    "sweep": "swept",
}


def _answer(status: int, error_code: str) -> Element | str:
    if 200 <= status < 300:
        return str(status)
    return element("span", " ".join(filter(None, [str(status) if status else "", error_code])), class_="bad")
