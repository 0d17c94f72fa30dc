"""What AWS needs time for, in AWS's own times: one apply makes all of it, and a second has nothing to do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion, Ended

torture: Final = pytest.mark.torture

TRUST: Final = {"Statement": {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": []}}


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _of(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type}", "Properties": properties}


def _ways(gateway: str) -> dict[str, Any]:
    """Nothing says with `DependsOn` what has to be there first."""
    route = {"RouteTableId": _ref("Table")}
    return {
        "InBlock": _of("EC2::Subnet", VpcId=_ref("Vpc"), CidrBlock="100.64.1.0/24"),
        "Transit": _of("EC2::Route", **route, DestinationCidrBlock="172.16.0.0/12", TransitGatewayId=gateway),
        "ToPeer": _of(
            "EC2::Route", **route, DestinationCidrBlock="10.9.0.0/16", VpcPeeringConnectionId=_ref("Peering")
        ),
        "Vpc": _of("EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=True),
        "Block": _of("EC2::VPCCidrBlock", VpcId=_ref("Vpc"), CidrBlock="100.64.0.0/16"),
        "Net": _of("EC2::Subnet", VpcId=_ref("Vpc"), CidrBlock="10.0.1.0/24"),
        "Table": _of("EC2::RouteTable", VpcId=_ref("Vpc")),
        "Attachment": _of(
            "EC2::TransitGatewayAttachment", TransitGatewayId=gateway, VpcId=_ref("Vpc"), SubnetIds=[_ref("Net")]
        ),
        "Other": _of("EC2::VPC", CidrBlock="10.9.0.0/16"),
        "Peering": _of("EC2::VPCPeeringConnection", VpcId=_ref("Vpc"), PeerVpcId=_ref("Other")),
    }


def _services() -> dict[str, Any]:
    alias = {name: {"Fn::GetAtt": ["Balancer", name.replace("HostedZoneId", "CanonicalHostedZoneID")]} for name in (
        "DNSName", "HostedZoneId",
    )}  # fmt: skip
    trust_of_role = {**TRUST["Statement"], "Principal": {"AWS": [{"Fn::GetAtt": ["Role", "Arn"]}]}}
    return {
        "Nat": _of("EC2::NatGateway", SubnetId=_ref("Net"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}),
        "Address": _of("EC2::EIP", Domain="vpc"),
        "ToNat": _of(
            "EC2::Route", RouteTableId=_ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=_ref("Nat")
        ),
        "Gateway": _of("EC2::InternetGateway"),
        "Attached": _of("EC2::VPCGatewayAttachment", VpcId=_ref("Vpc"), InternetGatewayId=_ref("Gateway")),
        "Public": _of("EC2::RouteTable", VpcId=_ref("Vpc")),
        "Out": _of(
            "EC2::Route", RouteTableId=_ref("Public"), DestinationCidrBlock="0.0.0.0/0", GatewayId=_ref("Gateway")
        ),
        "Group": _of("EC2::SecurityGroup", VpcId=_ref("Vpc"), GroupDescription="one"),
        "Machines": _of(
            "EC2::VPCEndpoint",
            VpcId=_ref("Vpc"),
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{REGION}.ec2",
            SubnetIds=[_ref("Net")],
            SecurityGroupIds=[_ref("Group")],
            PrivateDnsEnabled=True,
        ),
        "Balancer": _of("ElasticLoadBalancingV2::LoadBalancer", Type="network", Subnets=[_ref("Net")]),
        "Targets": _of("ElasticLoadBalancingV2::TargetGroup", VpcId=_ref("Vpc"), Protocol="TCP", Port=6443),
        "Listener": _of(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=_ref("Balancer"),
            Port=6443,
            Protocol="TCP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": _ref("Targets")}],
        ),
        "Zone": _of("Route53::HostedZone", Name="lab.internal", VPCs=[{"VPCId": _ref("Vpc"), "VPCRegion": REGION}]),
        "Api": _of(
            "Route53::RecordSet", HostedZoneId=_ref("Zone"), Name="api.lab.internal", Type="A", AliasTarget=alias
        ),
        "Role": _of("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Trusting": _of("IAM::Role", AssumeRolePolicyDocument={"Statement": trust_of_role}),
        "Profile": _of("IAM::InstanceProfile", Roles=[_ref("Role")]),
    }


class Site:
    """Somebody with a plan, before an AWS in its own times."""

    def __init__(self, bastion: Bastion, home: Path) -> None:
        bastion.moved_in(home, REGION, delays=Delays())
        self.bastion, self.home = bastion, home
        self.ec2 = bastion.client("ec2")
        self.gateway = str(self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"])

    def plan(self, **resources: Any) -> Path:
        plan = self.home / "plan.json"
        plan.write_text(json.dumps({"name": "lab", "region": REGION, "Resources": resources}))
        return plan

    def done(self) -> Counter[str]:
        """What AWS has carried out in the last command."""
        return Counter(call["operation"] for call in self.bastion.pipeline.calls() if call["status"] == 200)

    def lives(self, plan: Path) -> Counter[str]:
        """From the first apply to nothing left; what the first one did."""
        self.well(self.bastion.apply(plan))
        done = self.done()
        again = self.bastion.apply(plan)
        assert (again.code, again.sent) == (0, []), again.said
        self.well(self.bastion.destroy(plan))
        assert self.ec2.describe_vpc_peering_connections(
            Filters=[{"Name": "status-code", "Values": ["active", "pending-acceptance"]}]
        )["VpcPeeringConnections"] == []  # fmt: skip
        return done

    def well(self, ended: Ended) -> None:
        assert ended.code == 0, ended.said


@pytest.fixture
def site(one_bastion: Bastion, tmp_path: Path) -> Site:
    return Site(one_bastion, tmp_path)


def test_blocks_attachments_and_peerings_are_waited_for(site: Site) -> None:
    """What the plan can order is sent once, and AWS never has to refuse it."""
    plan = site.plan(**_ways(site.gateway))
    site.well(site.bastion.apply(plan))
    calls = site.bastion.pipeline.calls()
    refused = {call["operation"] for call in calls if call["status"] != 200}
    assert refused <= {"AcceptVpcPeeringConnection"}
    made = Counter(call["operation"] for call in calls if call["mutating"])
    assert (made["CreateSubnet"], made["CreateRoute"], made["CreateVpcPeeringConnection"]) == (2, 2, 1)
    site.lives(plan)


@torture
def test_so_is_all_else(site: Site) -> None:
    done = site.lives(site.plan(**_ways(site.gateway), **_services()))
    assert (done["CreateNatGateway"], done["CreateLoadBalancer"], done["ChangeResourceRecordSets"]) == (1, 1, 1)


@torture
def test_whom_an_attachment_waits_for_is_said_and_the_next_run_goes_on(site: Site) -> None:
    site.bastion.pipeline.set_conditions(Conditions(unaccepted=frozenset({site.gateway})))
    plan = site.plan(**_ways(site.gateway))
    begun = site.bastion.clock.seconds
    first = site.bastion.apply(plan)
    assert first.code == 1
    assert "isn't ready in time: the owner of the transit gateway has to accept the attachment; when" in first.said
    assert "missing:  Transit" in first.said
    assert 600 <= site.bastion.clock.seconds - begun < 900
    assert "until ready: the owner of the transit gateway has to accept" in first.events
    site.bastion.pipeline.set_conditions(Conditions())
    site.well(site.bastion.apply(plan))
    assert site.done()["CreateRoute"] == 1
    assert site.done()["CreateTransitGatewayVpcAttachment"] == 0


def test_a_peering_that_was_cut_off_before_it_was_accepted_is_by_the_next_run(site: Site) -> None:
    refusal = Fault(
        FaultKind.ERROR, operation="AcceptVpcPeeringConnection", code="UnauthorizedOperation", message="no", status=403
    )
    site.bastion.pipeline.set_faults(Script((refusal,)))
    vpcs = {name: each for name, each in _ways(site.gateway).items() if name in ("Vpc", "Other", "Peering")}
    plan = site.plan(**vpcs)
    first = site.bastion.apply(plan)
    assert first.code == 1
    assert "AcceptVpcPeeringConnection: UnauthorizedOperation" in first.said
    again = site.bastion.apply(plan)
    assert (again.code, again.sent) == (0, ["AcceptVpcPeeringConnection"]), again.said


def test_a_peering_of_others_is_never_taken_for_the_plans(site: Site) -> None:
    """Asked for a second one, AWS answers with the first."""
    ours, theirs = (site.ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in (1, 2))
    made = site.ec2.create_vpc_peering_connection(VpcId=ours, PeerVpcId=theirs)["VpcPeeringConnection"]
    site.bastion.clock.advance(60)
    peering = _of("EC2::VPCPeeringConnection", VpcId=ours, PeerVpcId=theirs)
    group = _of("EC2::SecurityGroup", VpcId=ours, GroupDescription="one")
    refused = site.bastion.apply(site.plan(Peering=peering, Group=group))
    assert (refused.code, refused.sent) == (2, [])
    assert (
        f"{made['VpcPeeringConnectionId']} has the same peering of {' '.join(sorted((ours, theirs)))}" in refused.said
    )
