"""Of which cluster the leftovers are: what this plan itself wrote on what is its own, and nothing that others wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.checks.cluster_leftovers import Cluster, find_leftovers, infra_ids
from ocpprov.engine.ownership import TAG_KEYS, encode_ledger
from ocpprov.engine.resources import Live
from tests.checks.answers import Answers

GROUP = "AWS::EC2::SecurityGroup"


def _live(own: dict[str, str], of_others: dict[str, str]) -> Live:
    return Live(GROUP, "sg-1", {}, tags={**own, **of_others, **encode_ledger(TAG_KEYS, own)})


@pytest.mark.parametrize(
    ("own", "of_others", "found"),
    [
        ({"kubernetes.io/cluster/lab-x7k2p": "owned"}, {}, ["lab-x7k2p"]),
        ({"kubernetes.io/cluster/lab-x7k2p": "owned"}, {"kubernetes.io/cluster/other-abc12": "owned"}, ["lab-x7k2p"]),
        ({"kubernetes.io/cluster/lab-x7k2p": "owned"}, {"kubernetes.io/cluster/other-abc12": "shared"}, ["lab-x7k2p"]),
        ({"kubernetes.io/cluster/lab-x7k2p": "shared"}, {}, []),
        ({"Name": "lab"}, {"kubernetes.io/cluster/other-abc12": "owned"}, []),
        ({"kubernetes.io/cluster/a-1": "owned", "kubernetes.io/cluster/b-2": "owned"}, {}, ["a-1", "b-2"]),
        ({"kubernetes.io/role/elb": "owned"}, {}, []),
    ],
)
def test_only_the_plans_own_key_counts(own: dict[str, str], of_others: dict[str, str], found: list[str]) -> None:
    assert infra_ids([_live(own, of_others), _live({}, {})]) == found


def test_a_key_of_ours_that_somebody_took_away_counts_no_more() -> None:
    tags = encode_ledger(TAG_KEYS, ["kubernetes.io/cluster/lab-x7k2p"])
    assert infra_ids([Live(GROUP, "sg-1", {}, tags=tags)]) == []


INFRA = "lab-x7k2p"
OWNED = [{"Key": f"kubernetes.io/cluster/{INFRA}", "Value": "owned"}]
SHARED = [{"Key": f"kubernetes.io/cluster/{INFRA}", "Value": "shared"}]
OTHER = [{"Key": "kubernetes.io/cluster/lab-zzzzz", "Value": "owned"}]
CLUSTER = Cluster(INFRA, "lab.example.com", frozenset({"vpc-1"}), frozenset({"ZOWN"}), frozenset({"sg-own"}))
EVERYWHERE = frozenset({"ec2", "elb", "elbv2", "route53", "s3"})
APPS = "\\052.apps.lab.example.com."


def left(pages: dict[str, Any], cluster: Cluster = CLUSTER, services: frozenset[str] = EVERYWHERE) -> list[str]:
    """What is left, as it is shown."""
    reader: Any = Answers(pages)
    return [str(each) for each in find_leftovers(cluster, reader, services)]


def tagged(key: str, **names: list[dict[str, str]]) -> dict[str, Any]:
    return {"TagDescriptions": [{key: name, "Tags": tags} for name, tags in names.items()]}


BALANCERS = {
    "elb describe_load_balancers": {
        "LoadBalancerDescriptions": [
            {"LoadBalancerName": name, "DNSName": f"{name}.Elb.invalid."}
            for name in ("mine", "shared", "other", "bare")
        ]
    },
    "elb describe_tags": tagged("LoadBalancerName", mine=OWNED, shared=SHARED, other=OTHER),
    "elbv2 describe_load_balancers": {
        "LoadBalancers": [
            {"LoadBalancerArn": name, "LoadBalancerName": f"n-{name}", "DNSName": f"{name}.elb.invalid"}
            for name in ("arn1", "arn2")
        ]
    },
    "elbv2 describe_target_groups": {
        "TargetGroups": [{"TargetGroupArn": name, "TargetGroupName": f"n-{name}"} for name in ("tg1", "tg2")]
    },
    "elbv2 describe_tags": tagged("ResourceArn", arn1=OWNED, arn2=OTHER, tg1=OWNED, tg2=SHARED),
}


def test_only_balancers_and_target_groups_that_the_cluster_owns_are_left() -> None:
    assert left(BALANCERS) == [
        "classic load balancer mine (mine.Elb.invalid.)",
        "load balancer arn1 (n-arn1)",
        "target group tg1 (n-tg1)",
    ]


def test_of_ec2_what_has_the_tag_but_not_the_plans_own_groups_nor_interfaces_in_use() -> None:
    pages: dict[str, Any] = {
        "describe_security_groups": {
            "SecurityGroups": [{"GroupId": "sg-own", "GroupName": "ours"}, {"GroupId": "sg-1", "GroupName": "k8s-elb"}]
        },
        "describe_network_interfaces": {
            "NetworkInterfaces": [
                {"NetworkInterfaceId": "eni-1", "Status": "available", "Description": "left"},
                {"NetworkInterfaceId": "eni-2", "Status": "in-use"},
            ]
        },
        "describe_volumes": {
            "Volumes": [{"VolumeId": "vol-1", "Tags": [{"Key": "Name", "Value": "pv"}]}, {"VolumeId": "vol-0"}]
        },
    }
    reader: Any = Answers(pages)
    found = [str(each) for each in find_leftovers(CLUSTER, reader, frozenset({"ec2"}))]
    assert found == [
        "network interface eni-1 (left)",
        "security group sg-1 (k8s-elb)",
        "volume vol-0",
        "volume vol-1 (pv)",
    ]
    wanted = [{"Name": f"tag:kubernetes.io/cluster/{INFRA}", "Values": ["owned"]}]
    assert [made.arguments() for made in reader.asked] == [{"Filters": wanted}] * 3


def records(zone: str, *targets: str, name: str = APPS) -> dict[str, Any]:
    """A zone's records of one name that lead to these balancers."""
    rows = [{"Name": name, "Type": "A", "AliasTarget": {"DNSName": target}} for target in targets]
    return {f"list_resource_record_sets {zone}": {"ResourceRecordSets": rows}}


