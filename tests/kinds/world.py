"""AWS as the kinds' tests see it: made and read through the kinds alone, without the rooms above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from ocpprov.engine.kind_facts import NOT_COMPARED, Identity
from ocpprov.engine.ownership import PLAN, RESOURCE
from ocpprov.engine.resources import Created, Live, Owner
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.kinds.reads import Found, Pages, Read
from ocpprov.kinds.registry import KINDS

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_elb import ElasticLoadBalancingClient
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_s3 import S3Client

REGION: Final = "eu-west-1"
OWNER: Final = Owner(plan="prod", region=REGION, account="123456789012", run="r1")
ROUNDS: Final = 4
VPC: Final = "AWS::EC2::VPC"


@dataclass(frozen=True)
class TestClients:
    """Clients of the services, as `ocpprov.aws.clients` has them."""

    __test__ = False

    ec2: EC2Client
    elb: ElasticLoadBalancingClient
    elbv2: ElasticLoadBalancingv2Client
    iam: IAMClient
    route53: Route53Client
    s3: S3Client


@dataclass(frozen=True)
class World:
    """What the tests do to AWS and see of it."""

    clients: Any
    tokens: Any = field(default_factory=lambda: count(1))

    def request(self, type: str, properties: Mapping[str, Any], logical_id: str = "Thing") -> CreateRequest:
        tagged = KINDS[type].identity in (Identity.TAGS, Identity.SHARED_TAGS)
        tags = {PLAN: OWNER.plan, RESOURCE: logical_id} if tagged else {}
        return CreateRequest(logical_id, properties, tags, f"token-{next(self.tokens)}", OWNER)

    def create(self, type: str, logical_id: str = "Thing", **properties: Any) -> Created:
        """Make one, and set what the create call doesn't take."""
        kind = KINDS[type]
        request = self.request(type, properties, logical_id)
        created = kind.create(self.clients, request)
        later = [row.name for row in kind.properties if row.after_create and row.name in properties]
        if later:
            kind.update(self.clients, Live(type, created.id, {}), properties, later)
        return created

    def make(self, type: str, logical_id: str = "Thing", **properties: Any) -> str:
        """The id of a new one."""
        return self.create(type, logical_id, **properties).id

    def lives(self, type: str, given: Sequence[str] = ()) -> Sequence[Live]:
        """All that the type's kind finds."""
        return _Look(self, frozenset(given))[type]

    def answer(self, wanted: Read) -> list[Mapping[str, Any]]:
        client = getattr(self.clients, wanted.service)
        if client.can_paginate(wanted.operation):
            return list(client.get_paginator(wanted.operation).paginate(**wanted.arguments()))
        try:
            return [getattr(client, wanted.operation)(**wanted.arguments())]
        except ClientError as error:
            # IAM's and S3's way to say that nothing is there.
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return []
            raise

    def find(self, type: str, id: str, given: Sequence[str] = ()) -> Live | None:
        """The one live resource with this id, or None."""
        lives = [live for live in self.lives(type, given) if live.id == id]
        assert len(lives) <= 1, f"{id} was found {len(lives)} times"
        return lives[0] if lives else None


class _Look(Mapping[str, Sequence[Live]]):
    """What is found of each type, read when somebody asks for it: the kind that is looked for, then what its reads are
    made of. Who lies in a VPC asks for everything that may tell of one: here VPCs do."""

    def __init__(self, world: World, given: frozenset[str]) -> None:
        self._world = world
        self._found = Found(OWNER, self, given)
        self._answers: dict[Read, Sequence[Mapping[str, Any]]] = {}
        self._lives: dict[str, Sequence[Live]] = {}

    def __getitem__(self, type: str) -> Sequence[Live]:
        if type not in self._lives:
            self._lives[type] = ()
            self._read(KINDS[type])
        return self._lives[type]

    def __iter__(self) -> Iterator[str]:
        return iter({VPC: None, **self._lives})

    def __len__(self) -> int:
        return len({VPC, *self._lives})

    def _read(self, kind: Kind) -> None:
        """In the rounds that the contract allows."""
        for _ in range(ROUNDS):
            wanted = set(kind.reads(self._found)) - set(self._answers)
            self._answers |= {one: self._world.answer(one) for one in wanted}
            self._lives[kind.type] = kind.parse(Pages(self._answers))
            if not wanted:
                break


def with_defaults(kind: Kind, properties: Mapping[str, Any]) -> dict[str, Any]:
    """What the plan asks for: its properties in the live shape, and the kind's stated defaults."""
    stated = {row.name: row.default for row in kind.properties if row.default is not NOT_COMPARED}
    return {**stated, **kind.normalise(properties)}
