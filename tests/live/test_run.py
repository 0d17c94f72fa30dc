"""The story of a run: however it ends, what was made is taken away, and what is left is told."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from live.cleaning import Cleaner
from live.lab import Lab
from live.names import TAG
from live.questions import Question, Said, Topic
from live.run import run
from live.setting import BEFORE, Setting, known_before
from live.stages import Stage
from ocpprov.sandbox.clocks import VirtualClock
from tests.live.support import REGION, Aws, Ticking, Told, canned, failing, nothing_there

AGAIN = "make live-clean ACCOUNT=123456789012 REGION=eu-west-1"


def topic(*asks: Callable[[Lab], Said]) -> Topic:
    questions = [Question(f"question {index}", "ok", "ocpprov/cli.py", ask) for index, ask in enumerate(asks)]
    return Topic("a topic", questions, "1 network")


def a_network(lab: Lab) -> str:
    assert lab.vpc
    return "ok"


def a_broken_one(lab: Lab) -> str:
    raise LookupError("nothing there")


def killed(number: int) -> Callable[[Lab], str]:
    def ask(lab: Lab) -> str:
        assert lab.vpc
        os.kill(os.getpid(), number)
        raise AssertionError("the signal came too late")

    return ask


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def setting(aws: Aws, said: list[str], tmp_path: Path) -> Setting:
    return Setting(
        account="123456789012",
        region=REGION,
        partition="aws",
        domain="",
        folder=tmp_path,
        client=aws.client,
        clock=aws.clock,
        product=Told(),
        say=said.append,
        confirmed=lambda stage: True,
        topics=[topic(a_network)],
        again=AGAIN,
    )


@pytest.fixture
def story(setting: Setting) -> Setting:
    """The same, where there is nothing and nothing is made."""
    return replace(setting, client=nothing_there, topics=[topic(lambda lab: "ok")])


def networks(aws: Aws) -> int:
    """Beside the region's own."""
    return len(aws.client("ec2").describe_vpcs()["Vpcs"]) - 1


def test_questions_are_asked_and_answers_written_and_nothing_is_left(
    aws: Aws, setting: Setting, said: list[str]
) -> None:
    with_two = replace(setting, topics=[topic(a_network, a_broken_one)], rehearsed=True)
    assert run(with_two, {Stage.QUESTIONS}) == 0
    assert networks(aws) == 0
    [answers] = setting.folder.glob("answers-*.json")
    document = json.loads(answers.read_text())
    assert [(row["says"], row["asked"]) for row in document["answers"]] == [
        ("ok", True),
        ("LookupError: nothing there", False),
    ]
    assert (document["partition"], document["region"], document["rehearsed"]) == ("aws", REGION, True)
    assert {stat.S_IMODE(path.stat().st_mode) for path in setting.folder.iterdir()} == {0o600}
    assert "123456789012" not in answers.read_text()
    assert not (setting.folder / BEFORE).exists()
    assert said[-2:] == [
        f"\n2 questions, 0 answered otherwise than believed, 1 couldn't be asked: {answers.with_suffix('.md')}",
        "nothing is left",
    ]


def test_a_signal_in_the_middle_of_a_question_ends_the_questions_and_leaves_nothing(
    aws: Aws, setting: Setting, said: list[str]
) -> None:
    asked = replace(setting, topics=[topic(killed(signal.SIGTERM), a_network), topic(a_network)])
    assert run(asked, {Stage.QUESTIONS, Stage.CLUSTER}) == 130
    assert aws.changes().count("CreateVpc") == 1
    assert networks(aws) == 0
    assert "SIGTERM: cleaning up" in said
    assert setting.product == Told()
    assert said[-1] == "nothing is left"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_each_signal_ends_the_questions_alike(story: Setting, said: list[str], number: int) -> None:
    def ask(lab: Lab) -> str:
        os.kill(os.getpid(), number)
        raise AssertionError("the signal came too late")

    assert run(replace(story, topics=[topic(ask, ask)]), {Stage.QUESTIONS, Stage.CLUSTER}) == 130
    assert f"{signal.Signals(number).name}: cleaning up" in said
    assert story.product == Told()


def test_a_signal_during_apply_has_its_plan_destroyed(story: Setting) -> None:
    def does(words: Sequence[str]) -> int:
        if words[0] == "apply":
            os.kill(os.getpid(), signal.SIGTERM)
        return 0

    product = Told(does)
    assert run(replace(story, product=product), set(Stage)) == 130
    assert [command[0] for command in product.commands] == ["preflight", "apply", "destroy"]
    *_, destroy = product.commands
    [name] = [word for word in destroy if word.startswith("ocpprov-live-")]
    assert name.endswith("-plan")
    assert destroy == (
        "destroy", "--name", name, "--region", REGION, "--yes", "--ignore-missing", "--lock-timeout", "180",
    )  # fmt: skip


