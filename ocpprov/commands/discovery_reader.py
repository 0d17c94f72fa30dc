"""Questions of a plan to AWS, asked before it can be expanded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ocpprov.aws.errors import AwsError, leaves_the_rest
from ocpprov.aws.reads import Reader, TolerantReader, unreached
from ocpprov.checks.unread import why_closed
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner
from ocpprov.kinds.ec2.tag_index import tagged_ids, tags_read
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.openshift.unread_facts import Fact

T = TypeVar("T")


class DiscoveryReader:
    """Asks AWS for facts, several questions at a time. Its methods raise Refused when AWS can't be read.

    `tolerant`: a fact that can't be read doesn't end the run; `unread` has those with why. Services `out_of_reach`
    aren't asked; each has why."""

    def __init__(
        self, reader: Reader, owner: Owner, *, tolerant: bool = False, out_of_reach: Mapping[str, str] | None = None
    ) -> None:
        self._reader = reader
        self._tolerant = tolerant
        self._out_of_reach = out_of_reach or {}
        self.owner = owner
        self.unread: dict[Fact, Problem] = {}

    def fact(self, fact: Fact, ask: Callable[[], T], otherwise: T) -> T:
        """What comes of the questions that `ask` puts; where they can't be answered and that is tolerated,
        `otherwise`."""
        try:
            return ask()
        except (AwsError, Refused) as error:
            cause = error if isinstance(error, AwsError) else error.__cause__
            if not self._tolerant or not isinstance(cause, AwsError) or not leaves_the_rest(cause):
                raise
            self.unread[fact] = why_closed(cause)
            return otherwise

    def pages(self, *reads: Read) -> Pages:
        """The answers."""
        try:
            self._reached(reads)
            return Pages(self._reader.read(list(reads)))
        except AwsError as error:
            raise Refused(problem_of(error)) from error

    def where_open(self, *reads: Read) -> tuple[Pages, list[AwsError]]:
        """The answers, empty where nobody lets us look, and why."""
        looks = TolerantReader(self._reader)
        try:
            self._reached(reads)
            return Pages(looks.read(list(reads))), looks.closed
        except AwsError as error:
            raise Refused(problem_of(error)) from error

    def described(self, operation: str, member: str, filters: Mapping[str, Sequence[str]]) -> list[Mapping[str, Any]]:
        """The items of one EC2 call, with filters by AWS's names. Their values are sorted, as kinds have them: the same
        question is asked once."""
        named = [{"Name": name, "Values": sorted(values)} for name, values in filters.items()]
        return list(self.pages(read("ec2", operation, Filters=named)).items("ec2", operation, member))

    def _reached(self, reads: Sequence[Read]) -> None:
        for each in reads:
            if each.service in self._out_of_reach:
                name = "".join(word.capitalize() for word in each.operation.split("_"))
                raise unreached(name, self._out_of_reach[each.service])


def made_vpcs(reader: DiscoveryReader) -> list[str]:
    """The VPCs with the plan's tag, by the answer that a look at AWS asks for anyway. Raises Refused when AWS can't be
    read."""
    plan = reader.owner.plan
    pages, closed = reader.where_open(tags_read(plan))
    if closed:
        found = reader.described("describe_vpcs", "Vpcs", {f"tag:{PLAN}": [plan]})
        return [vpc["VpcId"] for vpc in found]
    try:
        return sorted(id for id in tagged_ids(pages, plan) if id.startswith("vpc-"))
    except AwsError as error:
        raise Refused(problem_of(error)) from error
