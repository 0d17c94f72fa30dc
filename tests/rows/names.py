"""Rows of the zones and their records."""

from __future__ import annotations

from tests.end_to_end.world import REGION
from tests.rows.clusters import ADDRESSES, World


def dns_public(world: World) -> None:
    zone = world.everything.get("HostedZone", "ExtDns")
    assert (zone["Name"], zone["Config"]["PrivateZone"]) == ("example-corp.net.", False)


def dns_private(world: World) -> None:
    zone = world.everything.get("HostedZone", "IntDns")
    assert (zone["Name"], zone["Config"]["PrivateZone"]) == ("prod.example-corp.net.", True)
    assert zone["Tags"]["Name"] == "prod-x7k2p-int"
    assert zone["Tags"]["kubernetes.io/cluster/prod-x7k2p"] == "owned"
    assert [row["VPCId"] for row in zone["VPCs"]] == [world.everything.get("VPC", "VPC")["VpcId"]]


def dns_api(world: World) -> None:
    balancer = world.everything.get("LoadBalancer", "ExtApiElb")
    alias = world.everything.record("public", "api", "A")["AliasTarget"]
    assert alias["DNSName"].rstrip(".").lower() == balancer["DNSName"].lower()
    assert alias["HostedZoneId"] == balancer["CanonicalHostedZoneId"]
    classic = world.otherwise.get("ClassicLoadBalancer", "ExtApiClassicElb")
    record = world.otherwise.record("public", "api", "CNAME")
    assert [row["Value"] for row in record["ResourceRecords"]] == [classic["DNSName"]]


def dns_api_int(world: World) -> None:
    balancer = world.everything.get("LoadBalancer", "IntApiElb")
    classic = world.otherwise.get("ClassicLoadBalancer", "IntApiClassicElb")
    for name in ("api", "api-int"):
        alias = world.everything.record("private", name, "A")["AliasTarget"]
        assert alias["DNSName"].rstrip(".").lower() == balancer["DNSName"].lower()
        record = world.otherwise.record("private", name, "CNAME")
        assert [row["Value"] for row in record["ResourceRecords"]] == [classic["DNSName"]]


def dns_etcd(world: World) -> None:
    for number, address in enumerate(ADDRESSES):
        record = world.everything.record("private", f"etcd-{number}", "A")
        assert (record["TTL"], [row["Value"] for row in record["ResourceRecords"]]) == (60, [address])
    service = world.everything.record("private", "_etcd-server-ssl._tcp", "SRV")
    assert service["TTL"] == 60
    assert {row["Value"].rstrip(".") for row in service["ResourceRecords"]} == {
        f"0 10 2380 etcd-{number}.prod.example-corp.net" for number in range(3)
    }


def dns_apps(world: World) -> None:
    for side in ("public", "private"):
        record = world.otherwise.record(side, "*.apps", "CNAME")
        assert [row["Value"] for row in record["ResourceRecords"]] == [f"router-1.{REGION}.elb.amazonaws.com"]
