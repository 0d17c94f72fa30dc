"""`python -m live --account 123456789012 --region eu-west-1`: apply, apply again, destroy on AWS itself, and questions
to it. `--rehearse` does the same in the sandbox."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from live import questions_ec2, questions_services
from live.lab import TAG, Lab
from live.questions import Question

QUESTIONS = (*questions_ec2.QUESTIONS, *questions_services.QUESTIONS)
SANDBOX_ACCOUNT = "123456789012"

_OURS = (
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_addresses", "Addresses", "AllocationId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
)


@dataclass(frozen=True)
class Wanted:
    """What the command line says."""

    account: str
    region: str
    name: str
    folder: Path
    rehearse: bool


class Stopped(Exception):
    """The run mustn't begin, or can't go on; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0: it went as it should, whatever AWS answered to the questions. 1: apply or destroy failed, or something is
    left. 2: nothing was begun."""
    wanted = _wanted(arguments)
    try:
        with _aws(wanted) as session:
            _check_account(session, wanted)
            _confirm(wanted)
            return _run(session, wanted)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 2


def plan(wanted: Wanted) -> dict[str, Any]:
    """The smallest plan with one of each thing that AWS takes its time for, or has its own mind about."""

    def ref(name: str) -> dict[str, str]:
        return {"Ref": name}

    def of(type: str, **properties: Any) -> dict[str, Any]:
        return {"Type": f"AWS::{type}", "Properties": properties}

    zone = f"{wanted.region}a"
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    resources = {
        "Vpc": of("EC2::VPC", CidrBlock="10.90.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=True),
        "Public": of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.90.0.0/24", AvailabilityZone=zone),
        "Private": of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.90.1.0/24", AvailabilityZone=zone),
        "Internet": of("EC2::InternetGateway"),
        "Attached": of("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Internet")),
        "Address": {**of("EC2::EIP", Domain="vpc"), "DependsOn": "Attached"},
        "Nat": {
            **of("EC2::NatGateway", SubnetId=ref("Public"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}),
            "DependsOn": "Attached",
        },
        "Table": of("EC2::RouteTable", VpcId=ref("Vpc")),
        "Route": of("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ref("Nat")),
        "Uses": of("EC2::SubnetRouteTableAssociation", SubnetId=ref("Private"), RouteTableId=ref("Table")),
        "Group": of("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupName=wanted.name, GroupDescription=wanted.name),
        "Storage": of(
            "EC2::VPCEndpoint",
            VpcId=ref("Vpc"),
            ServiceName=f"com.amazonaws.{wanted.region}.s3",
            RouteTableIds=[ref("Table")],
        ),
        "Machines": of(
            "EC2::VPCEndpoint",
            VpcId=ref("Vpc"),
            ServiceName=f"com.amazonaws.{wanted.region}.ec2",
            VpcEndpointType="Interface",
            PrivateDnsEnabled=True,
            SubnetIds=[ref("Private")],
            SecurityGroupIds=[ref("Group")],
        ),
        "Zone": of(
            "Route53::HostedZone",
            Name=f"{wanted.name}.example-corp.net",
            VPCs=[{"VPCId": ref("Vpc"), "VPCRegion": wanted.region}],
        ),
        "Record": of(
            "Route53::RecordSet",
            HostedZoneId=ref("Zone"),
            Name=f"api.{wanted.name}.example-corp.net",
            Type="A",
            TTL="60",
            ResourceRecords=["10.90.1.10"],
        ),
        "Role": of("IAM::Role", AssumeRolePolicyDocument=trust),
        "Profile": of("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Balancer": of(
            "ElasticLoadBalancingV2::LoadBalancer",
            Name=wanted.name,
            Type="network",
            Scheme="internal",
            Subnets=[ref("Private")],
        ),
        "Targets": of(
            "ElasticLoadBalancingV2::TargetGroup",
            Name=wanted.name,
            Protocol="TCP",
            Port=6443,
            TargetType="ip",
            VpcId=ref("Vpc"),
        ),
        "Listener": of(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Protocol="TCP",
            Port=6443,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        "Bucket": of("S3::Bucket"),
    }
    return {"name": wanted.name, "region": wanted.region, "accountID": wanted.account, "Resources": resources}


def _wanted(arguments: Sequence[str] | None) -> Wanted:
    parser = argparse.ArgumentParser(prog="python -m live", description=__doc__)
    parser.add_argument("--account", default="", help="twelve digits: the account that may be used for this")
    parser.add_argument("--region", default="", help="such as eu-west-1")
    parser.add_argument("--name", default="ocpprov-live", help="the plan's name")
    parser.add_argument("--folder", type=Path, default=Path("build/live"), help="where plan, journal and answers go")
    parser.add_argument("--rehearse", action="store_true", help="in the sandbox")
    given = parser.parse_args(arguments)
    account = SANDBOX_ACCOUNT if given.rehearse else given.account
    if len(account) != 12 or not account.isdigit():
        parser.error("--account takes the twelve digits of the account: nothing is made in one that isn't named")
    if not given.region and not given.rehearse:
        parser.error("--region is missing")
    return Wanted(account, given.region or "eu-west-1", given.name, given.folder.absolute(), given.rehearse)


@contextmanager
def _aws(wanted: Wanted) -> Iterator[boto3.Session]:
    """The way to AWS, for this process and those it starts."""
    if not wanted.rehearse:
        yield boto3.Session(region_name=wanted.region)
        return
    from ocpprov.sandbox import testing  # noqa: PLC0415 - AWS itself needs no sandbox

    with testing.sandbox(delays=True, scale=100) as running:
        os.environ |= {
            "AWS_ENDPOINT_URL": running.endpoint_url,
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
        }
        yield boto3.Session(region_name=wanted.region)


def _check_account(session: boto3.Session, wanted: Wanted) -> None:
    make: Any = session.client
    try:
        account = make("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise Stopped(f"no credentials that AWS accepts: {error}; nothing was begun") from error
    if account != wanted.account:
        raise Stopped(f"these credentials are of account {account}, not of {wanted.account}; nothing was begun")


def _confirm(wanted: Wanted) -> None:
    print(f"In account {wanted.account}, region {wanted.region}, this makes for about a quarter of an hour:")
    for type in sorted({str(one["Type"]) for one in plan(wanted)["Resources"].values()}):
        print(f"  {type}")
    print("  and scratch networks, a balancer, zones, a role and a bucket for the questions")
    print("AWS bills NAT gateways, load balancers, interface endpoints and public addresses as long as they exist.")
    if wanted.rehearse or os.environ.get("LIVE_YES") == "1":
        return
    print("Type the account's number to go on: ", end="", flush=True)
    if sys.stdin.readline().strip() != wanted.account:
        raise Stopped("not confirmed; nothing was begun")


def _run(session: boto3.Session, wanted: Wanted) -> int:
    wanted.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (wanted.folder / "plan.json").write_text(json.dumps(plan(wanted), indent=2))
    rows: list[dict[str, str]] = []
    troubles: list[str] = []
    try:
        if _ocpprov(wanted, "apply") != 0:
            troubles.append("apply failed")
        else:
            before = _changes(wanted)
            if _ocpprov(wanted, "apply") != 0:
                troubles.append("the second apply failed")
            elif more := _changes(wanted) - before:
                troubles.append(f"the second apply sent {more} changes, not none")
        rows = _ask(session, wanted, troubles.append)
    finally:
        if _ocpprov(wanted, "destroy") != 0:
            troubles.append(f"destroy failed: run `ocpprov destroy plan.json` in {wanted.folder} until it ends with 0")
        troubles += [f"{left} is left" for left in _left(session, wanted)]
        _report(wanted, rows, troubles)
    return 1 if troubles else 0


def _ocpprov(wanted: Wanted, verb: str) -> int:
    print(f"\n$ ocpprov {verb} plan.json --yes", flush=True)
    command = [sys.executable, "-m", "ocpprov", verb, "plan.json", "--yes"]
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]))
    return subprocess.run(command, cwd=wanted.folder, env={**os.environ, "PYTHONPATH": paths}, check=False).returncode


def _changes(wanted: Wanted) -> int:
    """How many calls in the log may have changed something."""
    log = wanted.folder / ".ocpprov" / wanted.name / "log.jsonl"
    return sum(json.loads(line).get("mutating", False) for line in log.read_text().splitlines())


def _ask(session: boto3.Session, wanted: Wanted, trouble: Callable[[str], None]) -> list[dict[str, str]]:
    lab = Lab(session, trouble, seconds=20 if wanted.rehearse else 600)
    rows = []
    try:
        for question in QUESTIONS:
            answer = _answer(question, lab)
            rows.append(
                {"question": question.name, "believed": question.believed, "seen": answer, "matters": question.matters}
            )
            print(f"{question.name}: {answer}", flush=True)
    finally:
        lab.close()
    return rows


def _answer(question: Question, lab: Lab) -> str:
    """What AWS says; a question that can't be put says why, and the others are asked all the same."""
    try:
        return question.ask(lab)
    except (BotoCoreError, ClientError, LookupError, ValueError) as error:
        return f"couldn't be asked: {error}"


