"""Reference of what is refused in a plan: the messages that stand in the code, with … where it puts in something."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from documents.markdown import anchored, table

SOURCES: Final = Path(__file__).resolve().parents[1] / "ocpprov"
ROOMS: Final = ("plan", "openshift")
_HEAD: Final = ("key", "message", "what to do")
_FIRST: Final = {"Problem": 0, "PlanError": 1, "_wrong": 1}
"""Who makes such a message, and which argument is the key; message and remedy follow."""


def page() -> str:
    """The page, as Markdown."""
    rows = list(dict.fromkeys(sorted(messages(), key=lambda row: row[1].lower())))
    names = Counter[str]()
    cells: list[Sequence[str]] = []
    for key, message, remedy in rows:
        names[slug(message)] += 1
        count = names[slug(message)]
        name = f"{slug(message)}-{count}" if count > 1 else slug(message)
        cells.append((anchored(name, _shown(key)), message, _shown(remedy)))
    return f"""# Messages about a plan

A mistake in a plan is told with file, line, column and key before anything is asked of AWS, all mistakes in one pass. Search for the words of yours: `…` stands for what
the message names. What to do is also in the message itself. Nearly every mistake of spelling is told with the right word.

{table(_HEAD, cells)}"""


def messages() -> Iterator[tuple[str, str, str]]:
    """Key, message and remedy of each, as far as they are fixed."""
    for room in ROOMS:
        for file in sorted((SOURCES / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (found := _message(node)):
                    yield found


def _shown(text: str) -> str:
    """Nothing, where all of it depends."""
    return "" if text == "…" else text


def slug(message: str) -> str:
    """A message as an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", message.lower()).strip("-")


def _message(call: ast.Call) -> tuple[str, str, str] | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = _FIRST.get(name)
    if first is None:
        return None
    words: Sequence[str] = [_template(argument) for argument in call.args[first:]]
    key, message, remedy = (*words, "", "", "")[:3]
    return (key, message, remedy) if message.replace("…", "").strip() else None


def _template(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return _plain(text)
        case ast.JoinedStr(values=values):
            return re.sub(r"…+", "…", "".join(_template(value) for value in values))
    return "…"


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
