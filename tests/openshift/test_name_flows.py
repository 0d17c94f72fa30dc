"""The cluster's names and those of AWS's services, as flows of the port matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.name_flows import names_asked
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.terrain_building import live_terrain, planned_terrain
from ocpprov.plan.model import EndpointSettings
from ocpprov.reachability.from_resources import planned_network
from ocpprov.reachability.names_from_resources import planned_zones
from ocpprov.reachability.verdict import Answer
from ocpprov.reachability.zones import Record, Target, Zone
from tests.openshift.test_port_matrix import changed, failing, planned, rows, without

PUBLIC, CLOSED = "single-zone.yaml", "restricted-3az.yaml"


def names(found: Sequence[MatrixRow]) -> list[tuple[str, ...]]:
    return [
        (row.name.removeprefix("name "), row.requirement, row.source, row.target, str(row.answer))
        for row in found
        if row.name.startswith("name ")
    ]


def test_a_plan_has_the_names_that_it_asks_for() -> None:
    assert names(rows(PUBLIC, planned(PUBLIC)[1])) == [
        ("api-int.lab.example-corp.net", "DNS-API-INT", "machine network", "IntApiElb", "yes"),
        ("api.lab.example-corp.net", "DNS-API-INT", "machine network", "IntApiElb", "yes"),
        ("api.lab.example-corp.net", "DNS-API", "internet", "ExtApiElb", "yes"),
        ("s3.eu-west-1.amazonaws.com", "NET-S3", "machine network", "S3Endpoint", "yes"),
    ]
    assert names(rows(CLOSED, planned(CLOSED)[1])) == [
        ("api-int.prod.example.com", "DNS-API-INT", "machine network", "IntApiElb", "yes"),
        ("api.prod.example.com", "DNS-API-INT", "machine network", "IntApiElb", "yes"),
        ("console-openshift-console.apps.prod.example.com", "DNS-APPS", "machine network", "the router", "yes"),
        ("s3.eu-west-1.amazonaws.com", "NET-S3", "machine network", "S3Endpoint", "yes"),
        ("ec2.eu-west-1.amazonaws.com", "NET-EC2", "machine network", "Ec2Endpoint", "yes"),
        (
            "elasticloadbalancing.eu-west-1.amazonaws.com",
            "NET-ELB",
            "machine network",
            "ElasticloadbalancingEndpoint",
            "yes",
        ),
        ("sts.eu-west-1.amazonaws.com", "AIR-GAP", "machine network", "StsEndpoint", "yes"),
    ]


def test_before_the_cluster_has_an_infra_id_nobody_looks_for_its_public_zone() -> None:
    """Its names come with its load balancers, in the second phase."""
    layout, resources = planned("network-3az.yaml")
    section = replace(layout.section, infra_id="", public_zone="auto", publish="External")
    first = replace(layout, section=section, facts=replace(layout.facts, public_zone=""))
    made = [each for each in resources.values() if each.type != "AWS::ElasticLoadBalancingV2::LoadBalancer"]
    assert names(port_matrix(planned_terrain(first, made))) == [
        ("s3.eu-west-1.amazonaws.com", "NET-S3", "machine network", "S3Endpoint", "yes"),
    ]


def zone(name: str) -> Resource:
    return Resource("Twin", "AWS::Route53::HostedZone", {"Name": name, "VPCs": [{"VPCId": Ref("VPC")}]})


def record(target: Value, name: str = "api-int.lab.example-corp.net") -> Resource:
    alias: Value = {"DNSName": target, "HostedZoneId": "Z"}
    properties: dict[str, Value] = {"HostedZoneId": Ref("Twin"), "Name": name, "Type": "A", "AliasTarget": alias}
    return Resource("TwinRecord", "AWS::Route53::RecordSet", properties)


TWIN = "Twin (api-int.lab.example-corp.net)"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([zone("api-int.lab.example-corp.net")], {"DNS-API-INT": {TWIN}}),
        ([zone("api-int.lab.example-corp.net"), record(GetAtt("ExtApiElb", "DNSName"))], {"DNS-API-INT": {TWIN}}),
        ([zone("api-int.lab.example-corp.net"), record(GetAtt("IntApiElb", "DNSName"))], {}),
        ([zone("example-corp.net")], {}),
        ([zone("amazonaws.com")], {"NET-S3": {"Twin (amazonaws.com)"}}),
    ],
)
def test_a_second_zone_is_judged_by_what_it_answers(more: Sequence[Resource], expected: Mapping[str, set[str]]) -> None:
    resources = {**planned(PUBLIC)[1], **{each.logical_id: each for each in more}}
    assert failing(rows(PUBLIC, resources)) == expected


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        ("EnableDnsSupport", False, {"DNS-API-INT": {"VPC"}, "NET-S3": {"VPC"}}),
        ("EnableDnsHostnames", False, {"DNS-API-INT": {"VPC"}}),
        ("EnableDnsHostnames", "true", {}),
    ],
)
def test_private_names_need_the_vpcs_attributes(attribute: str, value: Value, expected: Mapping[str, set[str]]) -> None:
    assert failing(rows(PUBLIC, changed(PUBLIC, "VPC", **{attribute: value}))) == expected


def test_a_record_that_is_gone_is_missed_by_its_row() -> None:
    internal = [id for id in planned(PUBLIC)[1] if id.startswith("InternalApiServerRecord")]
    assert failing(rows(PUBLIC, without(PUBLIC, internal[0]))) == {"DNS-API-INT": {"IntDns (lab.example-corp.net)"}}
    external = [id for id in planned(PUBLIC)[1] if id.startswith("ExternalApiServerRecord")]
    assert failing(rows(PUBLIC, without(PUBLIC, *external))) == {"DNS-API": {"ExtDns (example-corp.net)"}}


@pytest.mark.parametrize("given", [False, "false"])
def test_an_endpoint_without_private_dns_answers_nobody(given: Value) -> None:
    found = failing(rows(CLOSED, changed(CLOSED, "Ec2Endpoint", PrivateDnsEnabled=given)))
    tables = {"PrivateRouteTable", "PrivateRouteTable2", "PrivateRouteTable3"}
    assert found == {"NET-EC2": {"VPC"}, "AIR-GAP": tables}


def test_where_the_plan_wants_no_private_dns_who_answers_is_the_users_affair() -> None:
    layout = planned(CLOSED)[0]
    settings = {"ec2": EndpointSettings(private_dns_enabled=False)}
    layout = replace(layout, section=replace(layout.section, endpoint_settings=settings))
    off = changed(CLOSED, "Ec2Endpoint", PrivateDnsEnabled=False)
    assert "NET-EC2" not in {row[1] for row in names(port_matrix(planned_terrain(layout, off.values())))}


def test_where_machines_ask_other_servers_nobody_knows_what_they_are_told() -> None:
    more = [
        Resource("Options", "AWS::EC2::DHCPOptions", {"DomainNameServers": ["10.0.0.53"]}),
        Resource(
            "Association",
            "AWS::EC2::VPCDHCPOptionsAssociation",
            {"VpcId": Ref("VPC"), "DhcpOptionsId": Ref("Options")},
        ),
    ]
    found = rows(PUBLIC, {**planned(PUBLIC)[1], **{each.logical_id: each for each in more}})
    assert {row.requirement for row in found if row.answer is Answer.UNKNOWN} == {"DNS-API-INT", "NET-S3"}


def planned_with(**section: Any) -> list[tuple[str, ...]]:
    layout, resources = planned(PUBLIC)
    changed_layout = replace(layout, section=replace(layout.section, **section))
    return names(port_matrix(planned_terrain(changed_layout, resources.values())))


def test_names_that_the_plan_leaves_to_another_dns_are_not_asked_for() -> None:
    assert {row[1] for row in planned_with(hosted_zone="none")} == {"DNS-API", "NET-S3"}
    assert {row[1] for row in planned_with(public_zone="none")} == {"DNS-API-INT", "NET-S3"}
    assert {row[1] for row in planned_with(publish="Internal")} == {"DNS-API-INT", "NET-S3"}


def test_an_existing_zone_is_known_to_aws_alone() -> None:
    found = planned_with(hosted_zone="Z0123456789")
    assert {row[1]: row[4] for row in found} == {"DNS-API": "yes", "NET-S3": "yes"}


INT: Final = "prod-int.elb.eu-west-1.amazonaws.com"
EXT: Final = "prod-ext.elb.eu-west-1.amazonaws.com"


def live(zones: Sequence[Zone] | None, **attributes: Mapping[str, str]) -> Sequence[MatrixRow]:
    layout, resources = planned(PUBLIC)
    named = {"IntApiElb": {"DNSName": f"{INT.upper()}."}, "ExtApiElb": {"DNSName": EXT}, **attributes}
    current = {
        id: Live(each.type, each.logical_id, each.properties, named.get(id, {})) for id, each in resources.items()
    }
    return port_matrix(live_terrain(layout, planned_network(resources.values()), current, (), "", zones))


def own_zone(target: str = INT) -> Zone:
    hosts = ("api.lab.example-corp.net", "api-int.lab.example-corp.net")
    return Zone("Z1", "lab.example-corp.net", [Record(host, "A", (Target(target, final=True),)) for host in hosts])


def test_what_aws_has_is_compared_by_the_balancers_names() -> None:
    assert {row[1]: row[4] for row in names(live([own_zone()])) if row[1] != "DNS-API"} == {
        "DNS-API-INT": "yes",
        "NET-S3": "yes",
    }
    assert {row[1]: row[4] for row in names(live([own_zone(EXT)]))}["DNS-API-INT"] == "no"
    assert {row[1]: row[4] for row in names(live(None))}["DNS-API-INT"] == "unknown"


def test_the_public_zone_is_looked_at_by_the_id_that_aws_gave_it() -> None:
    layout, resources = planned(PUBLIC)
    ids, attributes = {"ExtDns": "Z5"}, {"ExtApiElb": {"DNSName": EXT}}
    current = {
        id: Live(each.type, ids.get(id, id), each.properties, attributes.get(id, {})) for id, each in resources.items()
    }
    alias: Value = {"DNSName": f"dualstack.{EXT}", "HostedZoneId": "Z"}
    record: dict[str, Value] = {"HostedZoneId": "Z5", "Name": "api.lab.example-corp.net", "Type": "A"}
    read = [Live("AWS::Route53::RecordSet", "Z5|api", {**record, "AliasTarget": alias})]
    found = port_matrix(live_terrain(layout, planned_network(resources.values()), current, read, "", ()))
    assert {row[1]: row[4] for row in names(found)}["DNS-API"] == "yes"


@pytest.mark.parametrize("attributes", [{}, {"DNSName": ""}])
def test_a_balancer_that_is_not_there_has_no_names_to_look_for(attributes: Mapping[str, str]) -> None:
    assert "DNS-API-INT" not in {row[1] for row in names(live([own_zone()], IntApiElb=attributes))}


def test_all_names_that_may_be_hidden_are_known_before_zones_are_read() -> None:
    assert names_asked(planned(CLOSED)[0]) == [
        "api.prod.example.com",
        "api-int.prod.example.com",
        "console-openshift-console.apps.prod.example.com",
        "s3.eu-west-1.amazonaws.com",
        "ec2.eu-west-1.amazonaws.com",
        "elasticloadbalancing.eu-west-1.amazonaws.com",
        "sts.eu-west-1.amazonaws.com",
    ]


def test_the_zones_of_a_plan_have_their_records() -> None:
    (found,) = planned_zones(list(planned(PUBLIC)[1].values()), "VPC")
    assert sorted(record.name for record in found.records or ()) == [
        "api-int.lab.example-corp.net",
        "api.lab.example-corp.net",
    ]
