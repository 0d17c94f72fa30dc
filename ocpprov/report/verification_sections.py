"""The sections of a report about the last verification: its rows, and the port matrix as tables and as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

from ocpprov.checks.exposure import Exposures
from ocpprov.engine.plurals import number_of
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.openshift.subnet_pairs import PairCount
from ocpprov.report.markup import Child, element
from ocpprov.report.page_parts import Column, Row, cell, point, section, table
from ocpprov.report.reach_pairs import Pair, names, pairs, traffic
from ocpprov.report.reach_picture import reach_picture
from ocpprov.report.verified import ShownVerification

_TONES: Final = {"pass": "good", "fail": "bad", "unknown": "warn", "yes": "good", "no": "bad"}
_MEANINGS: Final = {row.id: row.meaning for row in ROWS}
_ANSWERS: Final = {"no": "not as they should be", "unknown": "not known", "yes": "as they should be"}
"""In the order in which they are told."""


def verification(found: ShownVerification | None, began: float | None) -> Element:
    """Each requirement, and what mends those that don't hold; `began` is when the run did that the page is about, None
    where it is about no run."""
    if found is None:
        text = "No verification was run from this folder."
        return section("verification", "Verification", element("p", text, class_="soft"))
    counts = Counter(str(row.get("status")) for row in found.rows)
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    caption = f"Verification of {point(found.time)}{_beside(found.time, began)}: {told}"
    columns = [
        Column("Requirement"),
        Column("Status"),
        Column("What was found", "text"),
        Column("What to do", "text"),
        Column("Evidence", "id"),
    ]
    return section("verification", "Verification", table("requirements", caption, columns, map(_row, found.rows)))


def _beside(time: float, began: float | None) -> str:
    if began is None:
        return ""
    return ", before this run" if time < began else ", after this run's beginning"


def _row(row: Mapping[str, Any]) -> Row:
    id, status, evidence = str(row.get("id") or ""), str(row.get("status")), row.get("evidence")
    return Row(
        [
            cell(id),
            cell(_marked(status, status)),
            cell(str(row.get("detail") or "") or _MEANINGS.get(id, "")),
            cell(str(row.get("remedy") or ""), *_commands(row.get("commands"))),
            cell(element("code", ", ".join(map(str, evidence))) if isinstance(evidence, list) and evidence else ""),
        ]
    )


def _commands(commands: object) -> Iterator[Element]:
    for each in commands if isinstance(commands, Sequence) and not isinstance(commands, str) else ():
        yield element("div", element("code", str(each)))


def _marked(text: str, tone: str) -> Element:
    return element("span", text, class_=_TONES.get(tone, "soft"))


def reach(found: ShownVerification | None) -> Element:
    """The port matrix: a picture, who reaches whom, and each pair with its traffic."""
    flows = found.flows if found else ()
    if not flows:
        return section("reach", "Port matrix", element("p", "No flows are known.", class_="soft"))
    shown = pairs(flows)
    counts = Counter(flow.answer for flow in flows)
    told = ", ".join(f"{counts[answer]} {words}" for answer, words in _ANSWERS.items() if counts[answer])
    caption = f"{number_of(len(flows), 'flow')}: {told}. {_LEGEND}"
    drawn = reach_picture(flows, f"Port matrix: {told}")
    box = element("div", drawn, class_="wide", tabindex="0", role="region", aria_label="Port matrix, a picture")
    figure = element("figure", box, element("figcaption", caption, class_="soft"))
    subnets = [_subnets(found.subnets)] if found and found.subnets else []
    return section("reach", "Port matrix", figure, _grid(shown), _pairs(shown), *subnets)


_LEGEND: Final = (
    "Thin lines: it arrives. Thick ones end with a cross where they are stopped, and go on dotted from there; "
    "dashed ones with a question mark aren't known."
)


def _grid(shown: Sequence[Pair]) -> Element:
    """Who asks in the rows, who is asked in the columns."""
    targets = list(dict.fromkeys(pair.target for pair in shown))
    by_place = {(pair.source, pair.target): pair for pair in shown}
    rows = [
        Row([cell(source), *(cell(*_counted(by_place.get((source, target)))) for target in targets)])
        for source in dict.fromkeys(pair.source for pair in shown)
    ]
    columns = [Column("From"), *(Column(f"to {target}") for target in targets)]
    return table("matrix", "Flows between each two parties, and whether they are as they should be", columns, rows)


def _counted(pair: Pair | None) -> Iterator[Child]:
    for answer in _ANSWERS if pair else ():
        if pair and (found := pair.of(answer)):
            text = f"{answer} ({len(found)})" if len(pair.flows) > 1 else answer
            yield element("div", text, class_=_TONES[answer])


def _subnets(counts: Sequence[PairCount]) -> Element:
    """How many flows arrive between each two subnets of machines."""
    targets = list(dict.fromkeys(each.target for each in counts))
    by_place = {(each.source, each.target): each for each in counts}
    rows = [
        Row([cell(source), *(cell(_share(by_place.get((source, target)))) for target in targets)])
        for source in dict.fromkeys(each.source for each in counts)
    ]
    columns = [Column("From"), *(Column(f"to {target}") for target in targets)]
    return table("subnets", "Flows that arrive, from subnet to subnet", columns, rows)


def _share(count: PairCount | None) -> Child:
    if count is None:
        return None
    tone = "good" if count.arriving == count.flows else "bad"
    return element("span", f"{count.arriving} of {count.flows}", class_=tone)


def _pairs(shown: Sequence[Pair]) -> Element:
    columns = [
        Column("From"),
        Column("To"),
        Column("As it should be"),
        Column("Traffic", "text"),
        Column("In the way", "text"),
        Column("What opens it", "text"),
    ]
    rows = [row for answer in _ANSWERS for pair in shown for row in _pair_rows(pair, answer)]
    return table("flows", "Each pair, and what goes between the two", columns, rows)


def _pair_rows(pair: Pair, answer: str) -> Iterator[Row]:
    flows = pair.of(answer)
    if not flows:
        return
    stops = pair.stops if answer == "no" else ()
    opens = dict.fromkeys(stop.opening for stop in stops)
    commands = dict.fromkeys(each for stop in stops for each in stop.commands)
    yield Row(
        [
            cell(pair.source),
            cell(pair.target),
            cell(_marked(answer, answer)),
            cell(traffic(flows)),
            cell("; ".join(_why(pair, answer))),
            cell("; ".join(opens), *_commands(list(commands))),
        ]
    )


def _why(pair: Pair, answer: str) -> Iterator[str]:
    """What is in the way, couldn't be read, or can't be seen from here."""
    flows = pair.of(answer)
    match answer:
        case "no":
            yield from (stop.detail for stop in pair.stops)
            yield from (f"{flow.name} in {flow.where}" for flow in flows if flow.wanted and flow.where)
            if pair.intruding:
                yield f"{names(pair.intruding)} must not arrive, and does"
        case "unknown":
            yield from dict.fromkeys(each for flow in flows for each in flow.unread)
        case _:
            if beyond := dict.fromkeys(each for flow in flows for each in flow.beyond):
                yield f"seen as far as {', '.join(beyond)}"


def beyond_need(found: Exposures) -> Element:
    """What is open and no requirement needs it, for the auditor."""
    columns = [
        Column("Open"),
        Column("What is let through", "text"),
        Column("What that lays open", "text"),
        Column("Of it needed", "text"),
        Column("Whose"),
        Column("What closes it", "text"),
    ]
    rows = [
        Row(
            [
                cell(each.component, f" ({each.resource})" if each.resource else None),
                cell(each.allows),
                cell(each.exposed),
                cell(each.needed),
                cell(each.origin),
                cell(each.remedy),
            ]
        )
        for each in found.open
    ]
    caption = f"{number_of(len(rows), 'opening')} that no requirement needs"
    nothing = "Nothing is open that no requirement needs" + (", as far as it could be judged." if found.unread else ".")
    shown = table("openings", caption, columns, rows) if rows else element("p", nothing, class_="soft")
    aside = [*(f"Known: {each}" for each in found.known), *(f"Not judged: {each}" for each in found.unread)]
    told = element("ul", *(element("li", each) for each in aside), class_="soft") if aside else None
    return section("beyond-need", "Open beyond need", shown, told)
