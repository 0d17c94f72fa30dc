"""`bootstrap remove`: what was for the bootstrap alone goes, and nothing else, also when the run is killed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.target_states import parse_target_states
from tests.end_to_end.world import REGION
from tests.support.forking import Points, forked
from tests.support.in_process import Bastion, Ended, Moment
from tests.support.picture import Picture, picture

PLAN: Final = f"""\
name: prod
region: {REGION}
openshift:
  clusterName: prod
  baseDomain: example.com
  version: "4.12"
  infraID: prod-x7k2p
  publish: Internal
  hostedZone: none
  zones: 1
  egress: none
  iam: {{instanceProfiles: {{master: masters, worker: workers}}}}
  controlPlane: {{addresses: [10.0.48.10, 10.0.48.11]}}
  # goes when the cluster stands
  bootstrap:
    address: 10.0.48.20  # of the network team
    ignition: bootstrap.ign
"""
UNHEALTHY: Final = {"10.0.48.11:22623": {"states": [[0, "unhealthy"]]}, "10.0.48.20": {"states": [[0, "unhealthy"]]}}
AFTER: Final = PLAN[: PLAN.index("  bootstrap:")] + "  bootstrap: false  # of the network team\n"


@pytest.fixture(scope="module")
def made(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cluster that stands with its bootstrap. Tests work in copies of the process."""
    home = tmp_path_factory.mktemp("made")
    one_bastion.moved_in(home, REGION)
    (home / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}}))
    (home / "prod.yaml").write_text(PLAN)
    ended = one_bastion.apply(home / "prod.yaml")
    assert ended.code == 0, ended.said
    return home


@pytest.fixture
def plan(made: Path, tmp_path: Path) -> Path:
    """The plan of a cluster that stands, in a copy of its folder."""
    home = tmp_path / "home"
    shutil.copytree(made, home)
    return home / "prod.yaml"


def run(bastion: Bastion, plan: Path, *, force: bool = False, **options: object) -> Ended:
    bastion.moved_to(plan.parent)
    return bastion.remove_bootstrap(plan, force=force, **options)


def kinds_gone(before: Picture, after: Picture) -> list[str]:
    return sorted(type for type, _ in before.keys() - after.keys())


def without_rows(before: Picture, after: Picture) -> tuple[list[str], list[str]]:
    """What came or became another, by the target groups' names: as it was before, without the bootstrap's rows, and as
    it is."""
    other = [place for place in after if before.get(place) != after[place]]
    rows = [f" + t 10.0.48.20:{port}" for port in (6443, 22623)]
    expected = [before.get(place, "").replace(rows[0], "").replace(rows[1], "") for place in other]
    return expected, [after[place] for place in other]


BOOTSTRAPS: Final = [
    *("InstanceProfile", "Object", "Role", "RolePolicy", "SecurityGroup"),
    *("SecurityGroupRule", "SecurityGroupRule", "SecurityGroupRule", "Target", "Target"),
]
GROUPS: Final = 2
"""So many target groups has a cluster that isn't published."""


