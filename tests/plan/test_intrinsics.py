"""What the functions of the template grammar give, and what conditions leave out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from tests.plan.marks import HEAD

TEMPLATE: Final = (
    HEAD
    + """accountID: "123456789012"
openshift: {clusterName: prod, baseDomain: example.com, infraID: prod-x7k2p}
Parameters:
  List: {Type: CommaDelimitedList, Default: "a, b"}
  Number: {Type: Number, Default: 4.5}
  Vpc: {Type: "AWS::EC2::VPC::Id", Default: vpc-1}
Mappings:
  Sizes: {eu-west-1: {small: 5, names: [x, y]}}
Conditions:
  Yes: !Equals [!Ref "AWS::Region", eu-west-1]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Or [!Condition No, !Equals [1, "1"]]]
Resources:
  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Z: {Type: AWS::Route53::HostedZone, Properties: {Name: example-corp.org}}
"""
)
GIVEN: Final[tuple[tuple[str, Value], ...]] = (
    ("!Ref V", Ref("V")),
    ("{Ref: V}", Ref("V")),
    ("!GetAtt V.CidrBlock", GetAtt("V", "CidrBlock")),
    ("{'Fn::GetAtt': [V, CidrBlock]}", GetAtt("V", "CidrBlock")),
    ("!Ref Vpc", "vpc-1"),
    ("!Ref List", ["a", "b"]),
    ("!Ref Number", "4.5"),
    ("!Ref AWS::URLSuffix", "amazonaws.com"),
    ("!Sub '${OpenShift.InfraID}-${AWS::AccountId}-${!literal}'", "prod-x7k2p-123456789012-${literal}"),
    ("!Sub '${V}/${V.CidrBlock}'", Join("", (Ref("V"), "/", GetAtt("V", "CidrBlock")))),
    ("!Sub ['${x}-${V}', {x: !Ref Number}]", Join("", ("4.5", "-", Ref("V")))),
    ("!Join ['-', [a, 1, true, !Ref Number]]", "a-1-true-4.5"),
    ("!Join [',', !Ref List]", "a,b"),
    ("!Join [',', !GetAtt Z.NameServers]", Join(",", (GetAtt("Z", "NameServers"),), of_list=True)),
    ("!Select [1, !Ref List]", "b"),
    ("!Select ['0', !GetAtt Z.NameServers]", Select(0, GetAtt("Z", "NameServers"))),
    ("!Split ['-', 'a-b-c']", ["a", "b", "c"]),
    ("!Select [2, !Split ['-', !Ref 'AWS::Region']]", "1"),
    ("!Cidr [10.0.0.0/16, 3, 12]", ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"]),
    ("!Cidr [10.0.0.0/24, 4, 6]", ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192/26"]),
    ("!Cidr [10.0.0.0/30, 1, 2]", ["10.0.0.0/30"]),
    ("!Select [255, !Cidr [10.0.0.0/16, 256]]", "10.0.255.0/24"),
    ("!Select [5, !Cidr [!Sub '${OpenShift.VpcCidr}', 6, '12']]", "10.0.80.0/20"),
    ("!Base64 hello", "aGVsbG8="),
    ("!FindInMap [Sizes, !Ref 'AWS::Region', small]", 5),
    ("!FindInMap [Sizes, eu-west-1, names]", ["x", "y"]),
    ("!If [Yes, a, b]", "a"),
    ("!If [No, !Ref V, !If [Both, c, d]]", "c"),
    ("[a, !If [No, b, !Ref 'AWS::NoValue']]", ["a"]),
    ("{a: 1, b: !Ref 'AWS::NoValue'}", {"a": 1}),
    ("!!str 123", "123"),
    ("{Condition: {StringEquals: {a: b}}}", {"Condition": {"StringEquals": {"a": "b"}}}),
)


def loaded(text: str, **parameters: str) -> Plan:
    inputs = Inputs(
        KINDS,
        base=Path(),
        parameters=parameters,
        openshift_ids=logical_ids,
    )
    return load(text, "plan.yaml", inputs)


@pytest.mark.parametrize(("written", "value"), GIVEN, ids=[written for written, _ in GIVEN])
def test_a_function_gives(written: str, value: Value) -> None:
    plan = loaded(f"{TEMPLATE}Outputs: {{O: {{Value: {written}}}}}\n")
    assert [output.value for output in plan.outputs] == [value]


CONDITIONAL: Final = (
    HEAD
    + """Parameters: {Wanted: {Type: String, Default: "no", AllowedValues: ["yes", "no"]}}
