"""Every command says examples and exit codes in its help, and the examples are command lines of it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.commands.usage import USAGES, Example


def commands(group: click.Group, above: str = "") -> Iterator[str]:
    for word, command in group.commands.items():
        yield f"{above}{word}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{word} ")


def test_each_command_has_its_usage_and_nothing_else_has() -> None:
    assert sorted(USAGES) == sorted(commands(main))
    assert [words for words, usage in USAGES.items() if not usage.examples] == ["bootstrap", "sandbox"]
    assert all(0 in usage.codes for usage in USAGES.values())


EXAMPLES = [(words, example) for words, usage in USAGES.items() for example in usage.examples]


@pytest.mark.parametrize(("words", "example"), EXAMPLES, ids=[example.words for _, example in EXAMPLES])
def test_an_example_is_a_command_line_of_its_command(words: str, example: Example) -> None:
    assert example.words.startswith(words)
    command: click.Command = main
    rest = shlex.split(example.words)
    while isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    # Raises for what can't be read.
    command.make_context(words, rest)


@pytest.mark.parametrize("words", USAGES)
def test_the_help_has_them(words: str) -> None:
    said = without_spaces(CliRunner().invoke(main, [*words.split(), "--help"]).stdout)
    for example in USAGES[words].examples:
        assert without_spaces(f"ocpprov {example.words} {example.does}") in said
    if words not in ("bootstrap", "sandbox"):
        assert "Exitcodes:" in said
        assert all(without_spaces(f"{code} {means}") in said for code, means in USAGES[words].codes.items())


def without_spaces(text: str) -> str:
    """A line may end at any hyphen."""
    return "".join(text.split())
