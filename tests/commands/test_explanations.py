"""What `explain` says, and by which words it finds it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.explanations import explanation, key_names, type_names
from ocpprov.kinds.registry import KINDS


def facts(word: str) -> dict[str, object]:
    return {row.name: row.value for row in explanation(word).rows}


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("openshift.zones", "openshift.zones"),
        ("zones", "openshift.zones"),
        ("bucket", "openshift.bucket"),
        ("Bucket", "AWS::S3::Bucket"),
        ("aws", "aws"),
        ("caBundle", "aws.caBundle"),
        ("subnet", "AWS::EC2::Subnet"),
        ("EC2::Subnet", "AWS::EC2::Subnet"),
        ("AWS::EC2::Subnet", "AWS::EC2::Subnet"),
        ("Subnet.cidrblock", "AWS::EC2::Subnet.CidrBlock"),
        ("Role.Policies.PolicyName", "AWS::IAM::Role.Policies.PolicyName"),
        ("Ocpprov::S3::Object", "Ocpprov::S3::Object"),
    ],
)
def test_a_thing_is_found_by_its_name_or_the_end_of_it(word: str, name: str) -> None:
    assert explanation(word).name == name


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("zonez", "zonez: neither a plan's key nor a type nor a property; did you mean zones?"),
        ("%", "%: neither a plan's key nor a type nor a property; `ocpprov explain` lists them"),
        ("Subnet.Cidr", "AWS::EC2::Subnet: has no property Cidr; did you mean CidrBlock?"),
        ("Subnet.VpcId.x", "AWS::EC2::Subnet.VpcId: has no property x; it has none"),
        (
            "InternetGateway.x",
            "AWS::EC2::InternetGateway: has no property x; it has Tags",
        ),
        (
            "LoadBalancer",
            "LoadBalancer: may be AWS::ElasticLoadBalancing::LoadBalancer or "
            "AWS::ElasticLoadBalancingV2::LoadBalancer; write one of them",
        ),
    ],
)
def test_what_is_not_known_or_several_is_refused(word: str, said: str) -> None:
    with pytest.raises(Refused, match=f"^{re.escape(said)}$"):
        explanation(word)


def test_a_key_has_type_default_rules_and_what_a_change_does() -> None:
    assert facts("subnetBits") == {
        "type": "integer from 5 to 13",
        "default": "12",
        "a change": "replaces resources: the subnets and what stands in them",
        "example": "subnetBits: 12",
        "source": "ocpprov's own",
    }
    assert facts("publish")["type"] == "string: External, Internal"
    assert facts("publish")["source"] == "install-config.yaml's publish"
    assert facts("clusterName")["required"] == "yes"
    assert facts("aws")["keys in it"] == ["serviceEndpoints", "proxy", "caBundle", "assumeRole"]
    assert facts("protect")["default"] == "false"
    assert facts("Resources")["source"] == "CloudFormation's"


def test_a_type_has_properties_permissions_and_what_a_replacement_needs() -> None:
    subnet = facts("Subnet")
    properties = subnet["properties"]
    assert isinstance(properties, list)
    assert properties[1] == "CidrBlock: CIDR block; a change replaces the resource"
    assert properties[3] == "MapPublicIpOnLaunch: boolean; changed in place"
    assert subnet["to delete"] == ["ec2:DeleteSubnet"]
    assert subnet["guard"] == "replacing or deleting one in an apply needs --allow"
    assert facts("NatGateway")["ready after"] == "90 s, usually"
    assert "ready after" not in subnet
    assert "interrupts" in subnet
    assert "interrupts" not in facts("InternetGateway")


def test_a_property_has_the_permissions_of_what_changes_it() -> None:
    fixed, free = facts("Subnet.CidrBlock"), facts("Subnet.MapPublicIpOnLaunch")
    assert (fixed["a change"], free["a change"]) == ("a change replaces the resource", "changed in place")
    assert fixed["permissions"] == ["ec2:CreateSubnet", "ec2:CreateTags", "ec2:ModifySubnetAttribute"]
    assert free["permissions"] == [*fixed["permissions"], "ec2:DeleteTags"]
    assert (fixed["default"], free["default"]) == ("what AWS takes; not compared", "false")


def test_everything_can_be_explained() -> None:
    for name in (
        *key_names(),
        *type_names(),
        *(f"{kind.type}.{row.name}" for kind in KINDS.values() for row in kind.properties),
    ):
        found = explanation(name)
        assert (found.name, bool(found.rows)) == (name, True)
        assert found.meaning or name.endswith(".Tags"), name


def test_it_is_told_in_lines_and_as_json() -> None:
    lines = CliRunner().invoke(main, ["explain", "protect"]).stdout.splitlines()
    assert lines == [
        "protect",
        "  Whether a destroy is refused.",
        "  type      boolean",
        "  default   false",
        "  rules     true: destroy refuses, with this file and without, until an apply with false",
        "  a change  changes resources in place: as a tag on what can have it",
        "  example   protect: true",
        "  source    ocpprov's own",
    ]
    document = json.loads(CliRunner().invoke(main, ["explain", "protect", "--json"]).stdout)
    assert (document["name"], document["meaning"]) == ("protect", "Whether a destroy is refused.")
    assert document["default"] == "false"
    listed = json.loads(CliRunner().invoke(main, ["explain", "--json"]).stdout)
    assert listed == {"keys": key_names(), "types": type_names()}
    assert "  openshift.zones" in CliRunner().invoke(main, ["explain"]).stdout.splitlines()
