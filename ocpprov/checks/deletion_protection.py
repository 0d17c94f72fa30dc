"""What somebody has protected in AWS itself: nothing deletes it until that is lifted.

Elastic Load Balancing tells it with the attributes that are read anyway. Buckets, zones and machines are asked: one
call for each bucket with objects that go, public zone and machine, and two for each version of an object in a bucket
with Object Lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from ocpprov.aws.balancer_attributes import PROTECTION
from ocpprov.aws.error_sentences.balancers import unprotect_balancer
from ocpprov.aws.errors import AwsError
from ocpprov.engine.ownership import RESOURCE, identity_tags
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live
from ocpprov.engine.suggestion import command_line
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.openshift.load_balancers import EXTERNAL, INTERNAL

BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_BY_ATTRIBUTE: Final = f"its attribute {PROTECTION}"
_BUCKET: Final = "AWS::S3::Bucket"
_OBJECT: Final = "Ocpprov::S3::Object"
_ZONE: Final = "AWS::Route53::HostedZone"


class Asks(Protocol):
    """Whoever asks AWS: the answers, and in place of those that there are none of, why not."""

    def attempt(self, wanted: Sequence[Read], /) -> Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]: ...


@dataclass(frozen=True)
class Protection:
    """One thing that AWS won't delete: its type and id, its name for people, what protects it, and how that is lifted:
    commands, or words where there is none."""

    type: str
    id: str
    name: str
    by: str
    lift: str

    @property
    def problem(self) -> Problem:
        """As it stands against a deletion."""
        return Problem(self.name, f"protected by {self.by}", f"if it may go: {self.lift}")


@dataclass(frozen=True)
class Protections:
    """What was found, and what nobody could find out, each with why."""

    found: Sequence[Protection] = ()
    unknown: Sequence[str] = ()


def protected_balancers(lives: Iterable[Live]) -> Iterator[Protection]:
    """The balancers with deletion protection, by what was read of them."""
    for live in lives:
        attributes = live.properties.get("LoadBalancerAttributes")
        if live.type == BALANCER and isinstance(attributes, Mapping) and attributes.get(PROTECTION) == "true":
            command = f"`{unprotect_balancer(live.id)}`"
            named = identity_tags(live).get(RESOURCE) in (EXTERNAL, INTERNAL)
            lift = f"set `openshift.deletionProtection: false` and apply it, or run {command}" if named else command
            yield Protection(live.type, live.id, _name(live), _BY_ATTRIBUTE, lift)


def protected_leftovers(arns: Sequence[str], asks: Asks) -> Protections:
    """The load balancers that a cluster made, by ARN, and that are protected: one call for each."""
    answers = _Answers(asks, [read("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn) for arn in arns])
    found = [
        Protection(BALANCER, arn, printable(arn), _BY_ATTRIBUTE, f"`{unprotect_balancer(arn)}`")
        for made, page in answers.pages.documents("elbv2", "describe_load_balancer_attributes")
        for arn in [made.arguments()["LoadBalancerArn"]]
        if {"Key": PROTECTION, "Value": "true"} in page.get("Attributes", ())
    ]
    return Protections(found, answers.unknown)


def protections(lives: Sequence[Live], asks: Asks, now: float) -> Protections:
    """What of these is protected. `now` is the time in seconds since 1970."""
    first = _Answers(asks, first_reads(lives))
    locked = {
        made.arguments()["Bucket"]
        for made, page in first.pages.documents("s3", "get_object_lock_configuration")
        if page.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"
    }
    objects = [live for live in _of(lives, _OBJECT) if live.properties["Bucket"] in locked]
    listed = _Answers(asks, [_versions_read(live) for live in objects])
    versions = [(live, version) for live in objects for version in _versions(live, listed.pages)]
    kept = _Answers(asks, [each for live, version in versions for each in _retention_reads(live, version)])
    return Protections(
        [
            *protected_balancers(lives),
            *(each for zone in _public_zones(lives) for each in _signed(zone, first.pages)),
            *(each for live, version in versions for each in _retained(live, version, kept.pages, now)),
        ],
        [*first.unknown, *listed.unknown, *kept.unknown],
    )


def first_reads(lives: Sequence[Live]) -> list[Read]:
    """What `protections` asks at once: of buckets only those in which objects of these lie, as the lock keeps those."""
    holding = {live.properties["Bucket"] for live in _of(lives, _OBJECT)}
    buckets = [live for live in _of(lives, _BUCKET) if live.id in holding]
    return [*map(_lock_read, buckets), *map(_signing_read, _public_zones(lives))]


def protected_machines(ids: Sequence[str], asks: Asks) -> Protections:
    """The instances that nobody may terminate."""
    answers = _Answers(
        asks,
        [read("ec2", "describe_instance_attribute", InstanceId=id, Attribute="disableApiTermination") for id in ids],
    )
    found = [
        Protection(
            "AWS::EC2::Instance",
            page["InstanceId"],
            page["InstanceId"],
            "termination protection",
            f"`{_allow_termination(page['InstanceId'])}`",
        )
        for _, page in answers.pages.documents("ec2", "describe_instance_attribute")
        if page.get("DisableApiTermination", {}).get("Value")
    ]
    return Protections(found, answers.unknown)


def _allow_termination(instance_id: str) -> str:
    verb = ("modify-instance-attribute", "--no-disable-api-termination")
    return command_line("aws", "ec2", *verb, "--instance-id", instance_id)


class _Answers:
    """What was answered, and what wasn't."""

    def __init__(self, asks: Asks, reads: Sequence[Read]) -> None:
        answers = asks.attempt(reads) if reads else {}
        self.pages = Pages({made: each for made, each in answers.items() if not isinstance(each, AwsError)})
        self.unknown = [
            f"whether {_about(made)} is protected wasn't looked at: {each}"
            for made, each in answers.items()
            if isinstance(each, AwsError)
        ]


