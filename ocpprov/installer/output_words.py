"""Names of outputs as names of variables elsewhere: `VpcId` as `vpc_id`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[A-Z0-9]+(?![a-z])|[A-Z]?[a-z0-9]+")


def snake_case(name: str) -> str:
    """The words of a name in CamelCase, in small letters with underscores between them."""
    return "_".join(word.lower() for word in _WORD.findall(name))


def same_named(names: Iterable[str]) -> dict[str, str]:
    """Those of the names that come to be one with an earlier one, and which."""
    first: dict[str, str] = {}
    return {name: other for name in names if (other := first.setdefault(snake_case(name), name)) != name}
