"""`python -m live run|clean|take-in`, or `rehearse`, `rehearse-clean` and `endings` in the sandbox."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from live.stages import Stage
from live.topics import TOPICS

SANDBOX_ACCOUNT: Final = "123456789012"
_DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*")
VERBS: Final = {
    "run": "on AWS: make, ask, take away",
    "clean": "on AWS: take away what any run has left",
    "take-in": "keep a file of answers as facts",
    "rehearse": "run, in the sandbox",
    "rehearse-clean": "clean, in the sandbox",
    "endings": "rehearse and end at random, again and again: is it clean after each?",
}


@dataclass(frozen=True)
class Wanted:
    """What the command line says."""

    verb: str
    account: str
    region: str
    folder: Path
    domain: str
    stages: frozenset[Stage]
    topics: frozenset[str]
    answers: Path
    number: int
    seed: int
    keep: bool

    @property
    def rehearsed(self) -> bool:
        """Whether it is about the sandbox, and can't reach AWS."""
        return self.verb in ("rehearse", "rehearse-clean", "endings")


def parse(arguments: Sequence[str] | None) -> Wanted:
    """Raises SystemExit, with 2, for what can't be."""
    parser = argparse.ArgumentParser(prog="python -m live", description=__doc__)
    parser.add_argument("verb", choices=VERBS, help="; ".join(f"{verb}: {does}" for verb, does in VERBS.items()))
    parser.add_argument("answers", nargs="?", default=Path(), type=Path, help="for take-in: a file of answers")
    parser.add_argument("--account", default="", help="twelve digits: the account that may be used for this")
    parser.add_argument("--region", default="", help="such as eu-west-1")
    parser.add_argument("--domain", default="", help="a domain of your own, of which a public zone is made meanwhile")
    parser.add_argument("--folder", type=Path, default=Path("build/live"), help="where plans, journal and answers go")
    stages = [stage.value for stage in Stage]
    parser.add_argument("--stage", action="append", choices=stages, help="only this one; repeatable")
    parser.add_argument(
        "--topic",
        action="append",
        default=[],
        metavar="TOPIC",
        choices=[topic.name for topic in TOPICS],
        help="only the questions of this topic; repeatable",
    )
    parser.add_argument("--number", type=int, default=30, help="of endings")
    parser.add_argument("--seed", type=int, default=1, help="of the endings' dice")
    parser.add_argument("--keep", action="store_true", help="leave the sandbox running")
    given = parser.parse_args(arguments)
    wanted = Wanted(
        given.verb,
        given.account,
        given.region,
        given.folder.absolute(),
        given.domain,
        frozenset(Stage(name) for name in given.stage or stages),
        frozenset(given.topic),
        given.answers,
        given.number,
        given.seed,
        given.keep,
    )
    if problem := _problem_with(wanted):
        parser.error(problem)
    return wanted


def _problem_with(wanted: Wanted) -> str:
    if wanted.verb in ("run", "clean"):
        if not re.fullmatch(r"[0-9]{12}", wanted.account):
            return "--account takes the twelve digits of the account: nothing is made in one that isn't named"
        if not wanted.region:
            return "--region is missing: --account and --region say where"
    if wanted.rehearsed and wanted.account:
        return "--account is AWS's: a rehearsal has the sandbox's own"
    if wanted.region and not re.fullmatch(r"[a-z]{2,5}(-[a-z]+)+-[0-9]+", wanted.region):
        return f"no region has such a name: {wanted.region!r}"
    if wanted.domain and not _DOMAIN.fullmatch(wanted.domain):
        return f"no domain in lower case: {wanted.domain!r}"
    if (wanted.verb == "take-in") != (wanted.answers != Path()):
        return "take-in, and it alone, takes a file of answers"
    return ""
