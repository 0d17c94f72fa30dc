"""What `render` writes is a plan of its own: it loads to the same, and AWS is reached the same way."""

from __future__ import annotations

from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Join, Ref
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import AwsSettings, Output, Plan, ServiceEndpoint
from ocpprov.plan.rendering import render, yaml_text

TARGET: Final = "Ocpprov::ElasticLoadBalancingV2::Target"
RESOURCES: Final = {
    "Group": Resource(
        "Group", "AWS::ElasticLoadBalancingV2::TargetGroup", {"Port": 6443, "Protocol": "TCP", "VpcId": "vpc-1"}
    ),
    "Member": Resource("Member", TARGET, {"TargetGroupArn": Ref("Group"), "Id": "10.0.0.5"}, depends_on=("Group",)),
}
PLAN: Final = Plan(
    name="prod",
    region="eu-west-1",
    account_id="012345678901",
    user_tags={"costCentre": "4711"},
    aws=AwsSettings(
        [ServiceEndpoint("ec2", "https://ec2.example.com")],
        "http://proxy:3128",
        "/etc/pki/ca.pem",
        "arn:aws:iam::012345678901:role/builder",
    ),
    cluster="prod.example.com",
    protect=True,
)
OUTPUTS: Final = [Output("Group", Join("/", (Ref("Group"), GetAtt("Group", "TargetGroupName"), "010")))]


def again() -> Plan:
    return load(render(PLAN, RESOURCES, OUTPUTS), "rendered.yaml", Inputs(KINDS))


def test_name_account_tags_cluster_and_ways_to_aws_are_kept() -> None:
    plan = again()
    assert (plan.name, plan.region, plan.account_id) == (PLAN.name, PLAN.region, PLAN.account_id)
    assert (plan.user_tags, plan.cluster, plan.aws) == (PLAN.user_tags, PLAN.cluster, PLAN.aws)
    assert plan.protect


def test_what_cloudformation_does_not_know_stands_under_metadata_and_is_made_again() -> None:
    written = render(PLAN, RESOURCES, OUTPUTS)
    assert written.index("Metadata:") < written.index(TARGET) < written.index("\nResources:")
    plan = again()
    assert {name: (one.type, one.properties, one.depends_on) for name, one in plan.resources.items()} == {
        name: (one.type, one.properties, one.depends_on) for name, one in RESOURCES.items()
    }


def test_outputs_are_kept() -> None:
    assert list(again().outputs) == OUTPUTS


@given(
    st.one_of(
        st.text(alphabet="0123456789_:.+-eExXbByYnNoOtTfF~=<> \n'\"#", max_size=8),
        st.sampled_from(
            ["yes", "No", "ON", "y", "1:30", "190:20:30.15", "0b11", "1_000", "017", "1e3", ".5", "=", "<<"]
        ),
    )
)
def test_readers_of_yaml_1_1_find_the_same_texts(text: str) -> None:
    """As CloudFormation and the AWS CLI read it; ocpprov's own reader is of 1.2."""
    document = {"Key": text, text: [text]}
    reader = YAML(typ="safe", pure=True)
    reader.version = "1.1"
    assert reader.load(yaml_text(document)) == document
