"""A plan as a template of CloudFormation: what is in it, what is told beside it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.model import OpenShift, Output, Plan
from ocpprov.plan.stack_template import NotInTemplates, StackTemplate, size_notes, stack_template

PLAN: Final = Plan(name="prod", region="eu-west-1", file="prod.yaml")
VPC: Final = Resource("Vpc", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
GATEWAY: Final = Resource("Gateway", "AWS::EC2::InternetGateway")
GROUP: Final = Resource("Group", "AWS::ElasticLoadBalancingV2::TargetGroup", {"Port": 6443, "Protocol": "TCP"})
ROLE: Final = Resource("Role", "AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
CLASSIC: Final = Resource("Classic", "AWS::ElasticLoadBalancing::LoadBalancer", {"Listeners": []})
TARGET: Final = "Ocpprov::ElasticLoadBalancingV2::Target"
INSTANCE: Final = "Ocpprov::ElasticLoadBalancing::Instance"
ATTACHMENT: Final = "Ocpprov::IAM::RolePolicyAttachment"
OBJECT: Final = Resource(
    "File", "Ocpprov::S3::Object", {"Bucket": Ref("Bucket"), "Key": "a b.ign", "Source": "./a b.ign"}, ("Vpc",)
)
NAMED_IAM: Final = "to make a stack of it, give --capabilities CAPABILITY_NAMED_IAM"


def made(*resources: Resource, plan: Plan = PLAN, outputs: tuple[Output, ...] = ()) -> StackTemplate:
    return stack_template(plan, {each.logical_id: each for each in resources}, outputs, KINDS)


def entries(*resources: Resource, plan: Plan = PLAN) -> dict[str, Any]:
    found: dict[str, Any] = made(*resources, plan=plan).document["Resources"]
    return found


def refusal(*resources: Resource, plan: Plan = PLAN, outputs: tuple[Output, ...] = ()) -> list[str]:
    with pytest.raises(NotInTemplates) as caught:
        made(*resources, plan=plan, outputs=outputs)
    problems = [str(each) for each in caught.value.problems]
    assert str(caught.value) == "; ".join(problems)
    return problems


def tag(key: str, value: str) -> Value:
    return {"Key": key, "Value": value}


def test_the_whole_of_a_small_one() -> None:
    plan = replace(
        PLAN, user_tags={"team": "net"}, id="word", lock="s3://bucket/locks", account_id="123456789012", cluster="c.d"
    )
    kept = replace(GATEWAY, deletion_policy="Retain", depends_on=("Vpc",))
    found = made(VPC, kept, plan=plan, outputs=(Output("VpcId", Ref("Vpc"), "The VPC"),))
    assert found == StackTemplate(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "What the plan prod makes in eu-west-1",
            "Metadata": {"Ocpprov": {"Name": "prod", "Region": "eu-west-1"}},
            "Resources": {
                "Vpc": {
                    "Type": "AWS::EC2::VPC",
                    "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": [tag("team", "net")]},
                },
                "Gateway": {
                    "Type": "AWS::EC2::InternetGateway",
                    "DependsOn": ["Vpc"],
                    "DeletionPolicy": "Retain",
                    "Properties": {"Tags": [tag("Name", "prod-Gateway"), tag("team", "net")]},
                    "UpdateReplacePolicy": "Delete",
                },
            },
            "Outputs": {"VpcId": {"Description": "The VPC", "Value": {"Ref": "Vpc"}}},
        },
        [],
    )


def test_without_outputs_and_tags_there_is_no_word_of_them() -> None:
    document = made(VPC).document
    assert list(document) == ["AWSTemplateFormatVersion", "Description", "Metadata", "Resources"]
    assert document["Resources"]["Vpc"]["Properties"] == {"CidrBlock": "10.0.0.0/16"}


def test_a_resources_own_tags_are_kept_and_win() -> None:
    own: Value = [tag("Name", "mine"), {"Key": "team", "Value": Join("-", (Ref("Vpc"), "x"))}]
    named = replace(GATEWAY, properties={"Tags": own})
    plan = replace(PLAN, user_tags={"team": "net", "cost": "1"})
    assert entries(VPC, named, plan=plan)["Gateway"]["Properties"]["Tags"] == [
        tag("Name", "mine"),
        {"Key": "team", "Value": {"Fn::Join": ["-", [{"Ref": "Vpc"}, "x"]]}},
        tag("cost", "1"),
    ]


def test_a_zone_takes_ten_tags_and_the_rest_is_told() -> None:
    zone = Resource("Zone", "AWS::Route53::HostedZone", {"Name": "example.com"})
    found = made(zone, plan=replace(PLAN, user_tags={f"k{number:02}": "x" for number in range(12)}))
    keys = [row["Key"] for row in found.document["Resources"]["Zone"]["Properties"]["HostedZoneTags"]]
    assert keys == ["Name", *(f"k{number:02}" for number in range(9))]
    assert found.notes == ["left out: tags of Zone, which takes 10: k09, k10, k11"]


def test_rules_and_rows_get_no_tags() -> None:
    rule = Resource("Rule", "AWS::EC2::SecurityGroupIngress", {"GroupId": "sg-1", "IpProtocol": "-1"})
    assert entries(rule, plan=replace(PLAN, user_tags={"a": "b"}))["Rule"]["Properties"] == rule.properties


def test_what_cloudformation_cannot_tag_is_told() -> None:
    profile = Resource("Profile", "AWS::IAM::InstanceProfile", {"Roles": [Ref("Role")]})
    assert made(ROLE, profile).notes == [
        "CloudFormation can't tag Profile: an apply puts Name and userTags on them",
        NAMED_IAM,
    ]


def test_targets_instances_and_policies_stand_inside_what_they_belong_to() -> None:
    found = made(
        VPC,
        replace(GROUP, properties={**GROUP.properties, "Targets": [{"Id": "10.0.0.4"}]}),
        Resource("Member", TARGET, {"TargetGroupArn": Ref("Group"), "Id": "10.0.0.5", "Port": 22}, ("Group", "Vpc")),
        CLASSIC,
        Resource("Machine", INSTANCE, {"LoadBalancerName": Ref("Classic"), "InstanceId": "i-1"}),
        ROLE,
        Resource("Policy", ATTACHMENT, {"RoleName": Ref("Role"), "PolicyArn": "arn:aws:iam::aws:policy/x"}),
        Resource("Inline", "Ocpprov::IAM::RolePolicy", {"RoleName": Ref("Role"), "PolicyName": "p"}),
        replace(GATEWAY, depends_on=("Member", "Machine")),
    )
    resources = found.document["Resources"]
    assert list(resources) == ["Vpc", "Group", "Classic", "Role", "Inline", "Gateway"]
    assert resources["Group"]["Properties"]["Targets"] == [{"Id": "10.0.0.4"}, {"Id": "10.0.0.5", "Port": 22}]
    assert resources["Group"]["DependsOn"] == ["Vpc"]
    assert resources["Classic"]["Properties"]["Instances"] == ["i-1"]
    assert resources["Role"]["Properties"]["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/x"]
    assert resources["Inline"] == {
        "Type": "AWS::IAM::RolePolicy",
        "Properties": {"RoleName": {"Ref": "Role"}, "PolicyName": "p"},
    }
    assert resources["Gateway"]["DependsOn"] == ["Group", "Classic"]
    assert found.notes == [NAMED_IAM]


@pytest.mark.parametrize(
    ("type", "properties", "command"),
    [
        (
            "Ocpprov::EC2::SharedTags",
            {"ResourceId": "subnet-1", "Tags": [tag("kubernetes.io/cluster/c", "shared")]},
            "aws ec2 create-tags --resources subnet-1 "
            """--tags '[{"Key": "kubernetes.io/cluster/c", "Value": "shared"}]'""",
        ),
        (
            "Ocpprov::S3::Object",
            {"Bucket": Ref("Bucket"), "Key": "b.ign", "Source": "inst/b.ign"},
            "aws s3 cp inst/b.ign s3://BUCKET/b.ign",
        ),
        (
            TARGET,
            {"TargetGroupArn": "arn:x", "Id": GetAtt("Vpc", "X")},
            "aws elbv2 register-targets --target-group-arn arn:x "
            """--targets '[{"Id": {"Fn::GetAtt": ["Vpc", "X"]}}]'""",
        ),
        (
            INSTANCE,
            {"LoadBalancerName": "lb", "InstanceId": GetAtt("Machine", "Id")},
            "aws elb register-instances-with-load-balancer --load-balancer-name lb "
            """--instances '{"Fn::GetAtt": ["Machine", "Id"]}'""",
        ),
        (
            ATTACHMENT,
            {"RoleName": "role", "PolicyArn": Ref("Policy")},
            "aws iam attach-role-policy --role-name role --policy-arn POLICY",
        ),
    ],
)
def test_what_has_no_place_is_left_out_and_told_how_to_do(type: str, properties: Any, command: str) -> None:
    found = made(VPC, Resource("Own", type, properties))
    assert list(found.document["Resources"]) == ["Vpc"]
    assert found.notes == [f"left out: Own; when the stack is there: {command}"]


def test_every_type_of_ours_has_its_words() -> None:
    ours = {type for type in KINDS if type.startswith("Ocpprov::")}
    assert ours == {
        TARGET,
        INSTANCE,
        ATTACHMENT,
        "Ocpprov::EC2::SharedTags",
        "Ocpprov::IAM::RolePolicy",
        "Ocpprov::S3::Object",
    }
    with pytest.raises(LookupError, match="what Ocpprov::New is"):
        made(VPC, Resource("Own", "Ocpprov::New"))


def test_what_waits_for_what_is_left_out_waits_for_what_that_waits_for() -> None:
    later = replace(GATEWAY, depends_on=("File", "Vpc"))
    found = made(VPC, OBJECT, later, outputs=(Output("Where", GetAtt("File", "Key")), Output("V", Ref("Vpc"))))
    assert found.document["Resources"]["Gateway"]["DependsOn"] == ["Vpc"]
    assert list(found.document["Outputs"]) == ["V"]
    assert found.notes == [
        "left out: File; when the stack is there: aws s3 cp './a b.ign' 's3://BUCKET/a b.ign'",
        "left out: the outputs Where, which tell of what is left out",
    ]


def test_an_output_is_a_text() -> None:
    outputs = (
        Output("Servers", GetAtt("Zone", "NameServers")),
        Output("Several", [Ref("Vpc"), "x"]),
        Output("Number", 3),
        Output("Flag", True),
        Output("Text", "t"),
    )
    zone = Resource("Zone", "AWS::Route53::HostedZone", {"Name": "example.com"})
    assert {name: one["Value"] for name, one in made(VPC, zone, outputs=outputs).document["Outputs"].items()} == {
        "Servers": {"Fn::Join": [",", {"Fn::GetAtt": ["Zone", "NameServers"]}]},
        "Several": {"Fn::Join": [",", [{"Ref": "Vpc"}, "x"]]},
        "Number": "3",
        "Flag": "true",
        "Text": "t",
    }


def test_just_these_attributes_are_lists() -> None:
    lists = {
        name
        for type, kind in KINDS.items()
        if type.startswith("AWS::")
        for name in kind.attributes
        if PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type).schema["properties"][name].get("type")
        == "array"
    }
    assert lists == {"DnsEntries", "NameServers", "NetworkInterfaceIds"}
    for name in lists:
        written = made(VPC, outputs=(Output("X", GetAtt("Vpc", name)),)).document["Outputs"]["X"]["Value"]
        assert written == {"Fn::Join": [",", {"Fn::GetAtt": ["Vpc", name]}]}


def test_secrets_are_parameters() -> None:
    plan = replace(PLAN, secrets=SecretTexts({"Team": ["hush-hush"]}), user_tags={"team": "hush-hush"})
    document = made(VPC, plan=plan).document
    assert document["Parameters"] == {"Team": {"Type": "String", "NoEcho": True}}
    assert document["Resources"]["Vpc"]["Properties"]["Tags"] == [{"Key": "team", "Value": {"Ref": "Team"}}]


def test_settings_that_a_stack_has_its_own_way_for_are_told() -> None:
    assert made(VPC, plan=replace(PLAN, protect=True, exclusive=frozenset({"rules", "entries"}))).notes == [
        "left out: protect; `aws cloudformation update-termination-protection` does it for a stack",
        "left out: exclusive (entries, rules); a stack takes nothing away that others put",
    ]


def test_an_empty_plan_is_refused() -> None:
    assert refusal() == ["prod.yaml: there is nothing in it that CloudFormation makes; a template has resources"]


def test_records_as_a_role_of_another_account_are_refused_at_the_key() -> None:
    section = OpenShift(
        cluster_name="c", base_domain="d.com", hosted_zone="Z1", hosted_zone_role="arn:aws:iam::1:role/r"
    )
    place = {"openshift.hostedZoneRole": Position("prod.yaml", 7, 3)}
    said = (
        "openshift.hostedZoneRole: a stack writes no records as a role of another account; "
        "apply the plan, or leave it out and have the records made there"
    )
    assert refusal(VPC, plan=replace(PLAN, openshift=section, positions=place)) == [f"prod.yaml:7:3: {said}"]
    assert refusal(VPC, plan=replace(PLAN, openshift=section)) == [f"prod.yaml: {said}"]


def test_a_reference_to_what_is_left_out_is_refused_once() -> None:
    both: Value = [GetAtt("File", "Key"), Ref("File")]
    using = replace(GATEWAY, properties={"Tags": both}, position=Position("prod.yaml", 9, 3))
    assert refusal(VPC, OBJECT, using) == [
        "prod.yaml:9:3: Gateway refers to File, which CloudFormation can't make; apply the plan instead"
    ]


def test_a_text_that_cloudformation_would_look_up_is_refused() -> None:
    named = replace(VPC, properties={"Tags": [tag("a", "x{{resolve:ssm:b}}")]})
    assert refusal(named) == [
        "Vpc: CloudFormation would look up what an apply takes as it stands, {{resolve:…}}; apply the plan instead"
    ]


def test_a_target_that_is_to_stay_is_refused() -> None:
    member = Resource("Member", TARGET, {"TargetGroupArn": Ref("Group"), "Id": "10.0.0.5"}, deletion_policy="Retain")
    assert refusal(GROUP, member) == [
        f"Member: CloudFormation can't retain a {TARGET}; leave its DeletionPolicy out",
    ]


def test_a_target_that_waits_for_its_groups_listener_is_refused() -> None:
    listener = Resource("Listener", "AWS::ElasticLoadBalancingV2::Listener", {"X": Ref("Group")})
    member = Resource("Member", TARGET, {"TargetGroupArn": Ref("Group"), "Id": "10.0.0.5"}, ("Listener",))
    assert refusal(replace(GROUP, position=Position("p", 1, 1)), listener, member) == [
        "p:1:1: in a template Group needs Listener needs Group; take one DependsOn out"
    ]


def test_a_mapping_as_an_output_is_refused() -> None:
    assert refusal(VPC, outputs=(Output("Map", {"a": "b"}),)) == [
        "prod.yaml: Outputs.Map is a mapping, and CloudFormation's are texts; apply the plan instead"
    ]


@pytest.mark.parametrize(("number", "told"), [(500, False), (501, True)])
def test_more_resources_than_cloudformation_takes_are_told(number: int, told: bool) -> None:
    many = [replace(VPC, logical_id=f"Vpc{each}") for each in range(number)]
    note = "the template has 501 resources, and CloudFormation takes 500: make two plans of it"
    assert made(*many).notes == [note] * told


@pytest.mark.parametrize(("number", "told"), [(200, False), (201, True)])
def test_more_outputs_than_cloudformation_takes_are_told(number: int, told: bool) -> None:
    outputs = tuple(Output(f"O{each}", "x") for each in range(number))
    note = "the template has 201 outputs, and CloudFormation takes 200: make two plans of it"
    assert made(VPC, outputs=outputs).notes == [note] * told


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("x" * 51_200, []),
        (
            "ä" * 25_601,
            [
                "the template has 51,202 bytes, and CloudFormation takes more than 51,200 from S3 only: "
                "`aws cloudformation deploy` puts it there with --s3-bucket"
            ],
        ),
        (
            "x" * 1_000_001,
            ["the template has 1,000,001 bytes, and CloudFormation takes 1,000,000: make two plans of it"],
        ),
    ],
)
def test_a_size_that_cloudformation_does_not_take_is_told(text: str, notes: list[str]) -> None:
    assert list(size_notes(text)) == notes
