"""AWS's answers, as far as a test writes them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from ocpprov.aws.errors import AwsError
from ocpprov.kinds.reads import Read


def refusal(code: str, operation: str = "Ask", status: int = 400) -> ClientError:
    """AWS's refusal, as boto3 raises it."""
    metadata: Any = {"RequestId": "r-1", "HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": "in words"}, "ResponseMetadata": metadata}, operation)


@dataclass
class Answers:
    """A reader with one page, or error, for each operation or, by a name or id in the arguments, for `operation name`;
    of the others there is nothing. `asked` has each read."""

    pages: Mapping[str, Mapping[str, Any] | AwsError]
    asked: list[Read] = field(default_factory=list)

    def read(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]]]:
        answers: dict[Read, Sequence[Mapping[str, Any]]] = {}
        for one, answer in self.attempt(wanted).items():
            if isinstance(answer, AwsError):
                raise answer
            answers[one] = answer
        return answers

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]] | AwsError]:
        """The same; what is an error among the pages comes instead."""
        self.asked += wanted
        pages = {one: self._page(one) for one in wanted}
        return {one: page if isinstance(page, AwsError) else [page] for one, page in pages.items()}

    def _page(self, made: Read) -> Mapping[str, Any] | AwsError:
        named = [f"{made.operation} {value}" for value in made.arguments().values() if isinstance(value, str)]
        keys = [*named, f"{made.service} {made.operation}", made.operation]
        return next((self.pages[key] for key in keys if key in self.pages), {})
