"""What is wrong, and what to do about it: the one shape for it from the environment's variables to AWS's answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`where` is the place (a file's line, a variable, a path in the plan, a resource), empty where the detail names
    it; `remedy` what would be right or what to do, empty where nobody can say."""

    where: str
    detail: str
    remedy: str = ""

    @property
    def placed_detail(self) -> str:
        """The detail, its place before it."""
        return f"{self.where}: {self.detail}" if self.where else self.detail

    def __str__(self) -> str:
        return f"{self.placed_detail}; {self.remedy}" if self.remedy else self.placed_detail
