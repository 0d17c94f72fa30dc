"""Outputs under the names that Red Hat's templates and the documentation use, and the ids to refer to."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift.expand import expand, logical_ids, outputs
from ocpprov.plan.model import OpenShift, Plan
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of


def values(section: OpenShift) -> dict[str, Value]:
    return {output.name: output.value for output in outputs(plan_of(section))}


def test_the_outputs_of_three_zones() -> None:
    assert values(SECTION_3AZ) == {
        "VpcId": Ref("VPC"),
        "PublicSubnetIds": Join(",", (Ref("PublicSubnet"), Ref("PublicSubnet2"), Ref("PublicSubnet3"))),
        "PrivateSubnetIds": Join(",", (Ref("PrivateSubnet"), Ref("PrivateSubnet2"), Ref("PrivateSubnet3"))),
        "PublicRouteTableId": Ref("PublicRouteTable"),
        "PrivateRouteTableIds": Join(
            ",", (Ref("PrivateRouteTable"), Ref("PrivateRouteTable2"), Ref("PrivateRouteTable3"))
        ),
        "NatGatewayIds": Join(",", (Ref("NAT"), Ref("NAT2"), Ref("NAT3"))),
        "NatPublicAddresses": Join(",", (Ref("EIP"), Ref("EIP2"), Ref("EIP3"))),
        "S3EndpointId": Ref("S3Endpoint"),
        "MasterSecurityGroupId": GetAtt("MasterSecurityGroup", "GroupId"),
        "WorkerSecurityGroupId": GetAtt("WorkerSecurityGroup", "GroupId"),
        "BootstrapSecurityGroupId": GetAtt("BootstrapSecurityGroup", "GroupId"),
        "PrivateHostedZoneId": Ref("IntDns"),
    }


def test_a_single_zone_still_gives_lists() -> None:
    assert values(SECTION_SINGLE_ZONE)["PublicSubnetIds"] == Join(",", (Ref("PublicSubnet"),))


def test_what_is_not_made_has_no_output() -> None:
    section = replace(SECTION_3AZ, infra_id="", publish="Internal", egress="none")
    assert values(section).keys() == {"VpcId", "PrivateSubnetIds", "PrivateRouteTableIds", "S3EndpointId"}
    assert outputs(Plan(name="bare", region="eu-west-1")) == ()


def test_every_output_says_what_it_is() -> None:
    assert all(output.description for output in outputs(plan_of(SECTION_3AZ)))


def test_logical_ids_are_those_that_are_made() -> None:
    made = expand(plan_of(SECTION_3AZ), FACTS)
    assert logical_ids(SECTION_3AZ) == {logical_id: resource.type for logical_id, resource in made.items()}
    assert logical_ids(SECTION_3AZ)["NAT3"] == "AWS::EC2::NatGateway"
