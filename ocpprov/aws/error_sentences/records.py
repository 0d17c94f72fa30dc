"""Of Route 53's zones and records. Sources: the errors that its API reference lists for each operation."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Sentence


def change_batch_class(message: str) -> ErrorClass | None:
    """What a refused change batch means, by all that it complains of: it is all or nothing. None where nothing but its
    code says it."""
    if "already exists" in message:
        return ErrorClass.EXISTS
    if _deletes_only_what_is_gone(message):
        return ErrorClass.NOT_VISIBLE
    return _alias_comes_too_early(message)


def _deletes_only_what_is_gone(message: str) -> bool:
    """Whether every complaint is that a record to delete wasn't found: a single other complaint means that the batch
    still has to be sent."""
    complaints = message.count("Tried to ")
    return complaints > 0 and complaints == message.count("but it was not found")


def _alias_comes_too_early(message: str) -> ErrorClass | None:
    """What it means that targets of aliases weren't found, where nothing else is complained of: a balancer gets its
    name within minutes of its creation, another record at once. Where the target's zone is wrong, both are said."""
    targets = _ALIAS_TARGET.findall(message)
    if not targets or _ALIAS_TARGET.sub("", message).strip("[]., \n"):
        return None
    return ErrorClass.NOT_READY if all(_BALANCER in target for target in targets) else ErrorClass.NOT_VISIBLE


_ALIAS_TARGET: Final = re.compile(
    r"Tried to create an alias that targets (\S+), type \S+ in zone \S+, but that target was not found"
)
_BALANCER: Final = ".elb."

_ZONE_AT_WORK: Final = (
    "Route 53 is still at work on an earlier change of the zone, ocpprov's or somebody else's. Wait until nobody else "
    "changes it, and run the same command again."
)
_ZONE_ANSWERS: Final = (
    "The VPC has a private zone of this name already, perhaps another account's. Name that one as "
    "openshift.hostedZone, with its hostedZoneRole where it is another account's, or have the VPC taken from it, and "
    "run the same command again."
)
_NO_SERVERS_LEFT: Final = (
    "Route 53 has made as many zones of this name as it makes, for whatever accounts. Choose another domain, or, "
    "where it is yours, have AWS Support find out; then run the same command again."
)
_NOT_EMPTY: Final = (
    "The zone has records that the plan didn't make. Take them out, or leave the zone in the plan, and run the same "
    "command again."
)
_RESERVED: Final = (
    "AWS reserves this domain, so nobody can have a public zone of it. Write the baseDomain that is yours, or "
    "publicZone: none, and run the same command again."
)
_UNKNOWN_VPC: Final = (
    "Route 53 doesn't find the VPC: it is new, it is in another region or account, or the user may not do "
    "ec2:DescribeVpcs, with which Route 53 looks. Mend what of it is so, and run the same command again."
)
_NOT_AUTHORISED: Final = (
    "The zone is another account's, which has to authorise the VPC first: its owner runs `aws route53 "
    "create-vpc-association-authorization`. Then run the same command again."
)
_PUBLIC: Final = (
    "The zone is public, and serves no VPC. Name the private one as openshift.hostedZone, and run the same command "
    "again."
)

SENTENCES: Final = (
    Sentence("zone-at-work", ("PriorRequestNotComplete",), "", ErrorClass.THROTTLED, _ZONE_AT_WORK),
    Sentence("zone-answers", ("ConflictingDomainExists",), "", ErrorClass.EXISTS, _ZONE_ANSWERS),
    Sentence("no-servers-left", ("DelegationSetNotAvailable",), "", ErrorClass.INVALID, _NO_SERVERS_LEFT),
    Sentence("not-empty", ("HostedZoneNotEmpty",), "", ErrorClass.BUSY, _NOT_EMPTY),
    Sentence("reserved", ("InvalidDomainName",), r"is reserved by AWS", ErrorClass.INVALID, _RESERVED),
    Sentence("unknown-vpc", ("InvalidVPCId",), "", ErrorClass.NOT_VISIBLE, _UNKNOWN_VPC),
    Sentence("not-authorised", ("NotAuthorizedException",), "", ErrorClass.DENIED, _NOT_AUTHORISED),
    Sentence("public", ("PublicZoneVPCAssociation",), "", ErrorClass.INVALID, _PUBLIC),
)
