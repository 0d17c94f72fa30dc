"""Manual pages, made from the commands themselves: one for the program, and one for each command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from ocpprov import __version__
from ocpprov.cli.verbs import main
from ocpprov.commands.usage import USAGES, Usage

PROGRAM: Final = "ocpprov"
_NO_USAGE: Final = Usage((), {})


def write_pages(folder: Path) -> None:
    """Write `ocpprov.1`, `ocpprov-apply.1`, … into `folder`."""
    folder.mkdir(parents=True)
    for name, text in pages(main).items():
        (folder / f"{name}.1").write_text(text)


def pages(group: click.Group) -> Mapping[str, str]:
    """The text of each page in roff's `man` macros, by the page's name."""
    context = click.Context(group, info_name=PROGRAM, help_option_names=group.context_settings["help_option_names"])
    return {name: _page(name, command, inner) for name, command, inner in _commands(PROGRAM, group, context)}


def _commands(
    name: str, command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield name, command, context
    if isinstance(command, click.Group):
        for word in sorted(command.commands):
            inner = command.commands[word]
            yield from _commands(f"{name}-{word}", inner, click.Context(inner, info_name=word, parent=context))


def _page(name: str, command: click.Command, context: click.Context) -> str:
    return "".join(f"{line}\n" for line in _lines(name, command, context))


def _lines(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    words = context.command_path
    usage = USAGES.get(words.removeprefix(PROGRAM).strip(), _NO_USAGE)
    paragraphs = [" ".join(each.split()) for each in (command.help or "").split("\n\n")]
    yield f'.TH "{name.upper()}" "1" "" "{PROGRAM} {__version__}" "{PROGRAM}"'
    yield ".SH NAME"
    yield f"{_text(name)} \\- {_text(paragraphs[0].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield f".B {_text(words)}"
    yield _text(" ".join(command.collect_usage_pieces(context)))
    if rest := [each for each in paragraphs[1:] if each]:
        yield ".SH DESCRIPTION"
        for each in rest:
            yield from (".PP", _text(each))
    options = (each for each in command.get_params(context) if isinstance(each, click.Option))
    yield from _terms("OPTIONS", dict(filter(None, (each.get_help_record(context) for each in options))))
    if isinstance(command, click.Group):
        found = {f"{words} {word}": each.get_short_help_str(200) for word, each in sorted(command.commands.items())}
        yield from _terms("COMMANDS", found)
    yield from _terms("EXIT STATUS", {str(code): means for code, means in sorted(usage.codes.items())})
    yield from _terms("EXAMPLES", {f"{PROGRAM} {each.words}": each.does for each in usage.examples})
    yield ".SH SEE ALSO"
    yield ", ".join(f"{_text(each)}(1)" for each in _related(name, command))


def _related(name: str, command: click.Command) -> list[str]:
    inner = sorted(command.commands) if isinstance(command, click.Group) else []
    above = name.rpartition("-")[0]
    return [*([above] if above else []), *(f"{name}-{word}" for word in inner)]


def _terms(heading: str, terms: Mapping[str, str]) -> Iterator[str]:
    if terms:
        yield f".SH {heading}"
        for term, means in terms.items():
            yield from (".TP", f".B {_text(term)}", _text(means))


def _text(text: str) -> str:
    """As roff takes it for text: no request, no escape, and hyphens that can be pasted."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