def test_a_plan_is_applied_twice_and_destroyed_and_its_file_says_where(story: Setting) -> None:
    product = Told()
    assert run(replace(story, product=product), {Stage.SMALLEST, Stage.CLUSTER}) == 0
    assert product.commands == [
        ("preflight", "plan.json"),
        ("apply", "plan.json", "--yes"),
        ("apply", "plan.json", "--yes"),
        ("destroy", "plan.json", "--yes", "--ignore-missing"),
        ("preflight", "cluster.json"),
        ("apply", "cluster.json", "--yes"),
        ("apply", "cluster.json", "--yes"),
        ("destroy", "cluster.json", "--yes", "--ignore-missing"),
    ]
    for name in ("plan.json", "cluster.json"):
        document = json.loads((story.folder / name).read_text())
        assert (document["accountID"], document["region"]) == ("123456789012", REGION)
        assert "eu-west-1a" in json.dumps(document)


def test_a_domain_of_ones_own_gets_a_public_zone(story: Setting) -> None:
    assert run(replace(story, domain="live.example.net"), {Stage.CLUSTER}) == 0
    section = json.loads((story.folder / "cluster.json").read_text())["openshift"]
    assert (section["baseDomain"], section["publicZone"]) == ("live.example.net", "create")
    assert run(story, {Stage.CLUSTER}) == 0
    section = json.loads((story.folder / "cluster.json").read_text())["openshift"]
    assert section["publicZone"] == "none"


def test_what_failed_is_told_and_the_rest_goes_on(story: Setting, said: list[str]) -> None:
    product = Told(lambda words: int("plan.json" in words and words[0] == "apply"))
    assert run(replace(story, product=product), {Stage.SMALLEST, Stage.QUESTIONS}) == 1
    assert said[-2:] == ["! apply of plan.json failed", "nothing is left"]


def test_what_preflight_sees_coming_isnt_applied(story: Setting, said: list[str]) -> None:
    product = Told(lambda words: int(words == ("preflight", "cluster.json")))
    assert run(replace(story, product=product), {Stage.CLUSTER}) == 1
    assert product.commands == [("preflight", "cluster.json")]
    assert said[-2:] == ["! preflight of cluster.json failed, so it wasn't applied", "nothing is left"]


def test_a_second_apply_that_sends_changes_is_told(story: Setting, said: list[str]) -> None:
    class Restless(Told):
        def changes(self, plan: str) -> int:
            return 3 * len(self.commands)

    assert run(replace(story, product=Restless()), {Stage.SMALLEST}) == 1
    assert said[-2] == "! the second apply of plan.json sent 3 changes, not none"


def test_a_stage_that_isnt_confirmed_isnt_begun(story: Setting) -> None:
    product = Told()
    unsure = replace(story, product=product, confirmed=lambda stage: stage is not Stage.CLUSTER)
    assert run(unsure, set(Stage)) == 0
    assert {command[1] for command in product.commands} == {"plan.json"}


def test_what_is_new_and_nobodys_is_told_at_the_end(aws: Aws, setting: Setting, said: list[str]) -> None:
    def somebody_else(lab: Lab) -> str:
        aws.client("ec2").allocate_address(Domain="vpc")
        return "ok"

    assert run(replace(setting, topics=[topic(somebody_else)]), {Stage.QUESTIONS}) == 1
    assert said[-2].startswith("! AWS::EC2::EIP eipalloc-")
    assert said[-2].endswith(" is new since the run began, and nothing shows whose it is")
    assert said[-1] == f"! take it away with: {AGAIN}"
    assert known_before(setting) is not None
    assert known_before(replace(setting, region="eu-north-1")) is None


def test_where_an_earlier_run_left_something_none_begins(aws: Aws, setting: Setting, said: list[str]) -> None:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": TAG, "Value": "ocpprov-live-ffffff"}]}]
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    assert run(setting, set(Stage)) == 2
    assert said == [
        f"an earlier run has left things, such as: AWS::EC2::VPC {vpc} is left: nothing of others lies in it."
        f" Take them away with: {AGAIN}, in the region of that run; nothing was begun"
    ]


