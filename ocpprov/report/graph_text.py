"""The resources of a plan and what names what: for Mermaid, for Graphviz, and as JSON data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ocpprov.engine.plurals import number_of
from ocpprov.engine.printable import printable
from ocpprov.kinds.contract import Kind, Subject
from ocpprov.report.things import FoldedThings, Thing, references_of


def graph_document(things: Sequence[Thing], name: str, region: str) -> dict[str, Any]:
    """All of them, in the order in which each comes after what it needs."""
    return {
        "plan": name,
        "region": region,
        "resources": [{"resource": each.name, "type": each.type, "needs": list(each.needs)} for each in things],
        "references": [
            {"from": each.source, "to": each.target, "property": each.property}
            for thing in things
            for each in references_of(thing)
        ],
    }


def mermaid(folded: FoldedThings, kinds: Mapping[str, Kind]) -> str:
    """A flow chart; an arrow leads from what names to what is named."""
    ids = _ids(folded)
    lines = ["flowchart LR"]
    for number, (subject, group) in enumerate(_groups(folded, kinds)):
        lines.append(f'  subgraph s{number}["{_in_mermaid(subject.value)}"]')
        lines += [f'    {ids[each.name]}["{"<br>".join(map(_in_mermaid, rows))}"]' for each, rows in group]
        lines.append("  end")
    lines += [f"  {ids[source]} --> {ids[target]}" for source, target in _edges(folded)]
    return "\n".join(lines) + "\n"


def dot(folded: FoldedThings, kinds: Mapping[str, Kind], name: str) -> str:
    """A directed graph for Graphviz."""
    ids = _ids(folded)
    lines = [
        f"digraph {_in_dot(name)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ]
    for number, (subject, group) in enumerate(_groups(folded, kinds)):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_in_dot(subject.value)};"]
        lines += [f"    {ids[each.name]} [label={_in_dot(*rows)}];" for each, rows in group]
        lines.append("  }")
    lines += [f"  {ids[source]} -> {ids[target]};" for source, target in _edges(folded)]
    return "\n".join([*lines, "}"]) + "\n"


def _ids(folded: FoldedThings) -> dict[str, str]:
    return {each.name: f"n{number}" for number, each in enumerate(folded.heads)}


def _groups(
    folded: FoldedThings, kinds: Mapping[str, Kind]
) -> Iterator[tuple[Subject, Sequence[tuple[Thing, Sequence[str]]]]]:
    """The things that stand for themselves, by subject, each with the lines of its label."""
    counts: dict[str, Counter[str]] = {}
    for thing in folded.things:
        if thing.name in folded.parents:
            counts.setdefault(folded.head(thing.name), Counter())[kinds[thing.type].noun] += 1
    for subject in Subject:
        group = [each for each in folded.heads if subject_of(each, kinds) is subject]
        if group:
            yield subject, [(each, [*_label(each), *_counted(counts.get(each.name, Counter()))]) for each in group]


def subject_of(thing: Thing, kinds: Mapping[str, Kind]) -> Subject:
    """What a reader looks for it under."""
    kind = kinds.get(thing.type)
    return kind.subject_of() if kind else Subject.NETWORK


def _label(thing: Thing) -> Sequence[str]:
    return [thing.name, thing.type.rpartition("::")[2]]


def _counted(counts: Counter[str]) -> Sequence[str]:
    return [", ".join(number_of(count, noun) for noun, count in counts.items())] if counts else []


def _edges(folded: FoldedThings) -> Sequence[tuple[str, str]]:
    """Who names whom, each pair once; what a child names counts for what it belongs to."""
    names = {each.name for each in folded.heads}
    found: dict[tuple[str, str], None] = {}
    for thing in folded.things:
        needed = [*(each.target for each in references_of(thing)), *thing.needs]
        for target in needed:
            pair = (folded.head(thing.name), folded.head(target))
            if pair[0] != pair[1] and pair[1] in names:
                found[pair] = None
    return list(found)


def _in_mermaid(text: str) -> str:
    """Its markup has `#` and a number for a character."""
    return "".join(char if char.isalnum() or char in " .,:/_-()" else f"#{ord(char)};" for char in printable(text))


def _in_dot(*rows: str) -> str:
    escaped = (printable(row).replace("\\", "\\\\").replace('"', '\\"') for row in rows)
    return '"' + "\\n".join(escaped) + '"'