def _about(made: Read) -> str:
    arguments = made.arguments()
    words = [
        arguments[name]
        for name in ("Bucket", "Key", "Id", "HostedZoneId", "InstanceId", "LoadBalancerArn")
        if name in arguments
    ]
    return printable("/".join(map(str, words)))


def _of(lives: Iterable[Live], type: str) -> list[Live]:
    return [live for live in lives if live.type == type]


def _public_zones(lives: Iterable[Live]) -> list[Live]:
    """Route 53 signs no others."""
    return [live for live in _of(lives, _ZONE) if not live.properties.get("VPCs")]


def _name(live: Live) -> str:
    return printable(f"{identity_tags(live).get(RESOURCE, live.type)} {live.id}")


def _lock_read(bucket: Live) -> Read:
    return read("s3", "get_object_lock_configuration", Bucket=bucket.id)


def _signing_read(zone: Live) -> Read:
    return read("route53", "get_dnssec", HostedZoneId=zone.id)


def _versions_read(live: Live) -> Read:
    return read("s3", "list_object_versions", Bucket=live.properties["Bucket"], Prefix=live.properties["Key"])


def _retention_reads(live: Live, version: str) -> list[Read]:
    place = {"Bucket": live.properties["Bucket"], "Key": live.properties["Key"], "VersionId": version}
    return [read("s3", operation, **place) for operation in ("get_object_retention", "get_object_legal_hold")]


def _versions(live: Live, pages: Pages) -> Iterator[str]:
    for made, item in pages.with_read("s3", "list_object_versions", "Versions"):
        if made == _versions_read(live) and item["Key"] == live.properties["Key"]:
            yield item["VersionId"]


def _signed(zone: Live, pages: Pages) -> Iterator[Protection]:
    """DeleteHostedZone refuses a zone that is signed, or still has a key to sign with."""
    for made, page in pages.documents("route53", "get_dnssec"):
        if made != _signing_read(zone):
            continue
        keys = [str(key["Name"]) for key in page.get("KeySigningKeys", ())]
        signing = page.get("Status", {}).get("ServeSignature", "NOT_SIGNING") != "NOT_SIGNING"
        if signing or keys:
            where = ("--hosted-zone-id", zone.id)
            commands: list[tuple[str, ...]] = [("disable-hosted-zone-dnssec", *where)] if signing else []
            for key in keys:
                named = (*where, "--name", key)
                commands += [("deactivate-key-signing-key", *named), ("delete-key-signing-key", *named)]
            before = "take its DS record out of the zone above, then run " if signing else "run "
            after = ", ".join(f"`{command_line('aws', 'route53', *words)}`" for words in commands)
            yield Protection(zone.type, zone.id, _name(zone), "DNSSEC signing", before + after)


def _retained(live: Live, version: str, pages: Pages, now: float) -> Iterator[Protection]:
    retention, hold = _retention_reads(live, version)
    bucket, key = str(live.properties["Bucket"]), str(live.properties["Key"])
    where = ("--bucket", bucket, "--key", key, "--version-id", version)
    name = f"{_name(live)} (version {printable(version)})"
    for made, page in pages.documents("s3", "get_object_legal_hold"):
        if made == hold and page.get("LegalHold", {}).get("Status") == "ON":
            command = command_line("aws", "s3api", "put-object-legal-hold", *where, "--legal-hold", "Status=OFF")
            yield Protection(live.type, live.id, name, "a legal hold of Object Lock", f"`{command}`")
    for made, page in pages.documents("s3", "get_object_retention"):
        until = page.get("Retention", {}).get("RetainUntilDate")
        if made == retention and isinstance(until, datetime) and until.timestamp() > now:
            mode = str(page["Retention"].get("Mode", ""))
            by = f"Object Lock ({printable(mode)}) until {until:%Y-%m-%d %H:%M} UTC"
            bypass = ("--bypass-governance-retention", "--retention", "{}")
            command = command_line("aws", "s3api", "put-object-retention", *where, *bypass)
            lift = f"`{command}`" if mode == "GOVERNANCE" else "nothing lifts that before, whatever the permissions"
            yield Protection(live.type, live.id, name, by, lift)
