"""What a run notes of what it sets out to do, and its log of its calls."""

from __future__ import annotations

import json
from pathlib import Path

from ocpprov import __version__
from ocpprov.aws.calls import CallRecord
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.run_history import head_of
from ocpprov.engine.actions import Action, Actions, Unmanaged, Verb
from ocpprov.engine.graph import build
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.steps import CreateStep, DeleteStep, RetainStep, TagEdit
from ocpprov.engine.values import Ref
from ocpprov.kinds.registry import KINDS
from ocpprov.report.history import Other, RunHead
from ocpprov.report.things import Thing

SECRET = "hunter2-hunter2"
OWNER = Owner("lab", "eu-west-1", "123456789012", "run-1", "prod.example.com")


def test_what_a_run_sets_out_to_do_is_noted_without_secrets() -> None:
    net = Resource("Net", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True})
    sub = Resource("Sub", "AWS::EC2::Subnet", {"VpcId": Ref("Net"), "AvailabilityZone": SECRET, "Tags": [SECRET]})
    old = Live("AWS::EC2::Subnet", "subnet-9", {"VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24", "Tags": ["x"]})
    box = Live("AWS::S3::Bucket", f"b-{SECRET}", {"BucketName": SECRET})
    actions = Actions(
        OWNER,
        build({"Net": net, "Sub": sub}, KINDS),
        [
            Action("Net", net.type, Verb.KEEP, "vpc-1"),
            Action("Sub", sub.type, Verb.CREATE),
            Action(f"Old-{SECRET}", old.type, Verb.DELETE, old.id),
        ],
        [
            CreateStep(name="build Sub", type=sub.type, logical_id="Sub", resource=sub, after=frozenset({"b", "a"})),
            DeleteStep(name=f"delete {SECRET}", type=old.type, logical_id="Old", live=old),
            RetainStep(name="let go", type=box.type, logical_id="Box", live=box, tags=TagEdit()),
        ],
        {"Net": Live(net.type, "vpc-1", {})},
        [Unmanaged("Net", f"a subnet of {SECRET}", is_left=False)],
    )
    assert head_of(actions, 5.0, "apply", "ocpprov apply", SecretTexts({"P": [SECRET]}), sandbox=True) == RunHead(
        "run-1",
        5.0,
        "apply",
        "lab",
        "eu-west-1",
        "123456789012",
        "prod.example.com",
        "ocpprov apply",
        __version__,
        True,
        [
            Thing("Net", net.type, {"CidrBlock": "10.0.0.0/16"}, [], "vpc-1"),
            Thing("Sub", sub.type, {"VpcId": {"Ref": "Net"}, "AvailabilityZone": "****"}, ["Net"]),
        ],
        [
            Thing("Old", old.type, {"VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24"}, (), "subnet-9"),
            Thing("Box", box.type, {}, (), "b-****"),
        ],
        {"Net": "keep", "Sub": "create", "Old-****": "delete"},
        [Other("Net", "a subnet of ****", False)],
        {"build Sub": ["a", "b"], "delete ****": [], "let go": []},
    )


def test_listeners_are_kept_only_where_the_plan_says_what_is_secret() -> None:
    listeners = [{"LoadBalancerPort": "80"}]
    classic = Resource("Old", "AWS::ElasticLoadBalancing::LoadBalancer", {"Listeners": listeners})
    live = Live(classic.type, "old", {"Listeners": listeners})
    step = DeleteStep(name="delete", type=classic.type, logical_id="Old", live=live)
    actions = Actions(OWNER, build({"Old": classic}, KINDS), [], [step], {})
    head = head_of(actions, 5.0, "apply", "", SecretTexts(), sandbox=False)
    assert [each.properties for each in (*head.things, *head.going)] == [{"Listeners": listeners}, {}]


def test_each_line_of_the_log_says_of_which_run_it_is_and_for_what(tmp_path: Path) -> None:
    (tmp_path / ".ocpprov" / "lab").mkdir(parents=True, mode=0o700)
    path = tmp_path / ".ocpprov" / "lab" / "log.jsonl"
    log = CallLog(lambda _: None)
    record = CallRecord("ec2", "CreateVpc", True, "eu-west-1", "req-1", 200, "", 0.5, 1)
    log.add(1.00049, record)
    log.open(path, "run-1")
    log.add(2, record, ["Net", "Sub"])
    row = {
        "service": "ec2",
        "operation": "CreateVpc",
        "mutating": True,
        "region": "eu-west-1",
        "request_id": "req-1",
        "status": 200,
        "seconds": 0.5,
        "attempt": 1,
        "run": "run-1",
    }
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"time": 1.0, **row},
        {"time": 2, **row, "resources": ["Net", "Sub"]},
    ]
