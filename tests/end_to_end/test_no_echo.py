"""Values of parameters with NoEcho: they reach AWS, and neither a stream nor a file of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION
from tests.support.warm import Finished

SECRET: Final = "canary-7h1s-0ne"
OTHER: Final = "canary-an0ther-one"
DERIVED: Final = "Y2FuYXJ5LTdoMXMtMG5l"
PIECE: Final = "7h1s"
TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": ["sts:AssumeRole"]},
}


ALLOW: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
}


def tag(key: str, value: Any) -> dict[str, Any]:
    return {"Key": key, "Value": value}


SECRET_REF: Final = {"Ref": "Secret"}
TAGS: Final = [
    tag("whole", SECRET_REF),
    tag("part", {"Fn::Sub": "x-${Secret}-y"}),
    tag("encoded", {"Fn::Base64": SECRET_REF}),
    tag("piece", {"Fn::Select": [1, {"Fn::Split": ["-", SECRET_REF]}]}),
]
RESOURCES: Final[dict[str, Any]] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": TAGS}},
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "GroupDescription": {"Fn::Sub": "for ${Secret}"},
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Port"}, "CidrIp": "10.0.0.0/8"}
            ],
        },
    },
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Fn::Sub": "role-${Secret}"},
            "AssumeRolePolicyDocument": TRUST,
            # Its name is remembered as one of the role's rows.
            "Policies": [{"PolicyName": {"Fn::Sub": "own-${Secret}"}, "PolicyDocument": ALLOW}],
        },
    },
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "bucket-${Secret}"}}},
}
OUTPUTS: Final = {
    "Secret": {"Value": SECRET_REF},
    "Role": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}},
    "Both": {"Value": {"Fn::Join": ["/", [{"Ref": "Vpc"}, SECRET_REF]]}},
    "Port": {"Value": {"Ref": "Port"}},
    "Vpc": {"Value": {"Ref": "Vpc"}},
}
PARAMETERS: Final = {
    "Secret": {"Type": "String", "NoEcho": True},
    "Port": {"Type": "Number", "NoEcho": True, "Default": 44_871},
    "Plain": {"Type": "String", "Default": "-"},
}


def written(user: LocalOperator, **more: Any) -> str:
    """A plan file with all of it."""
    document = {"name": "lab", "region": REGION, "Parameters": PARAMETERS, "Resources": RESOURCES, "Outputs": OUTPUTS}
    (user.folder / "lab.yaml").write_text(json.dumps({**document, **more}))
    return "lab.yaml"


def given(secret: str = SECRET) -> tuple[str, ...]:
    return ("--parameter", f"Secret={secret}", "--parameter", "Plain=shown")


def files(folder: Path) -> str:
    """All that runs have left, but the plan file."""
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file() and path.name != "lab.yaml")


def clean(user: LocalOperator, *ended: Finished) -> None:
    """Nothing of it was said or left, in whatever spelling."""
    said = "".join(each.out + each.err for each in ended) + files(user.folder)
    for secret in (SECRET, OTHER, DERIVED, PIECE):
        assert secret.lower() not in said.lower(), [line for line in said.splitlines() if secret in line]
    # Times have many digits.
    assert not re.search(r"(?<![0-9.])44871(?![0-9])", said)


ALLOWED: Final = ("--allow", "Role", "--allow", "Bucket")


def test_they_reach_aws_and_nothing_else(user: LocalOperator, aws: LocalAws) -> None:
    plan = written(user)
    applied = user.good("apply", plan, "--yes", "--verbose", *given())
    shown = user.good("outputs", plan, "--json", *given())
    changes = user.good("plan", plan, "--json", *given(OTHER), *ALLOWED)
    clean(user, applied, shown, changes)
    (vpc,) = aws.client("ec2").describe_vpcs(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["lab"]}])["Vpcs"]
    tags = {each["Key"]: each["Value"] for each in vpc["Tags"]}
    assert [tags[key] for key in ("whole", "part", "encoded", "piece")] == [SECRET, f"x-{SECRET}-y", DERIVED, PIECE]
    assert "created   Role role-****\n" in applied.err
    assert json.loads(shown.out) == {
        "Secret": "****",
        "Role": "arn:aws:iam::123456789012:role/role-****",
        "Both": f"{vpc['VpcId']}/****",
        "Port": "****",
        "Vpc": vpc["VpcId"],
    }
    assert json.loads((user.folder / ".ocpprov/lab/outputs.json").read_text()) == json.loads(shown.out)
    rows = {row["property"]: row for each in json.loads(changes.out)["actions"] for row in each["changes"]}
    assert rows["Tags.part"] == {"property": "Tags.part", "from": "****", "to": "x-****-y"}


@pytest.mark.torture
def test_no_other_command_shows_one(user: LocalOperator) -> None:
    plan = written(user)
    user.good("apply", plan, "--yes", *given())
    for command in ("validate", "render", "policy", "outputs", "plan", "preflight"):
        clean(user, user.good(command, plan, *given()))
    changed = user.good("plan", plan, *given(OTHER), *ALLOWED)
    refused = user.run("apply", plan, "--yes", *given(OTHER))
    clean(user, changed, refused)
    assert '      Tags.whole: "****" -> "****"\n' in changed.out
    assert refused.code == 2
    assert "--parameter Secret=… --parameter Plain=shown --allow Bucket" in refused.err
    replaced = user.good("apply", plan, "--yes", *given(OTHER), *ALLOWED)
    clean(user, replaced)
    assert "0 to create" in user.good("plan", plan, *given(OTHER)).out


OWN_RULE: Final = {
    "Type": "AWS::EC2::SecurityGroupIngress",
    "Properties": {
        "GroupId": {"Ref": "MasterSecurityGroup"},
        "IpProtocol": "tcp",
        "FromPort": {"Ref": "Port"},
        "ToPort": {"Ref": "Port"},
        "CidrIp": "192.0.2.0/24",
        "Description": {"Fn::Sub": "for ${Secret}"},
    },
}
CLUSTER: Final = {
    "clusterName": "prod",
    "baseDomain": "example-corp.net",
    "infraID": "prod-x7k2p",
    "zones": 1,
    "publish": "Internal",
    "egress": "nat-single",
}


@pytest.mark.torture
def test_what_is_verified_shows_none_on_the_screen_and_in_its_files(user: LocalOperator) -> None:
    plan = written(user, openshift=CLUSTER, Resources={"MasterIngressOwn": OWN_RULE}, Outputs={})
    applied = user.good("apply", plan, "--yes", "--verify", *given())
    files = ("--junit", "verify.xml", "--html", "verify.html")
    told = user.run("verify", plan, *files, *given(OTHER))
    documents = user.run("verify", plan, "--json", *given(OTHER))
    reported = user.good("report", plan, *given(OTHER))
    clean(user, applied, told, documents, reported)
    assert (told.code, documents.code) == (0, 0)
    rows = {row["id"]: row["detail"] for row in json.loads(documents.out)["requirements"]}
    assert 'MasterIngressOwn is otherwise: Description is "****", not "for ****"' in rows["SG-MASTER-INGRESS"]
    for name in ("verify.xml", "verify.html"):
        assert "****" in (user.folder / name).read_text()


def test_a_destroy_without_the_plan_file_finds_what_is_named_by_one(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    user.good("apply", written(user), "--yes", *given())
    (user.folder / "lab.yaml").unlink()
    user.good("destroy", "--yes")
    assert aws.everything() == before
    clean(user)


@pytest.mark.torture
def test_what_the_plan_no_longer_names_by_one_goes(user: LocalOperator, aws: LocalAws) -> None:
    plan = written(user)
    user.good("apply", plan, "--yes", *given())
    written(user, Resources={"Vpc": RESOURCES["Vpc"]}, Outputs={})
    ended = user.good("apply", plan, "--yes", "--verbose", *given(), "--allow", "Role", "--allow", "Bucket")
    assert "deleted   Role role-****\n" in ended.err
    assert aws.client("s3").list_buckets()["Buckets"] == []
    clean(user, ended)


@pytest.mark.torture
def test_a_destroy_with_the_plan_file_shows_none_and_gives_no_parameter_away(user: LocalOperator) -> None:
    plan = written(user)
    user.good("apply", plan, "--yes", *given())
    ended = user.good("destroy", plan, "--yes", "--json", *given())
    clean(user, ended)
    gone = user.run("destroy", "--name", "nosuch", "--region", REGION, "--yes", *given())
    clean(user, gone)


def test_events_and_a_failed_run_show_none(user: LocalOperator, aws: LocalAws) -> None:
    plan = written(user)
    fault = {"operation": "CreateRole", "fault": "error", "code": "AccessDenied", "status": 403}
    aws.faults([{**fault, "message": f"User: me is not authorized to perform: iam:CreateRole on role-{SECRET}"}])
    failed = user.run("apply", plan, "--yes", *given())
    assert failed.code == 1
    assert "next:     ocpprov apply lab.yaml --yes --parameter Secret=… --parameter Plain=shown\n" in failed.err
    assert "iam:CreateRole on role-****" in failed.err
    aws.faults([])
    told = user.good("apply", plan, "--yes", "--json", *given())
    clean(user, failed, told)


def test_what_is_handed_over_asks_for_them(user: LocalOperator) -> None:
    plan = written(user)
    ended = user.good("apply", plan, "--yes", "--without", "iam", *given())
    clean(user, ended)
    template = (user.folder / ".ocpprov/lab/handover.yaml").read_text()
    assert "Parameters:\n  Secret:\n    Type: String\n    NoEcho: true\n" in template
    named = YAML(typ="safe", pure=True).load(template)["Resources"]["Role"]["Properties"]["RoleName"]
    assert named == {"Fn::Join": ["", ["role-", {"Ref": "Secret"}]]}
    assert " --capabilities CAPABILITY_NAMED_IAM --parameter-overrides Secret=…" in ended.err


def test_a_network_that_one_gives_is_never_deleted_without_the_plan_file(user: LocalOperator, aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = {"VpcId": {"Ref": "Secret"}, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": f"{REGION}a"}
    plan = written(user, Resources={"Subnet": {"Type": "AWS::EC2::Subnet", "Properties": subnet}}, Outputs={})
    user.good("apply", plan, "--yes", *given(vpc))
    assert vpc not in files(user.folder)
    # Somebody copies the tags of what is ours onto it, and what proves a network whole.
    (made,) = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    copied = [each for each in made["Tags"] if each["Key"] not in ("ocpprov:bound", "Name")]
    ec2.create_tags(Resources=[vpc], Tags=[*copied, tag("ocpprov:bound", f"AWS::EC2::VPC {vpc}")])
    (user.folder / "lab.yaml").unlink()
    user.good("destroy", "--yes")
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert not ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]


@pytest.mark.torture
def test_a_bucket_whose_creation_was_cut_off_is_known_again_by_the_plan(user: LocalOperator, aws: LocalAws) -> None:
    plan = written(user, Resources={"Bucket": RESOURCES["Bucket"]}, Outputs={})
    aws.faults([{"operation": "PutBucketTagging", "fault": "error", "code": "AccessDenied", "status": 403}])
    assert user.run("apply", plan, "--yes", *given()).code == 1
    aws.faults([])
    clean(user, user.good("apply", plan, "--yes", *given()))