Conditions: {Made: !Equals [!Ref Wanted, "yes"]}
Resources:
  G: {Type: AWS::EC2::InternetGateway, Condition: Made}
  V:
    Type: AWS::EC2::VPC
    DependsOn: G
    Properties:
      CidrBlock: 10.0.0.0/16
      Tags: !If [Made, [{Key: gateway, Value: !Ref G}], !Ref "AWS::NoValue"]
Outputs:
  Gateway: {Condition: Made, Value: !Ref G}
"""
)


def test_what_a_false_condition_leaves_out_is_neither_made_nor_waited_for() -> None:
    plan = loaded(CONDITIONAL)
    assert list(plan.resources) == ["V"]
    assert plan.resources["V"].properties == {"CidrBlock": "10.0.0.0/16"}
    assert plan.resources["V"].depends_on == ()
    assert list(plan.outputs) == []


def test_zones_that_only_aws_knows_are_no_mistake_where_a_condition_leaves_them_out() -> None:
    zone = "AvailabilityZone: !Select [0, !GetAZs '']"
    subnet = (
        f"{{Type: AWS::EC2::Subnet, Condition: Made, Properties: {{VpcId: !Ref V, CidrBlock: 10.0.0.0/24, {zone}}}}}"
    )
    text = CONDITIONAL.replace("Outputs:", f"  S: {subnet}\nOutputs:")
    assert list(loaded(text).resources) == ["V"]
    with pytest.raises(PlanErrors, match="Fn::GetAZs is not supported"):
        loaded(text, Wanted="yes")


def test_what_a_true_condition_lets_in_is_there() -> None:
    plan = loaded(CONDITIONAL, Wanted="yes")
    assert list(plan.resources) == ["G", "V"]
    assert plan.resources["V"].properties["Tags"] == [{"Key": "gateway", "Value": Ref("G")}]
    assert plan.resources["V"].depends_on == ("G",)
    assert [output.value for output in plan.outputs] == [Ref("G")]


def test_a_parameter_from_the_command_line_is_held_to_its_declaration() -> None:
    with pytest.raises(PlanErrors, match=r"--parameter Wanted: 'maybe' is not one of yes, no"):
        loaded(CONDITIONAL, Wanted="maybe")


def test_a_secret_parameter_is_not_shown() -> None:
    text = HEAD + "Parameters: {P: {Type: String, NoEcho: true, MaxLength: 3}}\n"
    with pytest.raises(PlanErrors) as caught:
        loaded(text, P="not-to-be-shown")
    assert "not-to-be-shown" not in str(caught.value)


def test_a_list_that_a_function_gives_is_held_to_the_propertys_rows() -> None:
    given = HEAD + "Parameters: {L: {Type: CommaDelimitedList, Default: 'rtb-1,rtb-2'}}\nResources:\n"
    endpoint = (
        "  E: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: vpc-1, ServiceName: s3, RouteTableIds: !Ref L}}\n"
    )
    assert loaded(given + endpoint).resources["E"].properties["RouteTableIds"] == ["rtb-1", "rtb-2"]


def test_rings_are_named_beside_other_errors_each_once() -> None:
    ring = "  {}: {{Type: AWS::EC2::InternetGateway, DependsOn: {}}}\n"
    text = HEAD + "Resources:\n" + "".join(ring.format(*pair) for pair in ("AB", "BA", "CD", "DC", "EX"))
    with pytest.raises(PlanErrors) as caught:
        loaded(text)
    messages = [error.message for error in caught.value.errors]
    assert messages == [
        "dependency cycle: A -> B -> A",
        "dependency cycle: C -> D -> C",
        "there is no resource X",
    ]
