"""What the cluster made for itself: shown, left alone, or taken away with the rest; never anybody else's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.one_of_each import PLAN as OTHER_PLAN
from tests.end_to_end.world import REGION, ROOT
from tests.support.in_process import Bastion
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

PLAN: Final = ROOT / "tests" / "fixtures" / "cluster" / "small-stored.yaml"
INFRA: Final = "prod-x7k2p"
APPS: Final = "*.apps.prod.example-corp.net"
OWNED: Final = {"Key": f"kubernetes.io/cluster/{INFRA}", "Value": "owned"}
OTHERS: Final = (
    {"Key": f"kubernetes.io/cluster/{INFRA}", "Value": "shared"},
    {"Key": "kubernetes.io/cluster/prod-zzzzz", "Value": "owned"},
    {"Key": "team", "Value": INFRA},
)


CLOSED: Final = Script(
    (Fault(FaultKind.ERROR, operation="DescribeVolumes", code="UnauthorizedOperation", status=403, times=99),)
)
NOT_SEEN: Final = "what the cluster may have left there wasn't looked at: "


@dataclass(frozen=True)
class World:
    """An account with the plan's infrastructure."""

    bastion: Bastion

    def client(self, service: str) -> Any:
        return self.bastion.client(service)

    def ours(self, name: str) -> Any:
        """A security group, subnet or VPC of the plan by its logical id."""
        ec2 = self.client("ec2")
        wanted = [{"Name": "tag:ocpprov:resource", "Values": [name]}]
        for operation, member, key in (
            ("describe_security_groups", "SecurityGroups", "GroupId"),
            ("describe_subnets", "Subnets", "SubnetId"),
            ("describe_vpcs", "Vpcs", "VpcId"),
        ):
            for item in getattr(ec2, operation)(Filters=wanted)[member]:
                return item[key]
        raise LookupError(name)

    def balancer(self, name: str, subnet: str, tag: dict[str, str]) -> tuple[str, str]:
        """A balancer and its DNS name."""
        [made] = self.client("elbv2").create_load_balancer(
            Name=name, Type="network", Scheme="internal", Subnets=[subnet], Tags=[tag]
        )["LoadBalancers"]
        # A record may lead to it once it is active.
        self.bastion.clock.sleep(300)
        return made["LoadBalancerArn"], made["DNSName"]

    def group(self, name: str, vpc: str, tag: dict[str, str]) -> str:
        ec2 = self.client("ec2")
        made = ec2.create_security_group(
            GroupName=name,
            Description=name,
            VpcId=vpc,
            TagSpecifications=[{"ResourceType": "security-group", "Tags": [tag]}],
        )
        return str(made["GroupId"])

    def bucket(self, name: str, tag: dict[str, str]) -> str:
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [tag]})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for content in (b"one", b"two"):
            s3.put_object(Bucket=name, Key="layer", Body=content)
        s3.delete_object(Bucket=name, Key="layer")
        s3.create_multipart_upload(Bucket=name, Key="begun")
        return name

    def volume(self, tag: dict[str, str]) -> str:
        made = self.client("ec2").create_volume(
            AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": [tag]}]
        )
        return str(made["VolumeId"])

    def zones(self) -> dict[bool, str]:
        """The ids of the plan's zones, by whether they are private."""
        found = self.client("route53").list_hosted_zones()["HostedZones"]
        return {
            zone["Config"]["PrivateZone"]: zone["Id"].rpartition("/")[2]
            for zone in found
            if zone["CallerReference"].startswith("ocpprov/")
        }

    def record(self, zone: str, name: str, target: str) -> None:
        alias = {"HostedZoneId": "Z2IFOLAFXWLO4F", "DNSName": target, "EvaluateTargetHealth": False}
        record = {"Name": name, "Type": "A", "AliasTarget": alias}
        self.client("route53").change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        )


@pytest.fixture
def world(one_bastion: Bastion, tmp_path: Path) -> World:
    one_bastion.moved_in(tmp_path, REGION)
    return World(one_bastion)


