"""Zones and the API's records (template 02, release-4.12), the router's, and etcd's (template 05, release-4.2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.openshift.expand import GivenBalancer, RouterNeeded, expand, facts_needed, notes
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

RECORDS = {"EtcdSrvRecords", "Etcd0Record", "Etcd1Record", "Etcd2Record"}
APPS = {"ExternalAppsRecord", "InternalAppsRecord"}
PUBLIC = replace(SECTION_3AZ, public_zone="Z0PUBLIC")
ROUTER = GivenBalancer("router-1.elb.amazonaws.com", "Z0ROUTER")


def alias(name: str, balancer: str) -> Value:
    target = {
        "DNSName": GetAtt(balancer, "DNSName"),
        "HostedZoneId": GetAtt(balancer, "CanonicalHostedZoneID"),
    }
    return {"Name": name, "Type": "A", "AliasTarget": target}


def cname(name: str, target: Value) -> Value:
    return {"Name": name, "Type": "CNAME", "TTL": "10", "ResourceRecords": [target]}


def records(section: OpenShift, logical_id: str, region: str = "eu-west-1") -> Value:
    return expand(plan_of(section, region), FACTS)[logical_id].properties["RecordSets"]


def test_the_private_zone_has_the_tags_by_which_the_cluster_finds_it() -> None:
    assert expand(plan_of(SECTION_3AZ), FACTS)["IntDns"].properties == {
        "Name": "prod.example.com",
        "HostedZoneConfig": {"Comment": "Managed by ocpprov"},
        "HostedZoneTags": [
            {"Key": "Name", "Value": "prod-x7k2p-int"},
            {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "owned"},
        ],
        "VPCs": [{"VPCId": Ref("VPC"), "VPCRegion": "eu-west-1"}],
    }


def test_the_etcd_records_name_every_member() -> None:
    resources = expand(plan_of(SECTION_3AZ), FACTS)
    assert resources["EtcdSrvRecords"].properties == {
        "HostedZoneId": Ref("IntDns"),
        "Name": "_etcd-server-ssl._tcp.prod.example.com",
        "Type": "SRV",
        "TTL": "60",
        "ResourceRecords": [
            "0 10 2380 etcd-0.prod.example.com",
            "0 10 2380 etcd-1.prod.example.com",
            "0 10 2380 etcd-2.prod.example.com",
        ],
    }
    assert resources["Etcd2Record"].properties == {
        "HostedZoneId": Ref("IntDns"),
        "Name": "etcd-2.prod.example.com",
        "Type": "A",
        "TTL": "60",
        "ResourceRecords": ["10.0.80.10"],
    }


def test_etcd_records_are_made_on_request_only() -> None:
    assert not RECORDS & expand(plan_of(SECTION_SINGLE_ZONE), FACTS).keys()
    assert not RECORDS & expand(plan_of(replace(SECTION_3AZ, etcd_records=False)), FACTS).keys()


def test_without_a_zone_there_are_no_records() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, hosted_zone="none")), FACTS)
    assert not (RECORDS | {"IntDns", "InternalApiServerRecord"}) & resources.keys()


def test_the_worlds_api_is_in_the_public_zone() -> None:
    assert expand(plan_of(PUBLIC), FACTS)["ExternalApiServerRecord"].properties == {
        "HostedZoneId": "Z0PUBLIC",
        "RecordSets": [alias("api.prod.example.com", "ExtApiElb")],
    }


def test_the_machines_api_has_both_names_in_the_private_zone() -> None:
    assert expand(plan_of(SECTION_3AZ), FACTS)["InternalApiServerRecord"].properties == {
        "HostedZoneId": Ref("IntDns"),
        "RecordSets": [
            alias("api.prod.example.com", "IntApiElb"),
            alias("api-int.prod.example.com", "IntApiElb"),
        ],
    }


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-iso-east-1", "us-isob-east-1"])
def test_where_route_53_has_no_alias_there_are_cnames(region: str) -> None:
    target = GetAtt("IntApiElb", "DNSName")
    assert records(SECTION_3AZ, "InternalApiServerRecord", region) == [
        cname("api.prod.example.com", target),
        cname("api-int.prod.example.com", target),
    ]
    wanted = replace(SECTION_3AZ, record_type="alias")
    assert records(wanted, "InternalApiServerRecord", region) == [
        alias("api.prod.example.com", "IntApiElb"),
        alias("api-int.prod.example.com", "IntApiElb"),
    ]


def test_cnames_on_request() -> None:
    section = replace(PUBLIC, record_type="cname")
    assert records(section, "ExternalApiServerRecord") == [
        cname("api.prod.example.com", GetAtt("ExtApiElb", "DNSName"))
    ]


@pytest.mark.parametrize(
    "section", [SECTION_3AZ, replace(PUBLIC, publish="Internal")], ids=["zone-none", "publish-internal"]
)
def test_no_public_record(section: OpenShift) -> None:
    assert "ExternalApiServerRecord" not in expand(plan_of(section), FACTS)


def test_a_public_zone_of_ours_carries_no_tag_by_which_the_installer_would_delete_it() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, public_zone="create")), FACTS)
    assert resources["ExtDns"].properties == {
        "Name": "example.com",
        "HostedZoneConfig": {"Comment": "Managed by ocpprov"},
    }
    assert resources["ExternalApiServerRecord"].properties["HostedZoneId"] == Ref("ExtDns")
    assert "ExtDns" not in expand(plan_of(PUBLIC), FACTS)


def test_a_public_zone_is_found_by_the_base_domain() -> None:
    plan = plan_of(replace(SECTION_3AZ, public_zone="auto"))
    assert facts_needed(plan).public_zone == "example.com"
    found = expand(plan, replace(FACTS, public_zone="Z0FOUND"))
    assert found["ExternalApiServerRecord"].properties["HostedZoneId"] == "Z0FOUND"
    with pytest.raises(ValueError, match=r"there is no public zone example\.com"):
        expand(plan, FACTS)


def test_an_existing_private_zone_gets_the_records() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, hosted_zone="Z0PRIVATE")), FACTS)
    assert "IntDns" not in resources
    for logical_id in ("InternalApiServerRecord", *RECORDS):
        assert resources[logical_id].properties["HostedZoneId"] == "Z0PRIVATE"


def test_the_routers_records_are_in_both_zones_once_its_balancer_is_found() -> None:
    plan = plan_of(replace(PUBLIC, apps_record="auto"))
    assert facts_needed(plan).router == RouterNeeded("prod-x7k2p")
    resources = expand(plan, replace(FACTS, router=ROUTER))
    for logical_id, zone in (("ExternalAppsRecord", "Z0PUBLIC"), ("InternalAppsRecord", Ref("IntDns"))):
        assert resources[logical_id].properties == {
            "HostedZoneId": zone,
            "Name": "*.apps.prod.example.com",
            "Type": "A",
            "AliasTarget": {"DNSName": "router-1.elb.amazonaws.com", "HostedZoneId": "Z0ROUTER"},
        }


def test_before_the_router_has_a_balancer_there_is_no_record_and_that_is_said() -> None:
    plan = plan_of(replace(PUBLIC, apps_record="auto"))
    assert not APPS & expand(plan, FACTS).keys()
    assert notes(plan, FACTS) == ["there is no load balancer of the cluster's router yet, so *.apps has no record"]


def test_a_named_balancer_needs_no_facts_for_a_cname() -> None:
    plan = plan_of(replace(PUBLIC, apps_record="router.example.net", record_type="cname"))
    assert facts_needed(plan).router == RouterNeeded("prod-x7k2p", "router.example.net")
    assert expand(plan, FACTS)["InternalAppsRecord"].properties["ResourceRecords"] == ["router.example.net"]
    assert notes(plan, FACTS) == []


def test_an_alias_needs_a_load_balancer_of_this_account() -> None:
    plan = plan_of(replace(PUBLIC, apps_record="router.example.net"))
    with pytest.raises(ValueError, match=r"router\.example\.net is no load balancer .* use recordType cname"):
        expand(plan, replace(FACTS, router=GivenBalancer("router.example.net")))


def test_the_routers_records_are_made_on_request_only_and_not_in_a_public_zone_with_publish_internal() -> None:
    facts = replace(FACTS, router=ROUTER)
    assert not APPS & expand(plan_of(PUBLIC), facts).keys()
    internal = expand(plan_of(replace(PUBLIC, apps_record="auto", publish="Internal")), facts)
    assert APPS & internal.keys() == {"InternalAppsRecord"}


def test_no_zone_and_no_record_before_the_cluster_has_an_infra_id() -> None:
    resources = expand(plan_of(replace(PUBLIC, infra_id="")), FACTS)
    assert not {each.type for each in resources.values() if "Route53" in each.type}
