"""What AWS itself has answered to the questions of the first real run, as facts for the sandbox's tables.

A file of answers is JSON: `format` 1, `rehearsed`, `partition`, `region`, `asked` (a date), and `answers`, each with
`id`, `question`, `believed`, `says` (a code and a status, or words), `seconds` (AWS's; null where nothing was measured
or it took longer than was waited), and `asked` (false: `says` tells why it couldn't be). A file of facts is a list of
objects with the fields of `SeenFact`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).resolve().parents[2] / "live" / "seen.json"
"""The file of facts of this checkout, which the first real run's answers are taken into."""
FORMAT: Final = 1
SEEN: Final = "seen"
"""How far such a fact is to be trusted, beside documented, source and memory."""


@dataclass(frozen=True)
class SeenFact:
    """One answer of AWS's. `id` is the question's; `source` says where and when it was seen."""

    id: str
    says: str
    seconds: float | None
    source: str
    trust: str = SEEN


def facts_in(answers: str) -> Sequence[SeenFact]:
    """The facts in the text of a file of answers, sorted by id. Raises ValueError for anything else, and for what was
    asked of the sandbox: its answers are what it was told."""
    document = _object(answers)
    if document.get("format") != FORMAT:
        raise ValueError(f"answers of format {document.get('format')!r}; this version reads {FORMAT}")
    if document.get("rehearsed") is not False:
        raise ValueError("these answers are the sandbox's own: only what AWS said is a fact")
    source = f"AWS, {_text(document, 'partition')} {_text(document, 'region')}, {_text(document, 'asked')}"
    rows = document.get("answers")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("answers are a list of objects")
    asked = [row for row in rows if row.get("asked") is True]
    return _sorted(SeenFact(_text(row, "id"), _text(row, "says"), _seconds(row), source) for row in asked)


def merged(known: Sequence[SeenFact], new: Sequence[SeenFact]) -> Sequence[SeenFact]:
    """All of them, a new one in place of the known one of its question."""
    return _sorted({fact.id: fact for fact in (*known, *new)}.values())


def to_json(facts: Sequence[SeenFact]) -> str:
    """A file of facts."""
    return json.dumps([asdict(fact) for fact in facts], indent=2) + "\n"


def parse_facts(text: str) -> Sequence[SeenFact]:
    """Reads a file of facts. Raises ValueError for anything else."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"facts are JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("facts are a list of objects")
    if any(row.get("trust") != SEEN for row in rows):
        raise ValueError(f"the trust of each of these facts is {SEEN!r}")
    return _sorted(SeenFact(_text(row, "id"), _text(row, "says"), _seconds(row), _text(row, "source")) for row in rows)


def known_facts(path: Path = FILE) -> Sequence[SeenFact]:
    """What was taken in so far; nothing where there is no such file. Raises ValueError for a file of anything else,
    OSError for one that can't be read."""
    return parse_facts(path.read_text(encoding="utf-8")) if path.exists() else ()


def _sorted(facts: Iterable[SeenFact]) -> Sequence[SeenFact]:
    return tuple(sorted(facts, key=lambda fact: fact.id))


def _object(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"answers are JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError("answers are an object")
    return document


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"'{key}' is a text, not {value!r}")
    return value


def _seconds(row: Mapping[str, Any]) -> float | None:
    value = row.get("seconds")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ValueError(f"'seconds' is a number of seconds or null, not {value!r}")
    return float(value)
