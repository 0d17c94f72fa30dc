"""A verification as JUnit's XML, which systems of continuous integration show as tests.

Elements and attributes are those that Jenkins' xUnit plug-in admits (`junit-10.xsd` in its repository) and that GitLab
reads (docs.gitlab.com, "Unit test reports"): a row that fails is a failure, one that isn't known an error, one that the
plan doesn't ask for is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent

from ocpprov.checks.exposure import Exposures
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification
from ocpprov.engine.printable import printable
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.report.markup import as_xml

_MEANINGS: Final = {row.id: row.meaning for row in ROWS}
_TAGS: Final = {RowStatus.FAIL: "failure", RowStatus.UNKNOWN: "error", RowStatus.NOT_APPLICABLE: "skipped"}


def junit(found: Verification) -> str:
    """The whole document, a test case for each row. Whatever stands in texts, it is XML: what can't be seen is written
    as `\\x1b`."""
    counted = {tag: str(sum(_TAGS.get(row.status) == tag for row in found.rows)) for tag in _TAGS.values()}
    totals = {"tests": str(len(found.rows)), "failures": counted["failure"], "errors": counted["error"]}
    took = f"{found.seconds:.3f}"
    root = Element("testsuites", {"name": "verify", "time": took, **totals})
    when = datetime.fromtimestamp(found.time, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    named = {"name": printable(f"verify {found.subject}"), "timestamp": when, "time": took}
    suite = SubElement(root, "testsuite", {**named, **totals, "skipped": counted["skipped"]})
    for row in found.rows:
        suite.append(_case(row, found.subject, [flow for flow in found.flows if flow.requirement == row.id]))
    if found.exposures:
        SubElement(suite, "system-out").text = _lines(_beyond_need(found.exposures))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{as_xml(root)}\n'


def _case(row: RowResult, subject: str, flows: Sequence[MatrixRow]) -> Element:
    """A case's name and class are the same from run to run, so that its history can be followed."""
    name = f"{row.id}: {_MEANINGS[row.id]}" if row.id in _MEANINGS else row.id
    case = Element("testcase", {"classname": printable(f"ocpprov.verify.{subject}"), "name": name, "time": "0"})
    if tag := _TAGS.get(row.status):
        wrong = SubElement(case, tag, {"message": printable(row.detail)})
        if row.status is not RowStatus.NOT_APPLICABLE:
            wrong.set("type", row.status.value)
            wrong.text = _lines([row.detail, *([f"-> {row.remedy}"] if row.remedy else []), *row.commands])
    if told := [*_told(row, flows)]:
        SubElement(case, "system-out").text = _lines(told)
    return case


def _told(row: RowResult, flows: Sequence[MatrixRow]) -> Iterator[str]:
    if row.detail and row.status is RowStatus.PASS:
        yield row.detail
    if row.evidence:
        yield f"evidence: {', '.join(row.evidence)}"
    for flow in flows:
        aside = "" if flow.wanted else ", which must not arrive"
        yield f"{flow.answer}: {flow.name} ({flow.traffic}) from {flow.source} to {flow.target}{aside}"


def _beyond_need(found: Exposures) -> Iterator[str]:
    """What is open and no requirement needs it: it belongs to no row, and fails none."""
    for each in found.open:
        name = f"{each.component} ({each.resource})" if each.resource else each.component
        needed = f"; needed: {each.needed}" if each.needed else ""
        words = f"{each.allows}; lays open {each.exposed}{needed}; {each.origin} -> {each.remedy}"
        yield f"open beyond need: {name}: {words}"
    yield from (f"known: {text}" for text in found.known)
    yield from (f"not judged: {text}" for text in found.unread)
    if not found.open:
        yield "nothing is open that no requirement needs"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(map(printable, lines))