def test_just_the_bootstraps_things_go_and_the_file_says_it(one_bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    """Refused first; then killed on the way in a copy, in which the same command goes on."""

    def work() -> None:
        one_bastion.pipeline.set_target_states(parse_target_states(UNHEALTHY))
        refused = run(one_bastion, plan)
        assert (refused.code, refused.sent, plan.read_text()) == (2, [], PLAN)
        assert "doesn't serve without the bootstrap yet: InternalServiceTargetGroup (22623): 10.0.48.11" in refused.said
        one_bastion.pipeline.set_target_states({})
        before = picture(one_bastion.client)
        points = Points()

        def killed_after_some(number: int, moment: Moment, request: Request) -> None:
            if (number, moment) == (5, Moment.AFTER):
                points.try_in_a_copy(request.operation, partial(in_a_copy, before))

        def in_a_copy(before: Picture) -> None:
            one_bastion.moved_to(_copied(plan, tmp_path / "copy").parent)
            ended = one_bastion.remove_bootstrap(tmp_path / "copy" / plan.name)
            assert ended.code == 0, ended.said
            _is_gone(before, picture(one_bastion.client))

        one_bastion.watch = killed_after_some
        ended = one_bastion.remove_bootstrap(plan)
        one_bastion.watch = None
        assert ended.code == 0, ended.said
        _is_gone(before, picture(one_bastion.client))
        assert (points.tried, points.failures) == (1, [])
        assert plan.read_text() == AFTER
        assert "+  bootstrap: false  # of the network team" in ended.said
        assert "--allow" not in ended.said

    forked(work)


def _is_gone(before: Picture, after: Picture) -> None:
    """Just the bootstrap's things, and its rows in what remembers them."""
    assert kinds_gone(before, after) == BOOTSTRAPS
    expected, found = without_rows(before, after)
    assert (len(found), found) == (GROUPS, expected)


@pytest.mark.torture
def test_whatever_else_the_plan_has_to_do_is_left(one_bastion: Bastion, plan: Path) -> None:
    """Another tag, a machine of the control plane that isn't one any more, and drift."""

    def work() -> None:
        changed = PLAN.replace("[10.0.48.10, 10.0.48.11]", "[10.0.48.10]")
        plan.write_text(changed.replace("openshift:", "userTags: {a: b}\nopenshift:"))
        ec2 = one_bastion.client("ec2")
        vpc = next(each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"] if not each["IsDefault"])
        ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
        before = picture(one_bastion.client)
        ended = run(one_bastion, plan)
        assert ended.code == 0, ended.said
        _is_gone(before, picture(one_bastion.client))
        assert " other changes of the plan are left as they are: ocpprov plan " in ended.said
        again = run(one_bastion, plan)
        assert (again.code, again.sent) == (0, [])
        assert again.said.endswith("nothing of a bootstrap is left of plan prod: nothing to do")
        applied = one_bastion.apply(plan)
        assert applied.code == 0, applied.said
        assert applied.sent.count("DeregisterTargets") == 2
        assert "ModifyVpcAttribute" in applied.sent

    forked(work)


@pytest.mark.torture
def test_somebody_may_not_care_whether_the_control_plane_serves(one_bastion: Bastion, plan: Path) -> None:
    def work() -> None:
        one_bastion.pipeline.set_target_states(parse_target_states(UNHEALTHY))
        forced = run(one_bastion, plan, force=True)
        assert (forced.code, plan.read_text()) == (0, AFTER)
        assert "the control plane doesn't serve without the bootstrap yet: Internal" in forced.said

    forked(work)


@pytest.mark.torture
def test_an_apply_of_the_same_only_warns(one_bastion: Bastion, plan: Path) -> None:
    def work() -> None:
        one_bastion.moved_to(plan.parent)
        one_bastion.pipeline.set_target_states(parse_target_states(UNHEALTHY))
        plan.write_text(AFTER)
        warning = "the bootstrap goes, and the control plane doesn't serve without it yet: InternalServiceTargetGroup"
        assert warning in one_bastion.show(plan).said
        ended = one_bastion.apply(plan)
        assert ended.code == 0
        assert warning in ended.said
        assert "the bootstrap goes" not in one_bastion.apply(plan).said

    forked(work)


@pytest.mark.torture
def test_the_policy_of_the_plan_as_it_is_is_enough(one_bastion: Bastion, plan: Path) -> None:
    printed = json.loads(CliRunner().invoke(main, ["policy", str(plan), "--for", "apply"]).stdout)

    def work() -> None:
        one_bastion.pipeline.set_conditions(Conditions(policy=printed))
        ended = run(one_bastion, plan)
        assert ended.code == 0, ended.said
        assert {"DeleteRole", "DeleteSecurityGroup", "DeregisterTargets", "AddTags"} <= set(ended.sent)

    forked(work)


@pytest.mark.torture
def test_without_addresses_nobody_can_tell(one_bastion: Bastion, plan: Path) -> None:
    def work() -> None:
        plan.write_text(PLAN.replace("  controlPlane: {addresses: [10.0.48.10, 10.0.48.11]}\n", ""))
        ended = run(one_bastion, plan)
        assert (ended.code, ended.sent) == (2, [])
        assert "controlPlane.addresses names no machine, so nobody can tell" in ended.said

    forked(work)


@pytest.mark.torture
def test_nobody_to_ask(one_bastion: Bastion, plan: Path) -> None:
    def work() -> None:
        ended = run(one_bastion, plan, yes=False)
        assert (ended.code, ended.sent, plan.read_text()) == (2, [], PLAN)
        assert "delete  BootstrapSecurityGroup" in ended.said
        assert "nobody is there to ask" in ended.said

    forked(work)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{PLAN}Outputs: {{Group: {{Value: !Ref BootstrapSecurityGroup}}}}\n",
            "prod.yaml: Outputs.Group.Value: ",
        ),
        (f"name: prod\nregion: {REGION}\nResources: {{}}\n", "prod.yaml: has no openshift section, so no bootstrap"),
    ],
)
def test_a_plan_that_can_not_do_without_is_refused(one_bastion: Bastion, plan: Path, text: str, message: str) -> None:
    plan.write_text(text)
    one_bastion.moved_to(plan.parent)
    ended = one_bastion.remove_bootstrap(plan)
    assert (ended.code, one_bastion.pipeline.calls(), plan.read_text()) == (2, [], text)
    assert message in ended.said


