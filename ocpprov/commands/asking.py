"""A question on a terminal: its choices with numbers, and an answer that fits."""

from __future__ import annotations

from typing import Final

import click

from ocpprov.commands.init_questions import Question
from ocpprov.engine.printable import printable

_MOST: Final = 40
"""So many choices are listed; the others can be typed."""


def ask(question: Question) -> str:
    """The answer. Asks again until there is one that fits. Raises KeyboardInterrupt when somebody gives up."""
    listed = question.choices[:_MOST]
    if listed:
        click.echo(printable(f"{question.text}:"), err=True)
    width = max((len(each.value) for each in listed), default=0)
    for number, choice in enumerate(listed, 1):
        click.echo(printable(f"  {number:2}  {choice.value:{width}}  {choice.about}".rstrip()), err=True)
    if more := len(question.choices) - len(listed):
        click.echo(printable(f"      and {more} more"), err=True)
    try:
        found: str = click.prompt(
            printable(_prompt(question)),
            default=question.default or None,
            show_default=False,
            value_proc=lambda text: _fitting(question, text),
            err=True,
        )
    except click.Abort:
        click.echo(err=True)
        raise KeyboardInterrupt from None
    return found


def _prompt(question: Question) -> str:
    default = f" [{question.default}]" if question.default else ""
    if not question.choices:
        return f"{question.text}{default}"
    how = "numbers, with commas between them" if question.several else "number"
    return f"  {how}{', or a text' if question.free else ''}{default}"


def _fitting(question: Question, typed: str) -> str:
    """What is meant by what was typed. Raises click's UsageError, which has it asked again."""
    answer = question.meant(typed)
    if wrong := question.wrong(answer):
        raise click.UsageError(printable(wrong))
    return answer