def leave(world: World) -> list[str]:
    """What OpenShift 4.12's operators and the cloud provider leave in a cluster's network; ids and names."""
    vpc, subnet, workers = world.ours("VPC"), world.ours("PublicSubnet"), world.ours("WorkerSecurityGroup")
    ec2 = world.client("ec2")
    group = world.group("k8s-elb-a1b2", vpc, OWNED)
    ec2.authorize_security_group_ingress(
        GroupId=workers,
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}],
    )
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": workers}]}],
    )
    arn, name = world.balancer("router", subnet, OWNED)
    elbv2 = world.client("elbv2")
    [targets] = elbv2.create_target_group(Name="router", Protocol="TCP", Port=443, VpcId=vpc, Tags=[OWNED])[
        "TargetGroups"
    ]
    elbv2.create_listener(
        LoadBalancerArn=arn,
        Protocol="TCP",
        Port=443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": targets["TargetGroupArn"]}],
    )
    world.client("elb").create_load_balancer(
        LoadBalancerName="a1b2c3",
        Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}],
        Subnets=[subnet],
        SecurityGroups=[group],
        Tags=[OWNED],
    )
    for zone in world.zones().values():
        world.record(zone, APPS, name)
    bucket = world.bucket(f"{INFRA}-image-registry-{REGION}-abc", OWNED)
    volume = world.volume(OWNED)
    return [group, arn, targets["TargetGroupArn"], "a1b2c3", f"{APPS}. A", bucket, volume]


def leave_others(world: World) -> None:
    """Things of other clusters and teams, and such that the cluster only shares, elsewhere in the account."""
    ec2 = world.client("ec2")
    [default] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    subnet = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [default["VpcId"]]}])["Subnets"][0]["SubnetId"]
    for number, tag in enumerate(OTHERS):
        world.balancer(f"others-{number}", subnet, tag)
        world.group(f"others-{number}", default["VpcId"], tag)
        world.bucket(f"{INFRA}-image-registry-{REGION}-other{number}", tag)
        world.volume(tag)
    route53 = world.client("route53")
    above = route53.create_hosted_zone(Name="prod.example-corp.net", CallerReference="theirs")["HostedZone"]["Id"]
    world.record(above.rpartition("/")[2], APPS, "somewhere.else.example.net")


def test_they_are_listed_and_nothing_is_changed(world: World) -> None:
    assert world.bastion.apply(PLAN).code == 0
    made = leave(world)
    leave_others(world)
    before = snapshot(world.client)
    unnamed = world.bastion.destroy(PLAN, cluster_leftovers="delete")
    assert (unnamed.code, unnamed.sent) == (2, [])
    assert unnamed.said.endswith(f"if that is the cluster:\n  ocpprov --infra-id {INFRA}")
    listed = world.bastion.destroy(PLAN, cluster_leftovers="list")
    assert (listed.code, listed.sent) == (0, [])
    assert snapshot(world.client) == before
    for id in made:
        assert id in listed.said
    assert "others-" not in listed.said
    assert "other0" not in listed.said
    # A record in both zones.
    assert f"{len(made) + 1} left by the cluster" in listed.said
    as_json = world.bastion.destroy(PLAN, cluster_leftovers="list", as_json=True)
    document = json.loads(as_json.said[as_json.said.index("[") : as_json.said.rindex("]") + 1])
    assert {row["id"] for row in document} == set(made)
    assert {row["cluster"] for row in document} == {INFRA}
    assert f"made by cluster {INFRA}:" in listed.said
    world.bastion.pipeline.set_faults(CLOSED)
    closed = world.bastion.destroy(PLAN, cluster_leftovers="list")
    assert (closed.code, closed.sent) == (1, [])
    assert f"{NOT_SEEN}DescribeVolumes: UnauthorizedOperation: " in closed.said
    assert f"{len(made)} left by the cluster" in closed.said


