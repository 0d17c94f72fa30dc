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
    width = max((len(printable(each.value)) for each in listed), default=0)
    for number, choice in enumerate(listed, 1):
        row = f"  {number:2}  {printable(choice.value):{width}}  {printable(choice.about)}"
        click.echo(row.rstrip(), err=True)
    if len(question.choices) > len(listed):
        click.echo(f"      and {len(question.choices) - len(listed)} more", err=True)
    try:
        found: str = click.prompt(
            printable(_prompt(question)),
            default=question.default or None,
            show_default=False,
            value_proc=lambda text: _fitting(question, text),
            err=True,
        )
    except click.Abort:
        raise KeyboardInterrupt from None
    return found


def _prompt(question: Question) -> str:
    default = f" [{question.default}]" if question.default else ""
    if not question.choices:
        return f"{question.text}{default}"
    how = "numbers, with commas between them" if question.several else "number"
    return f"  {how}{', or a text' if question.free else ''}{default}"


def _fitting(question: Question, text: str) -> str:
    """What is meant by what was typed. Raises click's UsageError, which has it asked again."""
    parts = text.split(",") if question.several else [text]
    meant = [answer_of(question, part.strip()) for part in parts]
    wrong = [found for each in meant if (found := question.wrong(each))]
    if wrong or not all(meant):
        raise click.UsageError(printable(wrong[0] if wrong else "an answer is needed"))
    return ",".join(meant)


def answer_of(question: Question, typed: str) -> str:
    """A choice by its number, or what was typed."""
    if typed.isascii() and typed.isdigit() and not any(each.value == typed for each in question.choices):
        number = int(typed[:4])
        return question.choices[number - 1].value if 1 <= number <= len(question.choices) else typed
    return typed
