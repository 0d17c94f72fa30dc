"""`explain`: what a key, a type or a property means, and what changing it does. Needs no AWS."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.explanations import Explanation, explanation, key_names, type_names
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.ui.lines import Line, Tone


def explain(options: Options, terminal: Terminal, word: str) -> ExitCode:
    """The `explain` command; without a word it lists what there is."""
    if not word:
        _list_all(options, terminal)
        return ExitCode.DONE
    found = explanation(word)
    if options.as_json:
        facts = {row.name: row.value for row in found.rows}
        terminal.result_json({"name": found.name, "meaning": found.meaning, **facts})
    else:
        terminal.result(_lines(found))
    return ExitCode.DONE


def _list_all(options: Options, terminal: Terminal) -> None:
    if options.as_json:
        terminal.result_json({"keys": key_names(), "types": type_names()})
        return
    for heading, names in (("Keys of a plan:", key_names()), ("Types of resources:", type_names())):
        terminal.result([Line(heading, Tone.HEADING), *(f"  {name}" for name in names)])


def _lines(found: Explanation) -> Iterator[Line]:
    yield Line(found.name, Tone.HEADING)
    if found.meaning:
        yield Line(f"  {found.meaning}")
    width = max((len(row.name) for row in found.rows), default=0)
    for row in found.rows:
        if isinstance(row.value, str):
            yield Line(f"  {row.name:{width}}  {row.value}")
            continue
        yield Line(f"  {row.name}")
        for each in row.value:
            yield Line(f"    {each}")