@pytest.mark.torture
def test_an_address_where_there_is_nothing_does_not_say_that_nothing_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service's address that is wrong, such as that of load balancing, of which the plan has nothing."""
    assert world.bastion.apply(PLAN).code == 0
    usual = world.bastion.pipeline.answer

    def answer(request: Request) -> Answer | ConnectionDropped:
        wrong = request.service == "elasticloadbalancing" and request.get("Version") == "2012-06-01"
        return Answer(404, b"not found", (("Content-Type", "text/plain"),)) if wrong else usual(request)

    monkeypatch.setattr(world.bastion.pipeline, "answer", answer)
    ended = world.bastion.destroy(PLAN, cluster_leftovers="delete", infra_id=INFRA)
    assert ended.code == 1
    assert f"{NOT_SEEN}DescribeLoadBalancers: 404: " in ended.said


def test_they_are_taken_away_with_the_plans_and_others_stay(world: World) -> None:
    leave_nothing = likeness(snapshot(world.client))
    assert world.bastion.apply(PLAN).code == 0
    leave_others(world)
    with_others = likeness(snapshot(world.client))
    leave(world)
    destroyed = world.bastion.destroy(PLAN, cluster_leftovers="delete", infra_id=INFRA)
    assert destroyed.code == 0, destroyed.said
    held = likeness(snapshot(world.client))
    others = [line for line in unlike(with_others, leave_nothing) if "others-" in line or "other" in line]
    assert others
    assert unlike(held, with_others) != []
    assert [line for line in unlike(held, with_others) if line.startswith("+")] == []
    gone = [line for line in unlike(with_others, held) if "others-" in line or "-other" in line]
    assert gone == []
    volumes = world.client("ec2").describe_volumes()["Volumes"]
    assert [tag for volume in volumes for tag in volume["Tags"]] == list(OTHERS)


def test_without_being_asked_destroy_says_what_they_are_and_leaves_them(world: World) -> None:
    assert world.bastion.apply(PLAN).code == 0
    made = leave(world)
    destroyed = world.bastion.destroy(PLAN)
    assert destroyed.code == 1
    assert "--cluster-leftovers delete" in destroyed.said
    # Classic balancers are none of this plan's, so their service wasn't asked.
    for id in set(made) - {"a1b2c3"}:
        assert id in destroyed.said
    assert [each["LoadBalancerArn"] for each in world.client("elbv2").describe_load_balancers()["LoadBalancers"]] == [
        made[1]
    ]
    world.bastion.pipeline.set_faults(CLOSED)
    closed = world.bastion.destroy(PLAN, cluster_leftovers="delete", infra_id=INFRA)
    assert closed.code == 1
    assert NOT_SEEN in closed.said
    assert "remains:  what the cluster left" in closed.said
    world.bastion.pipeline.set_faults(Script())
    again = world.bastion.destroy(PLAN, cluster_leftovers="delete", infra_id=INFRA)
    assert again.code == 0, again.said
    assert world.client("ec2").describe_volumes()["Volumes"] == []


def test_a_plan_without_a_cluster_has_none(world: World, tmp_path: Path) -> None:
    network = tmp_path / "plan.json"
    network.write_text(json.dumps(OTHER_PLAN))
    assert world.bastion.apply(network).code == 0
    refused = world.bastion.destroy(network, cluster_leftovers="delete", infra_id=INFRA)
    assert (refused.code, refused.sent) == (2, [])
    assert "kubernetes.io/cluster/" in refused.said
    assert world.bastion.destroy(network).code == 0


def test_an_object_that_is_said_not_to_be_deleted_is_deleted_again(world: World) -> None:
    """Row 48 of the fault catalogue: a success with errors inside."""
    assert world.bastion.apply(PLAN).code == 0
    leave(world)
    error = "<Error><Key>layer</Key><Code>InternalError</Code><Message>try again</Message></Error>"
    body = f"<DeleteResult>{error}</DeleteResult>"
    world.bastion.pipeline.set_faults(Script((Fault(FaultKind.ANSWER, operation="DeleteObjects", body=body),)))
    destroyed = world.bastion.destroy(PLAN, cluster_leftovers="delete", infra_id=INFRA)
    assert destroyed.code == 0, destroyed.said
    assert destroyed.sent.count("DeleteObjects") == 2
