"""The DNS rows of a cluster that no plan is known of: its zones, and what its names lead to."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ocpprov.checks.dhcp_options import DhcpTold
from ocpprov.checks.found_row import READ_IT, FoundCase, Judged, JudgedRows, needless, several
from ocpprov.checks.requirement_drift import Defect
from ocpprov.engine.resources import Live
from ocpprov.openshift.found_balancers import classic_balancers, host, is_of, same_host
from ocpprov.openshift.found_marks import Candidates
from ocpprov.openshift.found_names import lead_of, names_in, zone_of
from ocpprov.openshift.found_terrain import is_external
from ocpprov.openshift.vpc_survey import BALANCER, CLASSIC, DHCP_OPTIONS, RECORD, ZONE
from ocpprov.reachability.explanation_codes import OwnCode
from ocpprov.reachability.names import in_vpc, outside
from ocpprov.reachability.words import opening, stopped_by


def dns_rows(case: FoundCase) -> JudgedRows:
    """The rows that begin with DNS."""
    return {
        "DNS-PUBLIC": _public_zone(case),
        "DNS-PRIVATE": _private_zone(case),
        "DNS-API": _api(case),
        "DNS-API-INT": _api_int(case),
        "DNS-ETCD": _etcd(case),
        "DNS-APPS": _apps(case),
    }


def _public_zone(case: FoundCase) -> Judged:
    zone = case.cluster.public_zone
    if zone:
        return Judged([zone.id])
    if unread := case.unread(ZONE):
        return Judged(unknown=unread)
    return needless(
        f"this account has no public zone for {case.cluster.domain}: it is internal, or its DNS is elsewhere"
    )


def _private_zone(case: FoundCase) -> Judged:
    zone = case.cluster.private_zone
    if zone:
        whose = f"of account {zone.owner}" if zone.owner else ""
        return Judged([zone.id], said=whose)
    if case.survey.private_zones is None:
        return Judged(unknown=case.unread(ZONE) or [Defect("the zones of the VPC couldn't be read", READ_IT)])
    if elsewhere := _other_servers(case):
        detail = f"no private zone of {case.vpc} holds api-int.{case.cluster.domain}; its machines ask {elsewhere}"
        return Judged(unknown=[Defect(detail, f"ask {elsewhere} for api-int.{case.cluster.domain} from there")])
    unassociated = [each for each in case.survey.of(ZONE) if _is_private_of(each, case)]
    return Judged(
        [each.id for each in unassociated], [_not_associated(each, case) for each in unassociated] or [_none(case)]
    )


def _is_private_of(zone: Live, case: FoundCase) -> bool:
    return bool(zone.properties.get("VPCs")) and zone.properties["Name"] == case.cluster.domain


def _not_associated(zone: Live, case: FoundCase) -> Defect:
    vpc = f"VPCRegion={case.survey.region},VPCId={case.vpc}"
    command = case.aws("route53", "associate-vpc-with-hosted-zone", "--hosted-zone-id", zone.id, "--vpc", vpc)
    return Defect(f"the private zone {zone.id} ({case.cluster.domain}) isn't associated with {case.vpc}", command)


def _none(case: FoundCase) -> Defect:
    vpc = f"VPCRegion={case.survey.region},VPCId={case.vpc}"
    words = ("route53", "create-hosted-zone", "--name", case.cluster.domain, "--vpc", vpc)
    command = case.aws(*words, "--caller-reference", f"{case.cluster.domain}-1")
    return Defect(f"no private zone that {case.vpc} is associated with holds api-int.{case.cluster.domain}", command)


def _other_servers(case: FoundCase) -> str:
    """The name servers that machines are told of by DHCP, where AWS's isn't one of them."""
    for options in case.survey.of(DHCP_OPTIONS):
        named = options.properties.get("DomainNameServers")
        told = DhcpTold((), [str(each) for each in named] if isinstance(named, list | tuple) else ())
        if told.name_servers and len(told.other_servers(())) == len(told.name_servers):
            return ", ".join(told.name_servers)
    return ""


def _api(case: FoundCase) -> Judged:
    zone = case.cluster.public_zone
    if unread := case.unread(ZONE, RECORD):
        return Judged(unknown=unread)
    if zone is None:
        return needless("there is no public zone to be seen")
    if not is_external(case.cluster) and lead_of(case.survey, zone.id, f"api.{case.cluster.domain}") is None:
        return needless("there is no balancer for clients outside")
    return _leads(case, zone.id, ["api"], case.cluster.external, "the external balancer")


def _api_int(case: FoundCase) -> Judged:
    zone = case.cluster.private_zone
    if zone is None:
        return Judged(unknown=[Defect("there is no zone to look them up in", "what DNS-PRIVATE says comes first")])
    if zone.records is None:
        why = f"{zone} is its owner's to read" if zone.owner else f"the records of {zone} couldn't be read"
        return Judged([zone.id], unknown=[*case.unread(RECORD), Defect(why, "ask its owner what api-int leads to")])
    return _leads(case, zone.id, ["api", "api-int"], case.cluster.internal, "the internal balancer")


def _leads(case: FoundCase, zone: str, hosts: list[str], balancer: Candidates, what: str) -> Judged:
    if unread := case.unread(RECORD):
        return Judged([zone], unknown=unread)
    faults: list[Defect] = []
    unknown: list[Defect] = []
    for label in hosts:
        for fault, certain in _led(case, zone, f"{label}.{case.cluster.domain}", balancer, what):
            (faults if certain else unknown).append(fault)
    return Judged([zone], list(dict.fromkeys(faults)), list(dict.fromkeys(unknown)))


def _led(case: FoundCase, zone: str, name: str, balancer: Candidates, what: str) -> Iterator[tuple[Defect, bool]]:
    """What is wrong with a name, and whether that is certain. Where it is known to what it has to lead, the evaluator
    says whether it does."""
    lead = lead_of(case.survey, zone, name)
    wanted = next((each for each in case.survey.of(BALANCER) if each.id == balancer.one), None)
    mend = _alias(case, zone, name, wanted)
    if len(balancer.ids) > 1:
        yield several(what, balancer), False
    elif wanted is not None:
        yield from _judged(case, zone, name, wanted, mend)
    elif lead is None:
        yield Defect(f"{zone} has no record of {name}, which should lead to {what}", mend), True
    elif not lead.target:
        detail = f"{name} has the addresses {', '.join(lead.addresses)}, and whose they are isn't known here"
        yield Defect(detail, f"look whether they are those of {what}"), False
    elif case.survey.unread_of(BALANCER, CLASSIC):
        yield from ((each, False) for each in case.unread(BALANCER, CLASSIC))
    elif any(same_host(lead.target, each.attributes.get("DNSName")) for each in classic_balancers(case.survey)):
        return
    elif is_of(case.survey, lead.target):
        yield Defect(f"{name} leads to {lead.target}, which isn't {what} in {case.vpc}", mend), False
    elif ".elb." in lead.target:
        yield Defect(f"{name} leads to {lead.target}, and this account has no such balancer", mend), True
    else:
        yield (
            Defect(f"{name} leads to {lead.target}, of which nothing is known here", f"look what {lead.target} is"),
            False,
        )


def _judged(case: FoundCase, zone: str, name: str, balancer: Live, mend: str) -> Iterator[tuple[Defect, bool]]:
    hosts = {host(str(balancer.attributes.get("DNSName", "")))}
    public = case.cluster.public_zone
    if public and zone == public.id:
        verdict = outside(zone_of(case.survey, public.id, str(public.properties["Name"])), name, hosts)
    else:
        verdict = in_vpc(names_in(case.survey), name, hosts)
    for obstacle in verdict.obstacles:
        of_record = obstacle.code in (OwnCode.DNS_NO_RECORD, OwnCode.DNS_OTHER_TARGET)
        yield Defect(stopped_by(obstacle), mend if of_record else opening(obstacle)), True
    for unread in verdict.unread:
        yield Defect(f"{name}: {unread}", "nobody can tell from here" if unread.undecided else READ_IT), False


def _alias(case: FoundCase, zone: str, name: str, balancer: Live | None) -> str:
    """The command that has a name lead to a balancer."""
    if balancer is None:
        return f"a record of {name} that leads to the API's balancer, once that is there"
    alias = {
        "HostedZoneId": balancer.attributes.get("CanonicalHostedZoneID", ""),
        "DNSName": balancer.attributes.get("DNSName", ""),
        "EvaluateTargetHealth": False,
    }
    record = {"Name": name, "Type": "A", "AliasTarget": alias}
    batch = json.dumps({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}, separators=(",", ":"))
    words = ("route53", "change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", batch)
    return case.aws(*words)


def _etcd(case: FoundCase) -> Judged:
    zone = case.cluster.private_zone
    name = f"_etcd-server-ssl._tcp.{case.cluster.domain}"
    records = [each for each in case.survey.of(RECORD) if each.properties.get("Name") == name]
    if zone and records:
        return Judged([each.id for each in records])
    return needless("not needed since OpenShift 4.4")


def _apps(case: FoundCase) -> Judged:
    zones = [zone.id for zone in (case.cluster.private_zone, case.cluster.public_zone) if zone]
    name = f"*.apps.{case.cluster.domain}"
    if unread := case.unread(ZONE, RECORD):
        return Judged(unknown=unread)
    leads = [lead for zone in zones if (lead := lead_of(case.survey, zone, name))]
    if not leads:
        return needless(f"{name} isn't there: the cluster makes it")
    gone = [lead for lead in leads if ".elb." in lead.target and not is_of(case.survey, lead.target)]
    if gone and (unread := case.unread(BALANCER, CLASSIC)):
        return Judged([lead.record for lead in leads], unknown=unread)
    faults = [
        Defect(f"{name} leads to {lead.target}, and this account has no such balancer", "let it lead to the router's")
        for lead in gone
    ]
    return Judged([lead.record for lead in leads], faults)
