"""One row of what AWS says, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ocpprov.aws.error_codes import ErrorClass


@dataclass(frozen=True)
class Said:
    """What AWS said, as far as it tells the cause. `operation` is the API's name (`CreateVpc`); `encoded`: the reason
    of a refusal, which only AWS can read; `region`: that of the client that asked, empty where nobody knows it."""

    operation: str
    code: str
    message: str
    encoded: str = ""
    region: str = ""


NextStep: TypeAlias = str | Callable[[Said], str]
"""The cause and what helps, in sentences: the same for all, or from what was said."""


@dataclass(frozen=True)
class Sentence:
    """What AWS means where it says this.

    `cause` is its name, by which docs/troubleshooting.md has it. `codes`: those with which it is said, none for any.
    `says`: a pattern that is somewhere in the message, empty for any. `operations`: a pattern of all of the operation's
    name. `means`: the class, which says whether it is tried again. `next_step` is empty where the class says it all.
    """

    cause: str
    codes: tuple[str, ...]
    says: str
    means: ErrorClass
    next_step: NextStep = ""
    operations: str = ".*"

    def fits(self, said: Said) -> bool:
        """Whether this is what AWS said."""
        return (
            (not self.codes or said.code in self.codes)
            and re.fullmatch(self.operations, said.operation) is not None
            and re.search(self.says, said.message) is not None
        )

    def told(self, said: Said) -> str:
        """The cause and the next step."""
        return self.next_step if isinstance(self.next_step, str) else self.next_step(said)