def test_the_clean_up_takes_all_runs_things_by_the_account_alone(aws: Aws, said: list[str]) -> None:
    """Interrupted destroys are begun again; what others have is listed."""
    lab = Lab(aws.client, aws.clock, REGION, "eu-west-1a", "ocpprov-live-ffffff")
    assert lab.vpc
    assert lab.address
    name = "ocpprov-live-ab12cd-plan"
    tags = [{"Key": "ocpprov:plan", "Value": name}]
    made = aws.client("ec2").create_vpc(
        CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}]
    )
    theirs = aws.client("ec2").allocate_address(Domain="vpc")
    codes = iter([130, 0])

    def does(words: Sequence[str]) -> int:
        code = next(codes)
        if code == 0:
            aws.client("ec2").delete_vpc(VpcId=made["Vpc"]["VpcId"])
        return code

    product = Told(does)
    cleaner = Cleaner(aws.client, aws.clock, product, REGION, said.append)
    assert cleaner.clean() == []
    assert [command[:3] for command in product.commands] == [("destroy", "--name", name)] * 2
    assert networks(aws) == 0
    assert said == [
        "AWS may bill this, too, which no run made as far as anything shows:",
        f"  AWS::EC2::EIP {theirs['AllocationId']} {theirs['PublicIp']}",
    ]


def test_a_plan_that_cant_be_destroyed_is_tried_three_times_and_told(said: list[str]) -> None:
    tags = [{"Key": "ocpprov:plan", "Value": "ocpprov-live-ab12cd-plan"}]
    client = canned(describe_vpcs={"Vpcs": [{"VpcId": "vpc-1", "Tags": tags}]})
    product = Told(lambda words: 1)
    cleaner = Cleaner(client, Ticking(VirtualClock()), product, REGION, said.append)
    assert cleaner.clean() == ["AWS::EC2::VPC vpc-1 is left: marked as the plan ocpprov-live-ab12cd-plan's"]
    assert len(product.commands) == 3


def test_where_something_couldnt_be_looked_at_nothing_is_called_clean(said: list[str]) -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListRoles")
    client = failing(nothing_there, "iam", "list_roles", denied)
    cleaner = Cleaner(client, Ticking(VirtualClock()), Told(), REGION, said.append)
    [left] = cleaner.clean()
    assert left.startswith("not proved clean, as this couldn't be looked at: AWS::IAM::Role: ")


def test_a_run_that_couldnt_prove_the_account_clean_isnt_begun(story: Setting, said: list[str]) -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListRoles")
    assert run(replace(story, client=failing(nothing_there, "iam", "list_roles", denied)), set(Stage)) == 2
    assert said[0].startswith("what can't be looked at can't be proved clean: AWS::IAM::Role: ")
    assert said[0].endswith("; nothing was begun")


def test_a_clean_up_that_goes_wrong_says_how_to_go_on(story: Setting, said: list[str]) -> None:
    def does(words: Sequence[str]) -> int:
        if words[0] == "destroy":
            raise OSError("no more processes")
        return 0

    assert run(replace(story, product=Told(does)), {Stage.SMALLEST}) == 1
    assert "no more processes" in said[-2]
    assert said[-2].startswith("! the clean-up failed: ")
    assert said[-1] == f"! take it away with: {AGAIN}"


def test_one_signal_too_many_leaves_everything_and_says_how_to_go_on(story: Setting, said: list[str]) -> None:
    def does(words: Sequence[str]) -> int:
        if words[0] == "preflight":
            return 0
        os.kill(os.getpid(), signal.SIGINT)
        return 130

    assert run(replace(story, product=Told(does)), {Stage.SMALLEST}) == 1
    assert said[-1] == f"left as it is; take it away with: {AGAIN}"


def of_plan(name: str) -> list[dict[str, str]]:
    return [{"Key": "ocpprov:plan", "Value": name}]


def test_the_end_of_a_run_touches_no_other_runs_things_nor_tells_of_them(said: list[str]) -> None:
    ours, theirs = ("ocpprov-live-ab12cd-plan", "ocpprov-live-ffffff-plan")
    networks = [{"VpcId": "vpc-1", "Tags": of_plan(ours)}, {"VpcId": "vpc-2", "Tags": of_plan(theirs)}]
    product = Told()
    cleaner = Cleaner(canned(describe_vpcs={"Vpcs": networks}), Ticking(VirtualClock()), product, REGION, said.append)
    left = cleaner.clean("ocpprov-live-ab12cd", {"vpc-1", "vpc-2"})
    assert {command[2] for command in product.commands} == {ours}
    assert left == [f"AWS::EC2::VPC vpc-1 is left: marked as the plan {ours}'s"]


def test_a_gateway_that_aws_still_shows_is_no_reason_to_destroy_again(said: list[str]) -> None:
    gone = {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "State": "deleted", "Tags": of_plan("ocpprov-live-ab12cd-plan")}
    product = Told()
    client = canned(describe_nat_gateways={"NatGateways": [gone]})
    assert Cleaner(client, Ticking(VirtualClock()), product, REGION, said.append).clean() == []
    assert product.commands == []
