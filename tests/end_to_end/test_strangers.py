"""Other people's things in the way of a destroy: each is named within seconds, all else goes, and a later destroy
finishes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot


@pytest.fixture(scope="module")
def bastion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bastion]:
    found = Bastion(tmp_path_factory.mktemp("bastion"), REGION)
    (found.home / "plan.json").write_text(json.dumps(PLAN))
    yield found
    found.pipeline.reset()


@pytest.fixture
def plan(bastion: Bastion) -> Path:
    bastion.pipeline.reset()
    shutil.rmtree(bastion.home / ".ocpprov", ignore_errors=True)
    return bastion.home / "plan.json"


def ours(ec2: Any, operation: str, member: str, key: str, name: str) -> str:
    wanted = [{"Name": "tag:ocpprov:resource", "Values": [name]}]
    return str(getattr(ec2, operation)(Filters=wanted)[member][0][key])


def test_all_that_is_in_the_way_is_named_and_the_rest_goes(bastion: Bastion, plan: Path) -> None:
    ec2, route53, elbv2 = bastion.client("ec2"), bastion.client("route53"), bastion.client("elbv2")
    empty = likeness(snapshot(bastion.client))
    assert bastion.apply(plan).code == 0
    subnet = ours(ec2, "describe_subnets", "Subnets", "SubnetId", "Public")
    group = ours(ec2, "describe_security_groups", "SecurityGroups", "GroupId", "Group")
    interface = ec2.create_network_interface(SubnetId=subnet, Description="of the backup appliance")
    interface_id = interface["NetworkInterface"]["NetworkInterfaceId"]
    [default] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    theirs = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=default["VpcId"])["GroupId"]
    rule = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": group}]}]
    ec2.authorize_security_group_ingress(GroupId=theirs, IpPermissions=rule)
    [zone] = route53.list_hosted_zones()["HostedZones"]
    record = {"Name": "theirs.prod.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.9"}]}

    def change(action: str) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=batch)

    change("CREATE")
    [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]

    def protect(value: str) -> None:
        elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Attributes=[{"Key": "deletion_protection.enabled", "Value": value}],
        )

    protect("true")
    stopped = bastion.destroy(plan)
    assert (stopped.code, stopped.sent) == (2, [])
    assert "prod-api" in stopped.said
    assert "Key=deletion_protection.enabled,Value=false" in stopped.said
    protect("false")
    started = bastion.clock.seconds
    destroyed = bastion.destroy(plan)
    assert destroyed.code == 1
    said = destroyed.said + destroyed.events
    assert interface_id in said
    assert "of the backup appliance" in said
    assert f"a rule of security group {theirs}" in said
    assert "theirs.prod.example.com" in said
    # Nobody waited for what doesn't go by itself; the gateway and the endpoint take a minute or two.
    assert bastion.clock.seconds - started < 400
    left = [line.split()[1:3] for line in unlike(likeness(snapshot(bastion.client)), empty) if line.startswith("+")]
    types = {type for type, _ in left}
    assert types.isdisjoint({"NatGateway", "EIP", "Role", "InstanceProfile", "Bucket", "VPCEndpoint"})

    ec2.delete_network_interface(NetworkInterfaceId=interface_id)
    ec2.revoke_security_group_ingress(GroupId=theirs, IpPermissions=rule)
    ec2.delete_security_group(GroupId=theirs)
    change("DELETE")
    finished = bastion.destroy(plan)
    assert finished.code == 0, finished.said
    assert unlike(likeness(snapshot(bastion.client)), empty) == []