def _left(session: boto3.Session, wanted: Wanted) -> Iterator[str]:
    make: Any = session.client
    for service, operation, member, key in _OURS:
        for tag, value in (("ocpprov:plan", wanted.name), (TAG, "*")):
            found = getattr(make(service), operation)(Filters=[{"Name": f"tag:{tag}", "Values": [value]}])
            yield from (f"{member} {item[key]}" for item in found[member] if item.get("State") != "deleted")


def _report(wanted: Wanted, rows: Sequence[dict[str, str]], troubles: Sequence[str]) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    answers = wanted.folder / f"answers-{stamp}.jsonl"
    _write(answers, "".join(json.dumps(row) + "\n" for row in rows))
    lines = ["| question | believed | seen | matters to |", "|---|---|---|---|"]
    lines += [f"| {row['question']} | {row['believed']} | {_marked(row)} | {row['matters']} |" for row in rows]
    summary = wanted.folder / f"answers-{stamp}.md"
    _write(summary, "\n".join([*lines, "", *(f"- {trouble}" for trouble in troubles)]) + "\n")
    other = [row for row in rows if row["believed"] not in ("", row["seen"])]
    print(f"\n{len(rows)} questions, {len(other)} answered otherwise than believed: {summary}")
    for trouble in troubles:
        print(f"! {trouble}")


def _marked(row: dict[str, str]) -> str:
    return row["seen"] if row["believed"] in ("", row["seen"]) else f"**{row['seen']}**"


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
