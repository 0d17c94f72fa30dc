"""What AWS answered, as files: JSON for programs (`ocpprov.sandbox.seen_facts` has its format), a table for the eye."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from live.questions import Measured, Question, Said
from ocpprov.sandbox.seen_facts import FORMAT


@dataclass(frozen=True)
class Answer:
    """One question's. Where it couldn't be asked, `says` tells why."""

    id: str
    question: str
    believed: str
    says: str
    seconds: float | None
    matters: str
    means: str
    asked: bool = True

    @property
    def seen(self) -> str:
        """In one line, as beliefs are written."""
        return str(Measured(self.says, self.seconds)) if self.seconds is not None else self.says

    @property
    def differs(self) -> bool:
        """Whether AWS has said something else than was believed."""
        return self.asked and self.believed not in ("", self.seen)


@dataclass(frozen=True)
class Asked:
    """Where and when all of them were asked; `rehearsed`: of the sandbox."""

    partition: str
    region: str
    asked: str
    version: str
    rehearsed: bool


def answer_to(question: Question, said: Said) -> Answer:
    """What was said, beside what was believed."""
    measured = said if isinstance(said, Measured) else Measured(said, None)
    says = str(measured) if isinstance(said, Measured) and said.seconds is None else measured.says
    return Answer(
        question.id, question.name, question.believed, says or "ok", measured.seconds, question.matters, question.means
    )


def not_asked(question: Question, why: str) -> Answer:
    """A question that couldn't be put."""
    return Answer(
        question.id, question.name, question.believed, why, None, question.matters, question.means, asked=False
    )


def to_json(asked: Asked, answers: Sequence[Answer]) -> str:
    """For programs."""
    document = {"format": FORMAT, **asdict(asked), "answers": [asdict(answer) for answer in answers]}
    return json.dumps(document, indent=2) + "\n"


def to_table(answers: Sequence[Answer], troubles: Sequence[str]) -> str:
    """For the eye: what differs in bold, with what it means."""
    lines = ["| question | believed | seen | matters to | |", "|---|---|---|---|---|"]
    for each in answers:
        seen = f"**{each.seen}**" if each.differs else each.seen if each.asked else f"couldn't be asked: {each.seen}"
        means = each.means if each.differs or not each.believed else ""
        cells = (each.question, each.believed, seen, each.matters, means)
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join([*lines, "", *(f"- {trouble}" for trouble in troubles)]) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def write_private(path: Path, text: str) -> None:
    """For its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
