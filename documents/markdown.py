"""Markdown's tables and words of code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell may have Markdown in it."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """Text as it is typed; empty stays empty."""
    return f"`{text}`" if text else ""


def anchored(name: str, text: str) -> str:
    """Text that can be linked to by a name."""
    return f'<a id="{name}"></a>{text}'


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
