"""What AWS has of a VPC that no plan is known of: lists first, then the details of what may be a cluster's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.commands.discovery_machines import instances_in
from ocpprov.commands.discovery_network import other_account
from ocpprov.commands.discovery_reachability import Unreadable, read_network
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live
from ocpprov.kinds.ec2.common import describe, tags_of
from ocpprov.kinds.elbv2.common import LIST_BALANCERS, LIST_GROUPS, tag_reads
from ocpprov.kinds.iam.common import LIST_PROFILES, LIST_ROLES
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.kinds.registry import KINDS
from ocpprov.kinds.route53.common import bare_id, canonical_name
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.vpc_survey import (
    AVAILABILITY_ZONE,
    BALANCER,
    BUCKET,
    CLASSIC,
    DHCP_OPTIONS,
    ENDPOINT,
    INSTANCE,
    LISTENER,
    PROFILE,
    RECORD,
    ROLE,
    SECURITY_GROUP,
    TARGET,
    TARGET_GROUP,
    VPC,
    ZONE,
    NamedGroup,
    SurveyedSubnet,
    VpcSurvey,
)
from ocpprov.reconcile.parse_answers import parse

_AGAIN: Final = "run the same command again"
_ZONES_OF_VPC: Final = "list_hosted_zones_by_vpc"
_RECORDS: Final = "list_resource_record_sets"


class NoSuchVpc(Exception):
    """The account has no such VPC in the region."""


@dataclass
class _Answers:
    """What has been answered so far, and by the type that a read is for, what AWS said where it wasn't."""

    reader: Reader
    out_of_reach: Mapping[str, str]
    found: dict[Read, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def ask(self, wanted: Mapping[Read, str]) -> None:
        """Each read with the type that it is for. A service that nobody reaches isn't asked."""
        for one, type in wanted.items():
            if why := self.out_of_reach.get(one.service):
                self.unread.setdefault(type, why)
        asked = [one for one in wanted if one.service not in self.out_of_reach]
        for one, answer in self.reader.attempt(asked).items():
            if isinstance(answer, AwsError):
                self.unread.setdefault(wanted[one], str(answer))
            else:
                self.found[one] = answer

    def items(self, service: str, operation: str, member: str) -> list[Mapping[str, Any]]:
        return list(Pages(self.found).items(service, operation, member))

    def lives(self, type: str) -> Sequence[Live]:
        """Those that the answers have, none where they can't be understood, which is kept."""
        try:
            return parse(KINDS[type], Pages(self.found))
        except AwsError as error:
            self.unread.setdefault(type, str(error))
            return ()


def survey_vpc(
    vpc_id: str, region: str, domain: str, account: str, reader: Reader, out_of_reach: Mapping[str, str]
) -> VpcSurvey:
    """The VPC, and what may be of the cluster of this domain in it. What can't be read is named in it, such as all of
    the services that are `out_of_reach`, each with why. Raises NoSuchVpc, and Unreadable where nobody may read the VPC
    or its subnets."""
    answers = _Answers(reader, out_of_reach)
    answers.ask(_lists(vpc_id, region))
    vpcs = answers.items("ec2", "describe_vpcs", "Vpcs")
    if not vpcs and VPC not in answers.unread:
        raise NoSuchVpc
    network = read_network(vpc_id, reader)
    vpc = next((each for each in answers.lives(VPC) if each.id == vpc_id), None)
    if vpc is None:
        raise Unreadable(Problem("", answers.unread.get(VPC, f"AWS's answer lacks {vpc_id}"), _AGAIN))
    in_vpc = {type: [each for each in answers.lives(type) if _is_in(each, vpc_id)] for type in (BALANCER, TARGET_GROUP)}
    zones = _private_zones(answers, account)
    answers.ask(_details(answers, in_vpc, vpcs, zones or (), domain))
    return VpcSurvey(
        vpc=vpc,
        network=network,
        region=region,
        account=account,
        subnets={each.id: each for each in _subnets(answers, account)},
        groups={each.id: each for each in _groups(answers)},
        instances=list(instances_in(answers.items("ec2", "describe_instances", "Reservations"))),
        lives={type: _parsed(answers, type, vpc_id) for type in _PARSED},
        all_balancers=frozenset(_dns_names(answers)),
        private_zones=_with_records(zones, answers),
        unread=answers.unread,
    )


_PARSED: Final = (
    ENDPOINT, DHCP_OPTIONS, BALANCER, LISTENER, TARGET_GROUP, TARGET, CLASSIC, ZONE, RECORD, ROLE, PROFILE, BUCKET
)  # fmt: skip
_IN_VPC: Final = frozenset({BALANCER, TARGET_GROUP, CLASSIC})


def _parsed(answers: _Answers, type: str, vpc_id: str) -> Sequence[Live]:
    return [each for each in answers.lives(type) if type not in _IN_VPC or _is_in(each, vpc_id)]


def _is_in(live: Live, vpc_id: str) -> bool:
    return live.properties.get("VpcId") == vpc_id


def _lists(vpc_id: str, region: str) -> Mapping[Read, str]:
    return {
        describe("describe_vpcs", "vpc-id", [vpc_id]): VPC,
        read("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute="enableDnsSupport"): VPC,
        read("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute="enableDnsHostnames"): VPC,
        describe("describe_subnets", "vpc-id", [vpc_id]): VPC,
        describe("describe_security_groups", "vpc-id", [vpc_id]): SECURITY_GROUP,
        describe("describe_vpc_endpoints", "vpc-id", [vpc_id]): ENDPOINT,
        describe("describe_instances", "vpc-id", [vpc_id]): INSTANCE,
        read("ec2", "describe_availability_zones", AllAvailabilityZones=True): AVAILABILITY_ZONE,
        LIST_BALANCERS: BALANCER,
        LIST_GROUPS: TARGET_GROUP,
        read("elb", "describe_load_balancers"): CLASSIC,
        read("route53", "list_hosted_zones"): ZONE,
        read("route53", _ZONES_OF_VPC, VPCId=vpc_id, VPCRegion=region): ZONE,
        LIST_ROLES: ROLE,
        LIST_PROFILES: PROFILE,
        read("s3", "list_buckets", BucketRegion=region): BUCKET,
    }


def _details(
    answers: _Answers,
    in_vpc: Mapping[str, Sequence[Live]],
    vpcs: Iterable[Mapping[str, Any]],
    private: Iterable[PrivateZone],
    domain: str,
) -> Mapping[Read, str]:
    balancers, groups = ([each.id for each in in_vpc[type]] for type in (BALANCER, TARGET_GROUP))
    named = [bare_id(zone["Id"]) for zone in _zones_above(answers, domain)]
    # A zone of another account is its alone to read.
    looked_into = {*named, *(zone.id for zone in private if not zone.owner)}
    options = [vpc["DhcpOptionsId"] for vpc in vpcs if str(vpc.get("DhcpOptionsId", "")).startswith("dopt-")]
    return {
        **{describe("describe_dhcp_options", "dhcp-options-id", options): DHCP_OPTIONS for _ in options[:1]},
        **{read("elbv2", "describe_listeners", LoadBalancerArn=arn): LISTENER for arn in balancers},
        **{read("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn): BALANCER for arn in balancers},
        **{read("elbv2", "describe_target_group_attributes", TargetGroupArn=arn): TARGET_GROUP for arn in groups},
        **{read("elbv2", "describe_target_health", TargetGroupArn=arn): TARGET for arn in groups},
        **dict.fromkeys(tag_reads(balancers), BALANCER),
        **{read("route53", "get_hosted_zone", Id=zone): ZONE for zone in sorted(named)},
        **{read("route53", _RECORDS, HostedZoneId=zone): RECORD for zone in sorted(looked_into)},
    }


def _zones_above(answers: _Answers, domain: str) -> Iterator[Mapping[str, Any]]:
    """The account's zones of the domain and of those that it is in."""
    for zone in answers.items("route53", "list_hosted_zones", "HostedZones"):
        if f".{domain}".endswith(f".{canonical_name(zone['Name'])}"):
            yield zone


def _private_zones(answers: _Answers, account: str) -> list[PrivateZone] | None:
    """Those that serve the VPC, without their records; None where nobody may look."""
    pages = [page for _, page in Pages(answers.found).documents("route53", _ZONES_OF_VPC)]
    if not pages:
        return None
    rows = [row for page in pages for row in page.get("HostedZoneSummaries", ())]
    return [
        PrivateZone(row["HostedZoneId"], canonical_name(row["Name"]), _other(row["Owner"], account))
        for row in rows
        if not row.get("Owner", {}).get("OwningService")
    ]


def _other(owner: Mapping[str, Any], account: str) -> str:
    owning = str(owner.get("OwningAccount", ""))
    return owning if owning != account else ""


def _with_records(zones: Sequence[PrivateZone] | None, answers: _Answers) -> Sequence[PrivateZone] | None:
    if zones is None:
        return None
    found: dict[str, set[str]] = {}
    for made, page in Pages(answers.found).documents("route53", _RECORDS):
        names = found.setdefault(made.arguments()["HostedZoneId"], set())
        names.update(canonical_name(row["Name"]) for row in page["ResourceRecordSets"] if row["Type"] in _ADDRESSES)
    return [
        PrivateZone(zone.id, zone.name, zone.owner, frozenset(found[zone.id]) if zone.id in found else None)
        for zone in zones
    ]


_ADDRESSES: Final = ("A", "AAAA", "CNAME")


def _subnets(answers: _Answers, account: str) -> Iterator[SurveyedSubnet]:
    zones = answers.items("ec2", "describe_availability_zones", "AvailabilityZones")
    types = {zone.get("ZoneName"): zone.get("ZoneType", "") for zone in zones}
    for subnet in answers.items("ec2", "describe_subnets", "Subnets"):
        zone = subnet.get("AvailabilityZone", "")
        yield SurveyedSubnet(
            subnet["SubnetId"],
            zone,
            tags_of(subnet),
            subnet.get("AvailableIpAddressCount"),
            other_account(subnet, account),
            types.get(zone, ""),
            bool(subnet.get("MapPublicIpOnLaunch")),
        )


def _groups(answers: _Answers) -> Iterator[NamedGroup]:
    for group in answers.items("ec2", "describe_security_groups", "SecurityGroups"):
        yield NamedGroup(group["GroupId"], group.get("GroupName", ""), tags_of(group))


def _dns_names(answers: _Answers) -> Iterator[str]:
    for service, member in (("elbv2", "LoadBalancers"), ("elb", "LoadBalancerDescriptions")):
        yield from (item.get("DNSName", "") for item in answers.items(service, "describe_load_balancers", member))
