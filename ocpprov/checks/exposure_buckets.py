"""Buckets of the plan that the public or other accounts get into, or that answer in clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.checks.exposure import OTHERWISE, Belongings, Exposure, Exposures
from ocpprov.checks.exposure_policies import EVERYBODY, Statement, allows, may, name, statements, strangers, texts
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live
from ocpprov.engine.values import references
from ocpprov.kinds.policy_documents import document
from ocpprov.reachability.patterns import takes
from ocpprov.reachability.verdict import Answer

BUCKET: Final = "AWS::S3::Bucket"
POLICY: Final = "AWS::S3::BucketPolicy"
_BLOCK: Final = "PublicAccessBlockConfiguration"
_FLAGS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_ENFORCED: Final = "BucketOwnerEnforced"
_IGNITION: Final = "bootstrap.ign with the cluster's secrets"


def exposed_buckets(inventory: Inventory, whose: Belongings) -> Exposures:
    """Of each bucket of the plan: the public access block, the policy's statements for strangers, and TLS."""
    policies = {live.id: live for live in inventory.of(POLICY)}
    buckets = [
        _Bucket(live, logical_id, policies.get(live.id), whose, _unseen(inventory, live.id))
        for live in inventory.of(BUCKET)
        if (logical_id := whose.logical_id(BUCKET, live.id))
    ]
    return Exposures(
        [each for bucket in buckets for each in bucket.exposures()],
        unread=[text for bucket in buckets for text in bucket.unread()],
    )


def _unseen(inventory: Inventory, bucket: str) -> frozenset[str]:
    return frozenset(each.type for each in inventory.unseen if each.concerns(bucket))


