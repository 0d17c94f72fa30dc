"""The five lines in which a failed run ends, and what AWS has, by the tags that name it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.warm import Finished

Client = Callable[[str], Any]
"""Gives a plain client for a service's name."""

HEADS = ("exists:", "missing:", "AWS said:", "cause:", "next:")
HEADS_OF_DESTROY = ("remains:", "deleted:", *HEADS[2:])


@dataclass(frozen=True)
class Ending:
    """The last five lines of a failed run, without their heads. Of a destroy, `there` is what remains, and `missing`
    what was deleted."""

    there: str
    missing: str
    said: str
    cause: str
    next: str

    def left(self) -> dict[str, list[str]]:
        """Logical ids by what they lack: `missing`, `not ready`, `not yet as planned`. Of those that aren't named,
        only the number is known: each stands as an empty text."""
        parts = ("missing: " + self.missing).split("; ")
        return {part.partition(": ")[0]: list(_listed(part.partition(": ")[2])) for part in parts}


def _listed(text: str) -> Iterator[str]:
    names, _, more = text.removesuffix(" more").partition(" and ")
    yield from (name for name in names.split(", ") if name != "nothing")
    yield from [""] * int(more or 0)


def ending(finished: Finished) -> Ending:
    """The five lines, which nothing follows."""
    lines = finished.err.strip().splitlines()[-5:]
    assert tuple(line.partition(":")[0] + ":" for line in lines) in (HEADS, HEADS_OF_DESTROY), finished.err
    return Ending(*(line.partition(":")[2].strip() for line in lines))


def standing(client: Client) -> set[str]:
    """Logical ids of what AWS has and lists as alive, by the tags that name them."""
    return {tags["ocpprov:resource"] for tags in _all_tags(client) if "ocpprov:resource" in tags}


def _all_tags(client: Client) -> Iterator[Mapping[str, str]]:
    ec2, elbv2, iam, s3, route53 = (client(name) for name in ("ec2", "elbv2", "iam", "s3", "route53"))
    gone = {
        gateway["NatGatewayId"]
        for gateway in ec2.describe_nat_gateways()["NatGateways"]
        if gateway["State"] in ("failed", "deleting", "deleted")
    }
    by_id: dict[str, dict[str, str]] = {}
    for page in ec2.get_paginator("describe_tags").paginate():
        for tag in page["Tags"]:
            if tag["ResourceId"] not in gone:
                by_id.setdefault(tag["ResourceId"], {})[tag["Key"]] = tag["Value"]
    yield from by_id.values()
    balancers = [item["LoadBalancerArn"] for item in elbv2.describe_load_balancers()["LoadBalancers"]]
    groups = [item["TargetGroupArn"] for item in elbv2.describe_target_groups()["TargetGroups"]]
    if balancers or groups:
        for description in elbv2.describe_tags(ResourceArns=balancers + groups)["TagDescriptions"]:
            yield _pairs(description["Tags"])
    for role in iam.list_roles()["Roles"]:
        yield _pairs(iam.list_role_tags(RoleName=role["RoleName"])["Tags"])
    for profile in iam.list_instance_profiles()["InstanceProfiles"]:
        name = profile["InstanceProfileName"]
        yield _pairs(iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Tags"])
    for bucket in s3.list_buckets()["Buckets"]:
        yield _pairs(s3.get_bucket_tagging(Bucket=bucket["Name"])["TagSet"])
    for zone in route53.list_hosted_zones()["HostedZones"]:
        answer = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone["Id"].split("/")[-1])
        # Tags come after the zone; until then its reference says whose it is.
        reference = zone["CallerReference"].split("/")
        yield {"ocpprov:resource": reference[3], **_pairs(answer["ResourceTagSet"]["Tags"])}


def _pairs(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
