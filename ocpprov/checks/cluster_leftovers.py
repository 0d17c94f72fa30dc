"""What a cluster made for itself in the user's account and leaves behind: the router's balancers with their groups, the
records that point at them, volumes, the image registry's bucket.

Only what says of itself that the cluster owns it (`kubernetes.io/cluster/<infraID>: owned`, the tag that OpenShift's
operators and Kubernetes' cloud provider put) counts, and what lies in it or points at it. Never a name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ocpprov.engine.ownership import TAG_KEYS, decode_ledger
from ocpprov.engine.resources import Live
from ocpprov.kinds.elbv2.common import LIST_BALANCERS, LIST_GROUPS
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.reconcile.leftover_deletion import Leftover, LeftoverType

CLUSTER_TAG: Final = "kubernetes.io/cluster/"
_OWNED: Final = "owned"


class Reads(Protocol):
    """Whoever asks AWS."""

    def read(self, wanted: Sequence[Read], /) -> Mapping[Read, Sequence[Mapping[str, Any]]]: ...


_MOST_AT_ONCE: Final = 20
"""How many balancers one DescribeTags takes."""


@dataclass(frozen=True)
class Cluster:
    """Whose leftovers: `infra_id` from the plan, or the tags that it put on its resources, `domain` as in
    `prod.example.com` (may be empty), `vpcs` and `zones` those of the plan by id, `groups` its security groups. `own`
    is all that is known to be the plan's, by id, of which nobody has to ask whose it is; with it and the `region`, what
    is asked is what the plan's own look has asked, as far as that may be. Without them everything is asked."""

    infra_id: str
    domain: str
    vpcs: frozenset[str]
    zones: frozenset[str]
    groups: frozenset[str]
    own: frozenset[str] = frozenset()
    region: str = ""

    @property
    def tag(self) -> str:
        """The key of its tag."""
        return CLUSTER_TAG + self.infra_id

    def owns(self, tags: Iterable[Mapping[str, str]]) -> bool:
        """Whether these tags, as AWS lists them, say so."""
        return any(tag["Key"] == self.tag and tag["Value"] == _OWNED for tag in tags)


def infra_ids(lives: Iterable[Live]) -> list[str]:
    """The infraIDs in the tags that this plan put on these resources of its own, sorted. A cluster's tag that somebody
    else put there is another cluster's; and `shared` says that a cluster uses a thing, not that it is this plan's."""
    return sorted(
        {
            key.removeprefix(CLUSTER_TAG)
            for live in lives
            for key in decode_ledger(TAG_KEYS, live.tags)
            if key.startswith(CLUSTER_TAG) and live.tags.get(key) == _OWNED
        }
    )


def find_leftovers(cluster: Cluster, reader: Reads, services: frozenset[str]) -> list[Leftover]:
    """Everything that is left, in the order of deletion. Only these services are asked. Raises what the reader
    raises."""
    pages = Pages(reader.read(first_reads(cluster, services)))
    tags = _balancer_tags(cluster, pages, reader)
    of_ec2 = Pages(reader.read(_ec2_reads(cluster, pages))) if "ec2" in services else Pages({})
    balancers = [*_classic(cluster, pages, tags), *_balancers(cluster, pages, tags)]
    found = [
        *_records(cluster, pages, reader, {str(each.detail) for each in balancers}),
        *balancers,
        *_target_groups(cluster, pages, tags),
        *_of_ec2(cluster, of_ec2),
        *_buckets(cluster, pages, reader),
    ]
    order = list(LeftoverType)
    return sorted(found, key=lambda each: (order.index(each.type), each.id))


def first_reads(cluster: Cluster, services: frozenset[str]) -> list[Read]:
    """What is asked of these services before anything is known."""
    in_region = {"BucketRegion": cluster.region} if cluster.region else {}
    reads = [
        read("elb", "describe_load_balancers"),
        LIST_BALANCERS,
        LIST_GROUPS,
        read("route53", "list_hosted_zones"),
        read("s3", "list_buckets", **in_region),
        *([_tags_read(cluster)] if cluster.own else []),
    ]
    return [one for one in reads if one.service in services]


def _tags_read(cluster: Cluster) -> Read:
    """Whatever has the cluster's tag, of all types of EC2."""
    filters = [{"Name": "key", "Values": [cluster.tag]}, {"Name": "value", "Values": [_OWNED]}]
    return read("ec2", "describe_tags", Filters=filters)


_OF_EC2: Final = {
    "security-group": "describe_security_groups",
    "network-interface": "describe_network_interfaces",
    "volume": "describe_volumes",
}
"""What a cluster leaves, by its name in DescribeTags, and what tells more of it."""


def _ec2_reads(cluster: Cluster, pages: Pages) -> list[Read]:
    """What tells more of what the cluster owns: of each type, or of those of which there is one that isn't the plan's
    own."""
    owned = [{"Name": f"tag:{cluster.tag}", "Values": [_OWNED]}]
    tagged = list(pages.items("ec2", "describe_tags", "Tags"))
    there = {each["ResourceType"] for each in tagged if each["ResourceId"] not in cluster.own}
    types = [type for type in _OF_EC2 if type in there or not cluster.own]
    return [read("ec2", _OF_EC2[type], Filters=owned) for type in types]