@dataclass(frozen=True)
class _Bucket:
    """One bucket with its policy, if it has any; `unseen` are the types of what of it nobody could look at."""

    live: Live
    logical_id: str
    policy: Live | None
    whose: Belongings
    unseen: frozenset[str]

    def exposures(self) -> Iterator[Exposure]:
        yield from self._unblocked()
        yield from self._strangers()
        yield from self._in_clear()

    def unread(self) -> Iterator[str]:
        if BUCKET in self.unseen:
            return
        if _BLOCK in self.live.unanswered:
            yield f"{self.live.id}: AWS's answer doesn't say what its public access block has"
        controls: Any = self.live.properties.get("OwnershipControls") or {}
        owners = {rule.get("ObjectOwnership") for rule in controls.get("Rules", ())}
        if owners - {_ENFORCED} or (not owners and not self._flag("IgnorePublicAcls")):
            yield f"{self.live.id}: its ACLs may be in force, and verify doesn't read them"

    @property
    def _content(self) -> str:
        return _IGNITION if self.whose.is_required(BUCKET, self.live.id) else "its objects"

    def _flag(self, flag: str) -> bool:
        block: Any = self.live.properties.get(_BLOCK) or {}
        return _is_on(block, flag)

    def _unblocked(self) -> Iterator[Exposure]:
        off = [flag for flag in _FLAGS if not self._flag(flag)]
        if not off or _BLOCK in self.live.unanswered or BUCKET in self.unseen:
            return
        settings = ",".join(f"{flag}=true" for flag in _FLAGS)
        words = ("--bucket", self.live.id, "--public-access-block-configuration", settings)
        wanted: Any = self.whose.resources[self.logical_id].properties.get(_BLOCK)
        if wanted is None:
            origin, remedy = self._by_the_plan, self.whose.aws("s3api", "put-public-access-block", *words)
        elif all(_is_on(wanted, flag) for flag in off):
            origin, remedy = OTHERWISE, self.whose.apply
        else:
            origin, remedy = self._by_the_plan, f"have {self.logical_id} of the plan block them, and {self.whose.apply}"
        yield self._exposure(
            f"public access, as {', '.join(off)} {'is' if len(off) == 1 else 'are'} off",
            f"{self._content} to everybody whom a policy or an ACL lets in",
            origin,
            remedy,
        )

    def _strangers(self) -> Iterator[Exposure]:
        for number, statement in enumerate(self._statements(), start=1):
            whom = strangers(statement, self.whose.account)
            if not whom:
                continue
            public = any(each.startswith(EVERYBODY) for each in whom) and not statement.get("Condition")
            held = public and self._flag("RestrictPublicBuckets")
            to = "nobody outside the account now, as RestrictPublicBuckets is on" if held else ", ".join(whom)
            mine = self._is_of_plan(statement)
            yield self._exposure(
                f"{may(statement)} to {', '.join(whom)}",
                f"{self._content} to {to}",
                self.whose.origin(POLICY, self.live.id) if mine else f"not of this plan: {name(statement, number)}",
                self.whose.remedy(POLICY, self.live.id)
                if mine
                else f"take {name(statement, number)} out of the policy of {self.live.id}",
            )

    def _in_clear(self) -> Iterator[Exposure]:
        if POLICY in self.unseen or any(_denies_clear(each, self.live.id) for each in self._statements()):
            return
        if any(_is_about_clear(each) and not allows(each) for each in self._wanted()):
            origin, remedy = OTHERWISE, self.whose.apply
        else:
            words = f"a policy of {self.logical_id} in the plan that denies what comes without TLS"
            origin, remedy = self._by_the_plan, f"{words}, and {self.whose.apply}"
        yield self._exposure("requests without TLS", f"{self._content} to whoever reads along", origin, remedy)

    def _statements(self) -> list[Statement]:
        return statements(self.policy.properties.get("PolicyDocument")) if self.policy else []

    def _wanted(self) -> Iterator[Statement]:
        """The statements of the plan's policies for the bucket."""
        for each in self.whose.resources.values():
            bucket = each.properties.get("Bucket")
            named = bucket == self.live.id or self.logical_id in {to.logical_id for to in references(bucket)}
            if each.type == POLICY and named:
                yield from statements(document(each.properties.get("PolicyDocument")))

    def _is_of_plan(self, statement: Statement) -> bool:
        return any(allows(each) and _known_by(each) == _known_by(statement) for each in self._wanted())

    @property
    def _by_the_plan(self) -> str:
        return self.whose.origin(BUCKET, self.live.id)

    def _exposure(self, allowed: str, exposed: str, origin: str, remedy: str) -> Exposure:
        return Exposure(self.live.id, self.logical_id, allowed, exposed, "", origin, remedy)


def _known_by(statement: Statement) -> tuple[str, Sequence[str]]:
    """What tells it apart, whatever refers to something in the plan: its Sid and its actions."""
    return str(statement.get("Sid", "")), sorted(str(each).lower() for each in texts(statement.get("Action")))


def _is_on(block: Mapping[str, Any], flag: str) -> bool:
    return str(block.get(flag)).lower() == "true"


def _is_about_clear(statement: Statement) -> bool:
    """Whether its only condition is that TLS isn't used."""
    condition: Mapping[str, Any] = statement.get("Condition") or {}
    if set(condition) != {"Bool"}:
        return False
    asked = {key.lower(): [str(each).lower() for each in texts(value)] for key, value in condition["Bool"].items()}
    return asked == {"aws:securetransport": ["false"]}


def _denies_clear(statement: Statement, bucket: str) -> bool:
    """Whether it keeps everybody from everything in the bucket without TLS."""
    if allows(statement) or statement.get("Principal") not in ("*", {"AWS": "*"}) or not _is_about_clear(statement):
        return False
    resources = [str(each).partition(":::")[2] or str(each) for each in texts(statement.get("Resource"))]
    actions = [str(each).lower() for each in texts(statement.get("Action"))]
    whole = any(takes(each, f"{bucket}/*") is Answer.YES for each in resources)
    return whole and any(each in ("*", "s3:*", "s3:get*", "s3:getobject") for each in actions)
