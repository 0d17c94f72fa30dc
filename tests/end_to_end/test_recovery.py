"""Nothing is left of the folder: what AWS has is enough to go on, without `--allow`."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.exchange import Request
from tests.end_to_end.crashing import SMALL, Case, killed_at, never, small_plans
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.test_plans import SHIPPED, Shipped
from tests.end_to_end.world import CRASH, REGION
from tests.support.forking import Points, forked
from tests.support.in_process import Moment
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot
from tests.support.warm import Finished

OF_THE_CLUSTER: Final = re.compile(r"^  (infraID|etcdRecords): .*\n", re.MULTILINE)
"""What plans say to leave out of a first apply."""


def elsewhere(user: LocalOperator, folder: Path) -> None:
    """Sit down at another machine."""
    folder.mkdir()
    user.bastion.home = folder


def is_all_proven(user: LocalOperator, plan: str) -> None:
    """The plan has nothing to do, and nothing that somebody would have to say."""
    ended = user.good("plan", plan, "--json", "--detailed-exitcode")
    assert _unproven(ended) == []
    assert "--allow" not in ended.out + ended.err


@pytest.mark.torture
@pytest.mark.parametrize("shipped", SHIPPED, ids=[each.path.stem for each in SHIPPED])
def test_no_plan_needs_its_folder_nor_does_its_network(user: LocalOperator, shipped: Shipped, tmp_path: Path) -> None:
    """The network without the cluster's id, then all of it, each from another machine."""
    whole = Path(shipped.ready(user)).read_text()
    plan, before = tmp_path / "plan.yaml", user.aws.everything()
    for part, text in (("network", OF_THE_CLUSTER.sub("", whole)), ("whole", whole)):
        plan.write_text(text)
        ended = user.good("apply", str(plan), "--yes")
        assert "--allow" not in ended.out + ended.err
        elsewhere(user, tmp_path / part)
        is_all_proven(user, str(plan))
    assert OF_THE_CLUSTER.search(whole)
    elsewhere(user, tmp_path / "last")
    ended = user.good("destroy", str(plan), "--yes")
    assert "--allow" not in ended.out + ended.err
    assert user.aws.everything() == before


@small_plans("small-access")
def test_a_killed_first_apply_is_found_by_its_name_from_an_empty_disk(
    case: Case, step: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points = killed_at(case, "apply", lambda number: number % step == 0, destroyed_by_name, tmp_path, kept=never)
    points.judge(record_property)
    assert points.tried == 2 * (case.calls["apply"] // step)


def destroyed_by_name(case: Case, _: int) -> None:
    """What a killed apply left, without its plan."""
    there = unlike(likeness(snapshot(case.bastion.client)), case.empty)
    ended = LocalOperator(case.bastion).run("destroy", "--name", case.plan.stem, "--region", REGION, "--yes")
    assert (ended.code, "--allow" in ended.err) == (0 if there else 1, False), ended.err
    assert unlike(likeness(snapshot(case.bastion.client)), case.empty) == []


@pytest.mark.torture
@pytest.mark.parametrize("plan", SMALL)
@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_no_kill_needs_the_folder_or_a_word_of_the_user(
    case: Case, command: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Around every call. A kill after which a resource has to be allowed would be one too many."""
    if command == "destroy":
        assert case.bastion.apply(case.plan).code == 0
    points = killed_at(case, command, lambda _: True, with_and_without_an_apply, tmp_path, kept=never)
    points.judge(record_property)
    assert points.tried >= 2 * case.calls[command] - 2


def with_and_without_an_apply(case: Case, _: int) -> None:
    """What the next command makes of it, whichever it is, always at another machine."""
    forked(partial(case.run, "destroy"))
    case.run("apply")
    case.is_settled()
    shutil.rmtree(case.bastion.home / ".ocpprov")
    case.run("destroy")


@pytest.mark.parametrize(
    "verb",
    ["apply", pytest.param("plan", marks=pytest.mark.torture), pytest.param("destroy", marks=pytest.mark.torture)],
)
def test_what_needs_allow_is_listed_with_a_command_that_mends_it(
    user: LocalOperator, verb: str, tmp_path: Path
) -> None:
    """A run was killed right after it made an ACL, and before somebody came back, others put an entry into that."""
    plan = tmp_path / "my plan.yaml"
    plan.write_text((CRASH / "small-network.yaml").read_text())
    points = Points()

    def at_call(_: int, moment: Moment, request: Request) -> None:
        if (moment, request.operation) == (Moment.AFTER, "CreateNetworkAcl"):
            points.try_in_a_copy(verb, partial(is_mended, user, verb, plan))

    user.bastion.pid = forked(os.getpid)
    user.bastion.watch = at_call
    assert user.bastion.apply(plan).code == 0
    assert (points.tried, points.failures) == (1, [])


def is_mended(user: LocalOperator, verb: str, plan: Path) -> None:
    """At another machine."""
    user.bastion.moved_to(plan.parent)
    elsewhere(user, plan.parent / "new")
    ec2 = user.aws.client("ec2")
    (left,) = (each["NetworkAclId"] for each in ec2.describe_network_acls()["NetworkAcls"] if not each["IsDefault"])
    theirs = {"RuleNumber": 50, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "192.0.2.0/24"}
    ec2.create_network_acl_entry(NetworkAclId=left, Egress=False, **theirs)
    words = [verb, str(plan), "--json", *([] if verb == "plan" else ["--yes"])]
    # An apply has made another one by its end, and without --allow the network has to stay.
    alone = f"it carries no id of its own, and AWS::EC2::NetworkAclEntry {left}|in|50 of others uses it"
    reason = "another Acl is finished, and this one carries no id of its own" if verb == "apply" else alone
    command = f"ocpprov {shlex.join(words)} --allow {left}"
    ended = user.run(*words)
    assert (ended.code, _unproven(ended)) == (
        1 if verb == "destroy" else 0,
        [
            {
                "resource": "Acl",
                "type": "AWS::EC2::NetworkAcl",
                "id": left,
                "reason": reason,
                "command": command,
            }
        ],
    )
    mended = _through_a_shell(user, command)
    assert mended.code == 0, mended.err
    if verb != "plan":
        assert left not in json.dumps(user.aws.everything())
    assert _unproven(mended) == []


def _unproven(ended: Finished) -> Any:
    """What a plan lists, or the last event of a run."""
    return json.loads(ended.out if ended.out.startswith("{\n") else ended.out.splitlines()[-1])["unproven"]


def _through_a_shell(user: LocalOperator, command: str) -> Finished:
    """The command as a shell makes words of it: the program that it finds tells them."""
    told = user.folder / "ocpprov"
    told.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    told.chmod(0o700)
    environ = {"PATH": f"{user.folder}:/usr/bin:/bin"}
    heard = subprocess.run(["sh", "-c", command], env=environ, capture_output=True, text=True, check=True).stdout
    return user.run(*heard.split("\0")[:-1])
