"""`auto`: the cluster's instances become targets as they come, and leave as they go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import Bastion

PLAN = """\
name: prod
region: eu-west-1
openshift:
  clusterName: prod
  baseDomain: example.com
  infraID: prod-x7k2p
  publish: Internal
  zones: 1
  egress: none
  etcdRecords: true
  loadBalancers: {balancers}
  controlPlane: {{addresses: auto}}
  bootstrap: {{address: auto}}
"""


class Cluster:
    """A plan in a bastion's home, and the machines that somebody starts."""

    def __init__(self, bastion: Bastion, balancers: str) -> None:
        self.bastion = bastion
        self.plan = bastion.home / "plan.yaml"
        self.plan.write_text(PLAN.format(balancers=balancers))
        self.outputs: dict[str, Any] = {}

    def apply(self) -> str:
        ended = self.bastion.apply(self.plan)
        assert ended.code == 0, ended.said
        self.outputs = json.loads((self.bastion.home / ".ocpprov" / "prod" / "outputs.json").read_text())
        return ended.said

    def start(self, name: str = "", *, role: str = "Master", address: str = "") -> str:
        """A machine as template 04 or 05 starts it, with or without a name."""
        ec2, outputs = self.bastion.client("ec2"), self.outputs
        groups = [outputs[f"{each}SecurityGroupId"] for each in {role, "Master"}]
        tags = [{"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "shared"}]
        tags += [{"Key": "Name", "Value": name}] if name else []
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        answer = ec2.run_instances(
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            SubnetId=outputs["PrivateSubnetIds"][0],
            SecurityGroupIds=groups,
            IamInstanceProfile={"Name": outputs[f"{role}InstanceProfile"]},
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
            **({"PrivateIpAddress": address} if address else {}),
        )
        return str(answer["Instances"][0]["InstanceId"])

    def targets(self, output: str) -> list[str]:
        elbv2: Any = self.bastion.client("elbv2")
        found = elbv2.describe_target_health(TargetGroupArn=self.outputs[output])["TargetHealthDescriptions"]
        return sorted(each["Target"]["Id"] for each in found if each["TargetHealth"]["State"] != "draining")


@pytest.fixture
def home(one_bastion: Bastion, tmp_path: Path) -> Bastion:
    one_bastion.moved_in(tmp_path, "eu-west-1")
    return one_bastion


def test_machines_that_have_come_are_planned_as_targets(home: Bastion) -> None:
    cluster = Cluster(home, "network")
    said = cluster.apply()
    assert "no machine of the control plane is there yet" in said
    first = cluster.start("prod-x7k2p-master-0", address="10.0.48.10")
    said = home.show(cluster.plan).said
    assert f"control plane: {first} prod-x7k2p-master-0 (10.0.48.10), by security group sg-" in said
    assert "no bootstrap machine is there yet" in said
    assert "Target" in said
    assert "10.0.48.10" in said


@pytest.mark.torture
def test_machines_become_targets_as_they_come_and_leave_as_they_go(home: Bastion) -> None:
    cluster = Cluster(home, "network")
    said = cluster.apply()
    assert "no machine of the control plane is there yet" in said
    assert "no bootstrap machine is there yet" in said
    first = cluster.start("prod-x7k2p-master-0", address="10.0.48.10")
    bootstrap = cluster.start(role="Bootstrap", address="10.0.48.20")
    elsewhere = cluster.start("prod-x7k2p-worker-0", address="10.0.48.30")
    said = cluster.apply()
    assert f"control plane: {first} prod-x7k2p-master-0 (10.0.48.10), by security group sg-" in said
    assert f"bootstrap: {bootstrap} (10.0.48.20), by security group sg-" in said
    assert f"{elsewhere} prod-x7k2p-worker-0 (10.0.48.30) isn't registered: " in said
    assert cluster.targets("InternalApiTargetGroupArn") == ["10.0.48.10", "10.0.48.20"]
    assert cluster.targets("InternalServiceTargetGroupArn") == ["10.0.48.10", "10.0.48.20"]
    home.client("ec2").terminate_instances(InstanceIds=[bootstrap])
    cluster.start("prod-x7k2p-master-2", address="10.0.48.12")
    said = cluster.apply()
    assert "no bootstrap machine is there yet" in said
    assert cluster.targets("InternalApiTargetGroupArn") == ["10.0.48.10", "10.0.48.12"]
    zone = cluster.outputs["PrivateHostedZoneId"]
    records = home.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    etcd = {each["Name"]: each["ResourceRecords"][0]["Value"] for each in records if each["Name"].startswith("etcd-")}
    assert etcd == {"etcd-0.prod.example.com.": "10.0.48.10", "etcd-2.prod.example.com.": "10.0.48.12"}


@pytest.mark.torture
def test_a_classic_balancer_gets_their_instances(home: Bastion) -> None:
    cluster = Cluster(home, "classic")
    cluster.apply()
    first = cluster.start("prod-x7k2p-master-0")
    cluster.apply()
    (described,) = home.client("elb").describe_load_balancers()["LoadBalancerDescriptions"]
    assert [each["InstanceId"] for each in described["Instances"]] == [first]


@pytest.mark.torture
def test_addresses_are_known_before_there_are_machines_and_stay_the_same(home: Bastion) -> None:
    cluster = Cluster(home, "network")
    cluster.apply()
    outputs = home.outputs(cluster.plan)
    known = outputs["ControlPlaneAddresses"], outputs["BootstrapAddress"]
    assert known == (["10.0.48.10", "10.0.48.11", "10.0.48.12"], "10.0.48.13")
    cluster.start("prod-x7k2p-master-1", address="10.0.48.11")
    outputs = home.outputs(cluster.plan)
    assert (outputs["ControlPlaneAddresses"], outputs["BootstrapAddress"]) == known