def _balancer_tags(cluster: Cluster, pages: Pages, reader: Reads) -> dict[str, Sequence[Mapping[str, str]]]:
    """Tags by name (classic) or ARN, of what isn't known to be the plan's own."""
    classic = [each["LoadBalancerName"] for each in _classics(pages)]
    arns = [each["LoadBalancerArn"] for each in pages.items("elbv2", "describe_load_balancers", "LoadBalancers")]
    arns += [each["TargetGroupArn"] for each in pages.items("elbv2", "describe_target_groups", "TargetGroups")]
    arns, classic = ([each for each in names if each not in cluster.own] for names in (arns, classic))
    wanted = [
        *(read("elb", "describe_tags", LoadBalancerNames=names) for names in _in_parts(classic)),
        *(read("elbv2", "describe_tags", ResourceArns=part) for part in _in_parts(arns)),
    ]
    answers = Pages(reader.read(wanted))
    return {
        **{row["LoadBalancerName"]: row["Tags"] for row in answers.items("elb", "describe_tags", "TagDescriptions")},
        **{row["ResourceArn"]: row["Tags"] for row in answers.items("elbv2", "describe_tags", "TagDescriptions")},
    }


def _in_parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _MOST_AT_ONCE):
        yield names[start : start + _MOST_AT_ONCE]


def _classics(pages: Pages) -> Iterator[Mapping[str, Any]]:
    return pages.items("elb", "describe_load_balancers", "LoadBalancerDescriptions")


def _classic(cluster: Cluster, pages: Pages, tags: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[Leftover]:
    for each in _classics(pages):
        if cluster.owns(tags.get(each["LoadBalancerName"], ())):
            yield Leftover(
                LeftoverType.CLASSIC_BALANCER, each["LoadBalancerName"], each["DNSName"], _dns(each["DNSName"])
            )


def _balancers(cluster: Cluster, pages: Pages, tags: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[Leftover]:
    for each in pages.items("elbv2", "describe_load_balancers", "LoadBalancers"):
        if cluster.owns(tags.get(each["LoadBalancerArn"], ())):
            yield Leftover(
                LeftoverType.BALANCER, each["LoadBalancerArn"], each["LoadBalancerName"], _dns(each["DNSName"])
            )


def _target_groups(
    cluster: Cluster, pages: Pages, tags: Mapping[str, Sequence[Mapping[str, str]]]
) -> Iterator[Leftover]:
    for each in pages.items("elbv2", "describe_target_groups", "TargetGroups"):
        if cluster.owns(tags.get(each["TargetGroupArn"], ())):
            yield Leftover(LeftoverType.TARGET_GROUP, each["TargetGroupArn"], each["TargetGroupName"])


def _of_ec2(cluster: Cluster, pages: Pages) -> Iterator[Leftover]:
    for each in pages.items("ec2", "describe_security_groups", "SecurityGroups"):
        if each["GroupId"] not in cluster.groups:
            yield Leftover(LeftoverType.SECURITY_GROUP, each["GroupId"], each["GroupName"])
    for each in pages.items("ec2", "describe_network_interfaces", "NetworkInterfaces"):
        if each["Status"] == "available":
            yield Leftover(LeftoverType.INTERFACE, each["NetworkInterfaceId"], each.get("Description", ""))
    for each in pages.items("ec2", "describe_volumes", "Volumes"):
        names = {tag["Key"]: tag["Value"] for tag in each.get("Tags", ())}
        yield Leftover(LeftoverType.VOLUME, each["VolumeId"], names.get("Name", ""))


def _records(cluster: Cluster, pages: Pages, reader: Reads, balancers: set[str]) -> Iterator[Leftover]:
    """In the plan's own zone whatever is the router's; in other zones only what points at a balancer of the cluster."""
    if not cluster.domain:
        return
    apps = f"apps.{cluster.domain}."
    above = {}
    for zone in pages.items("route53", "list_hosted_zones", "HostedZones"):
        if apps.endswith("." + zone["Name"]):
            above[zone["Id"].rpartition("/")[2]] = zone["Name"]
    answers = Pages(reader.read([read("route53", "list_resource_record_sets", HostedZoneId=id) for id in above]))
    for made, page in answers.documents("route53", "list_resource_record_sets"):
        zone_id = made.arguments()["HostedZoneId"]
        for record in page["ResourceRecordSets"]:
            target = _dns(record.get("AliasTarget", {}).get("DNSName", ""))
            if record["Name"] not in (f"\\052.{apps}", f"*.{apps}"):
                continue
            if zone_id in cluster.zones or target.removeprefix("dualstack.") in balancers:
                name = record["Name"].replace("\\052", "*")
                yield Leftover(LeftoverType.RECORD, f"{name} {record['Type']}", f"zone {zone_id}", (zone_id, record))


def _buckets(cluster: Cluster, pages: Pages, reader: Reads) -> Iterator[Leftover]:
    """The registry's bucket has the cluster's name; its tag decides."""
    names = [each["Name"] for each in pages.items("s3", "list_buckets", "Buckets")]
    wanted = [
        read("s3", "get_bucket_tagging", Bucket=name)
        for name in names
        if name.startswith(f"{cluster.infra_id}-image-registry-")
    ]
    for made, page in Pages(reader.read(wanted)).documents("s3", "get_bucket_tagging"):
        if cluster.owns(page["TagSet"]):
            yield Leftover(LeftoverType.BUCKET, made.arguments()["Bucket"], "image registry, with all versions")


def _dns(name: str) -> str:
    return name.rstrip(".").lower()
