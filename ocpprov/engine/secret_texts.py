"""Texts that may be used and not shown: values of parameters with NoEcho, and what functions made of them.

They are taken out where text leaves the process (terminal, files of the run, errors), and not carried as marks on
values: most of what shows one doesn't come from the plan, but from AWS, which repeats it in ids, attributes and
messages, in spellings of its own.
"""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final
from urllib.parse import quote, quote_plus

from ocpprov.engine.ownership import encode_ledger
from ocpprov.engine.printable import printable
from ocpprov.engine.values import Value, text, to_json

MASK: Final = "****"
"""CloudFormation's word in place of such a value."""
LEFT_OUT: Final = "…"
"""In place of such a value in a command that is offered: whoever pastes it has to write the value."""

_ANYWHERE: Final = 8
"""Characters from which on a text is taken out wherever it stands."""
_ALONE: Final = 4
"""Characters from which on it is where no letter or digit is beside it; a shorter one only where it is the whole value:
else nothing could be read any more, and anybody can guess it."""


@dataclass(frozen=True)
class SecretTexts:
    """`parameters` are the values of a plan's parameters with NoEcho, by name (those of a list one by one), `derived`
    is what functions made of them."""

    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()

    @property
    def texts(self) -> Iterator[str]:
        """Every one of them, in the spelling of the plan."""
        for values in self.parameters.values():
            yield from values
        yield from self.derived

    def also(self, texts: Iterable[str]) -> SecretTexts:
        """The same with these, as far as they aren't hidden already."""
        return replace(self, derived=self.derived | {each for each in texts if not self.hides(each)})

    def masked(self, shown: str, mask: str = MASK) -> str:
        """The text without them, in whatever spelling."""
        if self._pattern is None:
            return shown
        return mask if shown.casefold() in self._whole else self._pattern.sub(lambda _: mask, shown)

    def document(self, content: object, mask: str = MASK) -> object:
        """The JSON data without them, in keys and values; what isn't a text stays."""
        match content:
            case str():
                return self.masked(content, mask)
            case Mapping():
                return {self.masked(str(key), mask): self.document(one, mask) for key, one in content.items()}
            case list() | tuple():
                return [self.document(one, mask) for one in content]
        return content

    def value(self, content: Value) -> object:
        """The value of a property as JSON data without them; a number may be one, too."""
        return self._scalars(to_json(content))

    def _scalars(self, content: object) -> object:
        match content:
            case bool() | int() | float():
                return MASK if text(content).casefold() in self._whole else content
            case Mapping():
                return {self.masked(str(key)): self._scalars(one) for key, one in content.items()}
            case list() | tuple():
                return [self._scalars(one) for one in content]
        return self.document(content)

    def hides(self, shown: str) -> bool:
        """Whether there is one in the text."""
        return self.masked(shown) != shown

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(each.casefold() for each in self.texts if each)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._whole:
            return None
        forms = {form for each in self.texts if len(each) >= _ALONE for form in _forms(each)}
        return pattern_of(forms, re.IGNORECASE)


def pattern_of(texts: Collection[str], flags: int = 0) -> re.Pattern[str]:
    """What finds these texts, the longest first, where they are to be taken out."""
    found = [_bounded(each) for each in sorted(texts, key=lambda each: (-len(each), each)) if len(each) >= _ALONE]
    return re.compile("|".join(found) or r"(?!)", flags)


def _bounded(each: str) -> str:
    return re.escape(each) if len(each) >= _ANYWHERE else rf"(?<![A-Za-z0-9]){re.escape(each)}(?![A-Za-z0-9])"


def _forms(secret: str) -> Iterator[str]:
    """As it is written in messages, JSON, addresses, markup, tags of ours and shells; each of its lines, too."""
    once = json.dumps(secret)[1:-1]
    yield from (secret, once, json.dumps(secret, ensure_ascii=False)[1:-1], json.dumps(once)[1:-1])
    yield from (repr(secret)[1:-1], printable(secret), html.escape(secret), *encode_ledger("", [secret]).values())
    yield from (quote(secret, safe=""), quote(secret), quote_plus(secret), shlex.quote(secret))
    yield from (line.strip() for line in secret.splitlines() if len(line.strip()) >= _ANYWHERE)


def without_values(command: str, names: Collection[str] | None) -> str:
    """A command line without the values of these parameters (`--parameter NAME=VALUE`); of all where nobody knows yet
    which are to be shown."""
    words: list[str] = []
    after = False
    for word in shlex.split(command):
        option, equals, rest = word.partition("=")
        glued = option == "--parameter" and bool(equals)
        name, _, _ = (rest if glued else word).partition("=")
        if (after or glued) and (names is None or name in names):
            words.append(f"{'--parameter=' if glued else ''}{shlex.quote(name)}={LEFT_OUT}")
        else:
            words.append(shlex.quote(word))
        after = word == "--parameter"
    return " ".join(words)


NO_SECRETS: Final = SecretTexts()