ZONES = {
    "list_hosted_zones": {
        "HostedZones": [
            {"Id": "/hostedzone/ZOWN", "Name": "lab.example.com."},
            {"Id": "/hostedzone/ZPUB", "Name": "example.com."},
            {"Id": "/hostedzone/ZNOT", "Name": "ample.com."},
        ]
    },
    "list_resource_record_sets": {"ResourceRecordSets": []},
}
RECORD = "record *.apps.lab.example.com. A (zone "


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (records("ZOWN", "anything.invalid."), [f"{RECORD}ZOWN)"]),
        (records("ZOWN", "x.invalid.", name="*.apps.lab.example.com."), [f"{RECORD}ZOWN)"]),
        (records("ZOWN", "x.invalid.", name="api.lab.example.com."), []),
        (records("ZOWN", "x.invalid.", name="a.apps.lab.example.com."), []),
        (records("ZPUB", "anything.invalid."), []),
        (records("ZPUB", "ARN1.elb.invalid."), [f"{RECORD}ZPUB)"]),
        (records("ZPUB", "dualstack.mine.elb.invalid."), [f"{RECORD}ZPUB)"]),
        (records("ZPUB", "arn2.elb.invalid."), []),
        (records("ZNOT", "arn1.elb.invalid."), []),
    ],
)
def test_records_of_the_router_go_first(answers: dict[str, Any], found: list[str]) -> None:
    shown = left({**BALANCERS, **ZONES, **answers})
    assert [line for line in shown if line.startswith("record")] == found
    assert shown[: len(found)] == found


