"""Questions of a plan to AWS, asked before it can be expanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader, TolerantReader
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.resources import Owner
from ocpprov.kinds.contract import Pages, Read, read


class DiscoveryReader:
    """Asks AWS for facts, several questions at a time. Its methods raise Refused when AWS can't be read."""

    def __init__(self, reader: Reader, owner: Owner) -> None:
        self._reader = reader
        self.owner = owner

    def pages(self, *reads: Read) -> Pages:
        """The answers."""
        try:
            return Pages(self._reader.read(list(reads)))
        except AwsError as error:
            raise Refused(problem_of(error)) from error

    def where_open(self, *reads: Read) -> tuple[Pages, list[AwsError]]:
        """The answers, empty where nobody lets us look, and why."""
        looks = TolerantReader(self._reader)
        try:
            return Pages(looks.read(list(reads))), looks.closed
        except AwsError as error:
            raise Refused(problem_of(error)) from error

    def described(self, operation: str, member: str, filters: Mapping[str, Sequence[str]]) -> list[Mapping[str, Any]]:
        """The items of one EC2 call, with filters by AWS's names."""
        named = [{"Name": name, "Values": values} for name, values in filters.items()]
        return list(self.pages(read("ec2", operation, Filters=named)).items("ec2", operation, member))