ELSEWHERE: Final = """
Resources:
  Journal:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      {Protocol: TCP, Port: 19531, TargetType: ip, VpcId: !Ref VPC, Targets: [{Id: 10.0.48.20, Port: 19531}]}
"""


@pytest.mark.torture
def test_what_names_the_machine_elsewhere_stays(one_bastion: Bastion, plan: Path) -> None:
    def work() -> None:
        one_bastion.moved_to(plan.parent)
        plan.write_text(PLAN + ELSEWHERE)
        assert one_bastion.apply(plan).code == 0
        before = picture(one_bastion.client)
        ended = run(one_bastion, plan)
        assert ended.code == 0, ended.said
        _is_gone(before, picture(one_bastion.client))
        assert one_bastion.apply(plan).sent == []

    forked(work)


CLASSIC: Final = PLAN.replace("  zones: 1\n", "  zones: 1\n  loadBalancers: classic\n")
AUTO: Final = PLAN.replace("{addresses: [10.0.48.10, 10.0.48.11]}", "{addresses: auto}").replace(
    "address: 10.0.48.20", "address: auto"
)


def start(bastion: Bastion, plan: Path, name: str, address: str, role: str, group: str) -> str:
    """Start a machine of the cluster: its id."""
    ec2, outputs = bastion.client("ec2"), bastion.outputs(plan)
    answer = ec2.run_instances(
        ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
        MinCount=1,
        MaxCount=1,
        SubnetId=outputs["PrivateSubnetIds"][0],
        PrivateIpAddress=address,
        SecurityGroupIds=[outputs[f"{group}SecurityGroupId"]],
        IamInstanceProfile={"Name": outputs[f"{role}InstanceProfile"]},
        TagSpecifications=[
            {
                "ResourceType": "instance",
                "Tags": [
                    {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "shared"},
                    {"Key": "Name", "Value": f"prod-x7k2p-{name}"},
                ],
            }
        ],
    )
    return str(answer["Instances"][0]["InstanceId"])


