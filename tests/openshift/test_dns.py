"""The private zone (template 02, release-4.12) and the etcd records (template 05, release-4.2)."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.engine.values import Ref
from ocpprov.openshift.expand import expand
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

RECORDS = {"EtcdSrvRecords", "Etcd0Record", "Etcd1Record", "Etcd2Record"}


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
    assert not (RECORDS | {"IntDns"}) & resources.keys()
