"""A reader that remembers what AWS answered, for whoever looks at the same things once more in the same moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Page, ReadCall, Reader
from ocpprov.aws.retry import Retry

R = TypeVar("R", bound=ReadCall)


class RecordingReader(Reader):
    """Asks AWS each time, and keeps the last good answer to each read; `failed` has the errors of the others."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._answers: dict[ReadCall, Sequence[Page]] = {}
        self.failed: dict[ReadCall, AwsError] = {}

    def heard_by(self, hear: Callable[[Retry], None]) -> Reader:
        return self._reader.heard_by(hear)

    def attempt(self, wanted: Sequence[R]) -> dict[R, Sequence[Page] | AwsError]:
        found = self._reader.attempt(wanted)
        self.failed |= {one: answer for one, answer in found.items() if isinstance(answer, AwsError)}
        self._answers |= {one: answer for one, answer in found.items() if not isinstance(answer, AwsError)}
        return found

    def remembering(self) -> Reader:
        """One that asks AWS only what hasn't been answered yet."""
        return _RememberingReader(self._reader, self._answers)

    def with_answers_to(self, wanted: Sequence[ReadCall]) -> Reader:
        """The same, which asks all of these now, at the same time, and doesn't ask again what of them had no answer."""
        reader = self.remembering()
        return _RememberingReader(self._reader, {**self._answers, **reader.attempt(list(dict.fromkeys(wanted)))})


def remembering(reader: Reader) -> Reader:
    """One that asks AWS only what the reader doesn't remember: everything, where it isn't one that remembers."""
    return reader.remembering() if isinstance(reader, RecordingReader) else reader


class _RememberingReader(Reader):
    def __init__(self, reader: Reader, answers: Mapping[ReadCall, Sequence[Page] | AwsError]) -> None:
        self._reader = reader
        self._answers = answers

    def heard_by(self, hear: Callable[[Retry], None]) -> Reader:
        return self._reader.heard_by(hear)

    def attempt(self, wanted: Sequence[R]) -> dict[R, Sequence[Page] | AwsError]:
        """What may be denied is answered, too, where the same was asked for and had to be answered."""
        strict = {_question(one): answer for one, answer in self._answers.items() if not one.may_be_denied}
        known = {one: strict[_question(one)] for one in wanted if one.may_be_denied and _question(one) in strict}
        known |= {one: self._answers[one] for one in wanted if one in self._answers}
        new = [one for one in wanted if one not in known]
        asked = self._reader.attempt(new) if new else {}
        return {one: known[one] if one in known else asked[one] for one in wanted}


def _question(one: ReadCall) -> tuple[str, str, str]:
    return one.service, one.operation, repr(one.arguments())


def failed_reads(reader: Reader) -> Mapping[ReadCall, AwsError]:
    """What a reader that remembers couldn't read, each with its last error; nothing of another one."""
    return reader.failed if isinstance(reader, RecordingReader) else {}