def test_of_a_cluster_without_a_known_domain_no_record_is_left() -> None:
    nameless = replace(CLUSTER, domain="")
    assert left({**ZONES, **records("ZOWN", "x.invalid.")}, nameless) == []


def test_a_registrys_bucket_is_known_by_name_and_tag() -> None:
    names = [f"{INFRA}-image-registry-eu-west-1-a", f"{INFRA}-image-registry-b", f"{INFRA}-other", "x-image-registry-c"]
    pages: dict[str, Any] = {"list_buckets": {"Buckets": [{"Name": name} for name in names]}}
    for name, tags in zip(names, [OWNED, OTHER, OWNED, OWNED], strict=True):
        pages[f"get_bucket_tagging {name}"] = {"TagSet": tags}
    assert left(pages) == [f"bucket {names[0]} (image registry, with all versions)"]


def test_services_that_are_not_asked_have_nothing_left() -> None:
    assert left(BALANCERS, services=frozenset({"elb"})) == ["classic load balancer mine (mine.Elb.invalid.)"]


def test_tags_are_asked_for_twenty_balancers_at_a_time() -> None:
    names = [f"b{number:02}" for number in range(41)]
    rows = [{"LoadBalancerName": name, "DNSName": "x"} for name in names]
    reader: Any = Answers({"elb describe_load_balancers": {"LoadBalancerDescriptions": rows}})
    find_leftovers(CLUSTER, reader, frozenset({"elb"}))
    asked = [made.arguments()["LoadBalancerNames"] for made in reader.asked if made.operation == "describe_tags"]
    assert [len(part) for part in asked] == [20, 20, 1]
    assert [name for part in asked for name in part] == names


IN_BRIEF = replace(CLUSTER, own=frozenset({"arn1", "sg-own", "eni-own"}), region="eu-west-1")


def test_whose_own_things_are_is_not_asked_and_what_the_plan_asked_is_asked_alike() -> None:
    reader: Any = Answers({**BALANCERS, **tags_of_ec2("sg-own", "eni-own")})
    find_leftovers(IN_BRIEF, reader, EVERYWHERE)
    asked = [(made.operation, made.arguments()) for made in reader.asked]
    assert ("list_buckets", {"BucketRegion": "eu-west-1"}) in asked
    assert ("describe_tags", {"ResourceArns": ["arn2", "tg1", "tg2"]}) in asked
    filters = [
        {"Name": "key", "Values": [f"kubernetes.io/cluster/{INFRA}"]},
        {"Name": "value", "Values": ["owned"]},
    ]
    assert ("describe_tags", {"Filters": filters}) in asked
    assert not {"describe_security_groups", "describe_network_interfaces", "describe_volumes"} & dict(asked).keys()


def tags_of_ec2(*ids: str) -> dict[str, Any]:
    """DescribeTags, as it tells what has the cluster's tag."""
    types = {"sg": "security-group", "eni": "network-interface", "vol": "volume", "subnet": "subnet"}
    return {"ec2 describe_tags": {"Tags": [{"ResourceId": id, "ResourceType": types[id.split("-")[0]]} for id in ids]}}


@pytest.mark.parametrize(
    ("id", "asked"),
    [
        ("sg-1", ["describe_security_groups"]),
        ("eni-1", ["describe_network_interfaces"]),
        ("vol-1", ["describe_volumes"]),
        ("subnet-1", []),
    ],
)
def test_more_is_asked_of_that_type_alone_of_which_there_is_one(id: str, asked: list[str]) -> None:
    reader: Any = Answers(tags_of_ec2("sg-own", id))
    find_leftovers(IN_BRIEF, reader, frozenset({"ec2"}))
    assert [made.operation for made in reader.asked] == ["describe_tags", *asked]
    owned = [{"Name": f"tag:kubernetes.io/cluster/{INFRA}", "Values": ["owned"]}]
    assert [made.arguments() for made in reader.asked[1:]] == [{"Filters": owned}] * len(asked)