@pytest.mark.torture
@pytest.mark.parametrize("text", [CLASSIC, AUTO], ids=["classic", "auto"])
def test_machines_that_are_found_or_behind_classic_balancers(one_bastion: Bastion, tmp_path: Path, text: str) -> None:
    def work() -> None:
        one_bastion.moved_in(tmp_path, REGION)
        plan = tmp_path / "prod.yaml"
        text_ = text.replace("  iam: {instanceProfiles: {master: masters, worker: workers}}\n", "")
        plan.write_text(text_)
        (tmp_path / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}}))
        assert one_bastion.apply(plan).code == 0
        bootstrap = start(one_bastion, plan, "bootstrap", "10.0.48.20", "Bootstrap", "Bootstrap")
        start(one_bastion, plan, "master-0", "10.0.48.10", "Master", "Master")
        start(one_bastion, plan, "master-1", "10.0.48.11", "Master", "Master")
        applied = one_bastion.apply(plan)
        assert applied.code == 0, applied.said
        refused = one_bastion.remove_bootstrap(plan)
        assert (refused.code, refused.sent) == (2, [])
        machine = f"{bootstrap}: still has the bootstrap's security group, which can't go as long as it does; aws ec2 "
        assert f"{machine}terminate-instances --instance-ids {bootstrap}; or give --force" in refused.said
        one_bastion.client("ec2").terminate_instances(InstanceIds=[bootstrap])
        before = picture(one_bastion.client)
        ended = one_bastion.remove_bootstrap(plan)
        assert ended.code == 0, ended.said
        gone = kinds_gone(before, picture(one_bastion.client))
        classic = ["ClassicInstance", *(type for type in BOOTSTRAPS if type != "Target")]
        assert gone == (classic if text == CLASSIC else BOOTSTRAPS)
        assert one_bastion.apply(plan).sent == []

    forked(work)


@pytest.mark.torture
def test_another_host_finds_it_too(one_bastion: Bastion, plan: Path) -> None:
    """Without a journal and without a note of an earlier apply."""

    def work() -> None:
        one_bastion.moved_to(plan.parent)
        shutil.rmtree(plan.parent / ".ocpprov")
        before = picture(one_bastion.client)
        ended = one_bastion.remove_bootstrap(plan)
        assert ended.code == 0, ended.said
        assert "--allow" not in ended.said
        _is_gone(before, picture(one_bastion.client))

    forked(work)


@pytest.mark.torture
@pytest.mark.parametrize("after", ["remove_bootstrap", "apply"])
def test_killed_around_every_call_it_is_finished_by_the_next(
    one_bastion: Bastion, plan: Path, tmp_path: Path, after: str, record_property: Callable[[str, object], None]
) -> None:
    points = forked(partial(killed, one_bastion, plan, tmp_path, after))
    points.judge(record_property)
    assert points.tried == 2 * 11


def killed(bastion: Bastion, plan: Path, folders: Path, after: str) -> Points:
    """A removal, of which copies are killed around each call that changes something; the command `after` goes on."""
    bastion.moved_to(plan.parent)
    bastion.pid = forked(os.getpid)
    wanted = forked(partial(_removed, bastion, plan))
    points, homes = Points(), count()

    def at_call(number: int, moment: Moment, request: Request) -> None:
        copy = _copied(plan, folders / str(next(homes)))
        name = f"killed {moment.value} {number}, {request.operation}"
        points.try_in_a_copy(name, partial(_after_the_kill, bastion, copy, after, wanted))

    bastion.watch = at_call
    ended = bastion.remove_bootstrap(plan)
    bastion.watch = None
    assert ended.code == 0, ended.said
    return points


def _removed(bastion: Bastion, plan: Path) -> Picture:
    text = plan.read_text()
    ended = bastion.remove_bootstrap(plan)
    assert ended.code == 0, ended.said
    plan.write_text(text)
    return dict(picture(bastion.client))


def _copied(plan: Path, home: Path) -> Path:
    """The plan in a copy of its folder, as it is now."""
    shutil.copytree(plan.parent, home)
    return home / plan.name


def _after_the_kill(bastion: Bastion, plan: Path, after: str, wanted: Picture) -> None:
    assert plan.read_text() == AFTER
    bastion.moved_to(plan.parent)
    ended = getattr(bastion, after)(plan)
    assert ended.code == 0, ended.said
    assert "--allow" not in ended.said, ended.said
    assert picture(bastion.client) == wanted
