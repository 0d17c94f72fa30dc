"""A reader that asks together with the first question what is asked next anyway, and remembers the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Page, ReadCall, Reader
from ocpprov.aws.retry import Retry

R = TypeVar("R", bound=ReadCall)


class ReadAheadReader(Reader):
    """For one look at AWS, in which nothing is changed: each distinct read is made once, and those `ahead` with the
    first. Not for several threads at once."""

    def __init__(self, reader: Reader, ahead: Sequence[ReadCall]) -> None:
        self._reader = reader
        self._ahead = ahead
        self._answers: dict[ReadCall, Sequence[Page] | AwsError] = {}

    def heard_by(self, hear: Callable[[Retry], None]) -> Reader:
        return self._reader.heard_by(hear)

    def forget_first_pages(self) -> None:
        self._reader.forget_first_pages()

    @property
    def known(self) -> Mapping[ReadCall, Sequence[Page] | AwsError]:
        """What has been answered by now, and the errors of what couldn't be."""
        return self._answers

    def attempt(self, wanted: Sequence[R]) -> dict[R, Sequence[Page] | AwsError]:
        distinct: dict[ReadCall, None] = dict.fromkeys([*wanted, *self._ahead])
        self._ahead = ()
        new = [one for one in distinct if one not in self._answers]
        self._answers |= self._reader.attempt(new) if new else {}
        return {one: self._answers[one] for one in wanted}
