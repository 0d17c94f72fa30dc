"""A fleet on other hosts: where each plan goes, that each one's end is told, and that none is run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov import __version__
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_dask import FleetOnDask, SchedulerGone, WorkerSeen, reach_of, task_of
from ocpprov.commands.fleet_task import MemberTask, ReachedRegion, Word, WordKind, end_document
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, MemberEnd
from ocpprov.commands.options import Options
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.events import Event
from ocpprov.engine.problem import Problem
from ocpprov.runs.folder import run_folder

ACCOUNT, OTHER = "123456789012", "210987654321"
WEST, NORTH = ReachedRegion(ACCOUNT, "eu-west-1"), ReachedRegion(ACCOUNT, "eu-north-1")
AT: Final = "2026-01-01T00:00:00+00:00"


@dataclass
class FakeCluster:
    """Workers by what they reach. `script` gives what is said, a list for each time that somebody listens, made of the
    tasks by then; where it ends, nobody says anything any more. `begun` are attempts whose token is taken."""

    there: list[WorkerSeen]
    script: Callable[[Sequence[MemberTask]], Iterator[list[Word]]] = lambda tasks: iter(())
    begun: set[str] = field(default_factory=set)
    through: set[str] = field(default_factory=set)
    tasks: list[MemberTask] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    _said: Iterator[list[Word]] | None = None

    def workers(self) -> Sequence[WorkerSeen]:
        return self.there

    def send(self, task: MemberTask) -> None:
        self.tasks.append(task)

    def withdraw(self, attempt: str) -> bool:
        fresh = attempt not in self.begun
        self.begun.add(attempt)
        return fresh

    def settled(self) -> frozenset[str]:
        return frozenset(self.through)

    def stop(self, name: str) -> None:
        self.stopped.append(name)

    def words(self, seconds: float) -> Sequence[Word]:
        self._said = self._said or self.script(self.tasks)
        words = next(self._said, [])
        self.begun |= {word.attempt for word in words if word.kind is WordKind.BEGAN}
        return words


def member(folder: Path, name: str, region: str = WEST.region, account: str = ACCOUNT) -> FleetMember:
    path = folder / f"{name}.yaml"
    vpc = "{Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}"
    path.write_text(f"name: {name}\nregion: {region}\nResources:\n  VPC: {vpc}\n")
    return FleetMember(path, name, account, region, run_folder(folder, name))


def request(act: FleetAct = FleetAct.APPLY, options: Options | None = None) -> FleetRequest:
    return FleetRequest(act, options or Options(yes=True), 4, Cancellation())


def say(task: MemberTask, kind: WordKind, detail: Mapping[str, Any] | None = None, worker: str = "w1") -> Word:
    return Word(task.attempt, kind, worker, "bastion", "/srv/fleet", detail or {})


def began(task: MemberTask, worker: str = "w1") -> Word:
    return say(task, WordKind.BEGAN, worker=worker)


def ended(task: MemberTask, code: int = 0, problems: Sequence[Problem] = ()) -> Word:
    return say(task, WordKind.ENDED, end_document(code, 2.5, problems))


def run(
    cluster: FakeCluster, members: Sequence[FleetMember], asked: FleetRequest | None = None
) -> tuple[dict[str, MemberEnd], list[tuple[str, Event]]]:
    heard: list[tuple[str, Event]] = []
    runner = FleetOnDask(lambda: nullcontext(cluster))
    told = list(runner.run(members, asked or request(), lambda of, event: heard.append((of.plan, event))))
    assert sorted(each.member.plan for each in told) == sorted(each.plan for each in members)
    return {each.member.plan: each for each in told}, heard


W1 = WorkerSeen("w1", frozenset({WEST}))
N1 = WorkerSeen("n1", frozenset({NORTH}))


@pytest.mark.parametrize(
    ("account", "region", "goes"),
    [
        (ACCOUNT, "eu-west-1", WEST),
        ("", "eu-north-1", NORTH),
        (OTHER, "eu-west-1", f"no worker reaches account {OTHER} in eu-west-1"),
        (ACCOUNT, "eu-south-1", f"no worker reaches account {ACCOUNT} in eu-south-1"),
        ("", "eu-south-1", "no worker reaches eu-south-1"),
    ],
)
def test_a_plan_goes_where_it_is_reached(account: str, region: str, goes: object, tmp_path: Path) -> None:
    assert reach_of(member(tmp_path, "lab", region, account), [W1, N1]) == goes


def test_a_plan_without_account_goes_nowhere_where_there_are_two(tmp_path: Path) -> None:
    both = [W1, WorkerSeen("w2", frozenset({ReachedRegion(OTHER, WEST.region)}))]
    said = reach_of(member(tmp_path, "lab", account=""), both)
    assert said == (
        f"workers reach eu-west-1 in several accounts ({ACCOUNT}, {OTHER}), and the plan doesn't say accountID"
    )
    assert reach_of(member(tmp_path, "lab"), both) == WEST


def test_nothing_is_sent_for_a_plan_that_no_worker_reaches(tmp_path: Path) -> None:
    cluster = FakeCluster([W1], lambda tasks: iter([[began(tasks[0])], [ended(tasks[0])]]))
    ends, _ = run(cluster, [member(tmp_path, "far", "eu-north-1"), member(tmp_path, "near")])
    assert [task.plan for task in cluster.tasks] == ["near"]
    assert (ends["far"].code, ends["far"].not_run) == (
        ExitCode.REFUSED,
        f"no worker reaches account {ACCOUNT} in eu-north-1",
    )
    assert ends["near"].code is ExitCode.DONE


def test_a_run_is_heard_and_its_end_has_host_code_and_figures(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"event": "exists", "time": AT, "resource": "VPC", "type": "AWS::EC2::VPC", "id": "vpc-1"},
        {"event": "exists", "time": AT, "resource": "VPC", "type": "AWS::EC2::VPC", "id": "vpc-1"},
        {"event": "error", "time": AT, "error": {"place": "VPC", "detail": "full", "remedy": "less"}},
        {"event": "finished", "time": AT, "calls": {"ec2:CreateVpc": 2, "sts:GetCallerIdentity": 1}},
        {"event": "of a later version", "time": AT},
    ]

    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        task = tasks[0]
        yield [began(task), *(say(task, WordKind.EVENT, row) for row in rows), ended(task, 1, [Problem("", "odd")])]

    ends, heard = run(FakeCluster([W1], script), [member(tmp_path, "lab")])
    end = ends["lab"]
    assert (end.code, end.seconds, end.changed, end.calls, end.host) == (ExitCode.FAILED, 2.5, 1, 3, "bastion")
    assert end.problems == [Problem("VPC", "full", "less"), Problem("", "odd")]
    kinds = ["started", *(str(row["event"]) for row in rows[:4])]
    assert [(plan, event.kind.value) for plan, event in heard] == [("lab", kind) for kind in kinds]
    assert heard[0][1].detail == {"action": "apply", "host": "bastion"}


def test_a_plan_that_is_declined_was_not_run(tmp_path: Path) -> None:
    problem = {"where": "worker on bastion", "detail": "ocpprov is 2 there", "remedy": "the same"}
    cluster = FakeCluster([W1], lambda tasks: iter([[say(tasks[0], WordKind.DECLINED, {"problem": problem})]]))
    ends, _ = run(cluster, [member(tmp_path, "lab")])
    assert (ends["lab"].code, ends["lab"].host) == (ExitCode.REFUSED, "bastion")
    assert ends["lab"].not_run == "worker on bastion: ocpprov is 2 there; the same"


def lost(end: MemberEnd) -> str:
    """What is told of a lost member."""
    assert (end.code, end.not_run) == (ExitCode.FAILED, "")
    [problem] = end.problems
    assert problem.where == end.member.plan
    assert problem.remedy == "when that worker is back, run the fleet again: the run goes on with the journal"
    return problem.detail


def test_the_plans_of_a_lost_worker_are_told_and_the_others_go_on(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        yield [began(tasks[0], "w1"), began(tasks[1], "w2")]
        cluster.there.remove(W1)
        yield from ([], [], [], [ended(tasks[1])])

    cluster = FakeCluster([W1, WorkerSeen("w2", frozenset({WEST}))], script)
    ends, _ = run(cluster, [member(tmp_path, "gone"), member(tmp_path, "stays")])
    detail = "lost: its worker is gone. What it did is in its journal in /srv/fleet on bastion"
    assert lost(ends["gone"]) == detail
    assert ends["gone"].host == "bastion"
    assert ends["stays"].code is ExitCode.DONE
    assert [task.plan for task in cluster.tasks] == ["gone", "stays"]


def test_the_last_words_of_a_worker_may_come_a_moment_after_it_has_left(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        yield [began(tasks[0])]
        cluster.there.clear()
        yield from ([], [ended(tasks[0])])

    cluster = FakeCluster([W1], script)
    ends, _ = run(cluster, [member(tmp_path, "lab")])
    assert ends["lab"].code is ExitCode.DONE


def test_a_worker_that_is_seen_again_was_not_lost(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        yield [began(tasks[0])]
        for _ in range(3):
            cluster.there.clear()
            yield []
            cluster.there.append(W1)
            yield []
        yield [ended(tasks[0])]

    cluster = FakeCluster([W1], script)
    ends, _ = run(cluster, [member(tmp_path, "lab")])
    assert ends["lab"].code is ExitCode.DONE


def test_one_that_was_sent_again_by_dask_is_lost_and_not_run(tmp_path: Path) -> None:
    cluster = FakeCluster(
        [W1], lambda tasks: iter([[began(tasks[0])], [say(tasks[0], WordKind.BEGUN_BEFORE, worker="w2")]])
    )
    ends, _ = run(cluster, [member(tmp_path, "lab")])
    assert lost(ends["lab"]).endswith("in its journal in /srv/fleet on bastion")


def test_what_no_worker_has_begun_or_will_is_not_run(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        cluster.there.clear()
        cluster.begun.add(tasks[1].attempt)
        yield from ()

    cluster = FakeCluster([W1], script)
    ends, _ = run(cluster, [member(tmp_path, "waiting"), member(tmp_path, "unheard")])
    assert (ends["waiting"].code, ends["waiting"].not_run) == (
        ExitCode.REFUSED,
        f"no worker reaches account {ACCOUNT} in eu-west-1 any more",
    )
    assert lost(ends["unheard"]) == "lost: its worker is gone. What it did is in its journal on the bastion that had it"


def test_what_dask_is_through_with_and_nobody_told_of_is_lost(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        cluster.through.add(tasks[0].attempt)
        yield [began(tasks[0])]

    cluster = FakeCluster([W1], script)
    ends, heard = run(cluster, [member(tmp_path, "lab")])
    detail = lost(ends["lab"])
    # Programs wait for a last event of each.
    assert [event.kind.value for _, event in heard] == ["started", "error", "finished"]
    assert heard[2][1].detail["error"] == heard[1][1].detail["error"]
    assert detail in str(heard[1][1].detail["error"])


@pytest.mark.parametrize("act", list(FleetAct))
def test_changes_take_a_yes_before_anything_is_sent(act: FleetAct, tmp_path: Path) -> None:
    cluster = FakeCluster([W1], lambda tasks: iter([[began(tasks[0]), ended(tasks[0])]]))
    asked = request(act, Options())
    if act is FleetAct.PLAN:
        assert run(cluster, [member(tmp_path, "lab")], asked)[0]["lab"].code is ExitCode.DONE
        return
    with pytest.raises(Refused, match=r"nobody can be asked on another host; look with --do plan, then give --yes"):
        run(cluster, [member(tmp_path, "lab")], asked)
    assert cluster.tasks == []


def test_where_the_scheduler_is_gone_everything_is_lost(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        yield [began(tasks[0]), began(tasks[1]), ended(tasks[1])]
        raise SchedulerGone

    ends, _ = run(FakeCluster([W1], script), [member(tmp_path, "lab"), member(tmp_path, "done")])
    assert lost(ends["lab"]).startswith("lost: the scheduler doesn't answer any more. ")
    assert ends["done"].code is ExitCode.DONE


def test_words_on_others_and_after_the_end_mean_nothing(tmp_path: Path) -> None:
    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        other = replace(tasks[0], attempt="of another fleet")
        yield [ended(other, 1), began(tasks[0]), ended(tasks[0]), ended(tasks[0], 1)]

    ends, heard = run(FakeCluster([W1], script), [member(tmp_path, "lab")])
    assert (ends["lab"].code, [event.kind.value for _, event in heard]) == (ExitCode.DONE, ["started"])


def test_an_interrupt_ends_what_has_begun_and_the_rest_does_not_begin(tmp_path: Path) -> None:
    asked = request()

    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        yield [began(tasks[0])]
        asked.cancellation.interrupt()
        yield []
        yield [ended(tasks[0], 130)]

    cluster = FakeCluster([W1], script)
    ends, _ = run(cluster, [member(tmp_path, "begun"), member(tmp_path, "not-yet")], asked)
    assert cluster.stopped == [cluster.tasks[0].stop]
    assert (ends["begun"].code, ends["begun"].not_run) == (ExitCode.INTERRUPTED, "")
    assert (ends["not-yet"].code, ends["not-yet"].not_run) == (
        ExitCode.INTERRUPTED,
        "it was interrupted before it began",
    )


def test_a_second_interrupt_leaves(tmp_path: Path) -> None:
    asked = request()

    def script(tasks: Sequence[MemberTask]) -> Iterator[list[Word]]:
        yield [began(tasks[0])]
        asked.cancellation.interrupt()
        asked.cancellation.interrupt()
        yield []

    ends, _ = run(FakeCluster([W1], script), [member(tmp_path, "lab")], asked)
    assert (ends["lab"].code, ends["lab"].host) == (ExitCode.INTERRUPTED, "bastion")


def test_each_attempt_has_a_word_of_its_own(tmp_path: Path) -> None:
    members = [member(tmp_path, "one"), member(tmp_path, "two")]
    clusters = [FakeCluster([W1], lambda tasks: iter([[ended(each) for each in tasks]])) for _ in range(2)]
    for cluster in clusters:
        run(cluster, members)
    tasks = [task for cluster in clusters for task in cluster.tasks]
    assert len({task.attempt for task in tasks}) == 4
    assert len({task.stop for task in tasks}) == 2


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (Options(sandbox=True), "--sandbox"),
        (Options(profile="lab"), "--profile"),
        (Options(insecure_endpoint=True), "--insecure-endpoint"),
    ],
)
def test_what_is_a_worker_s_own_is_refused_here(options: Options, named: str, tmp_path: Path) -> None:
    """A rehearsal in the sandbox must not become a run on AWS because a worker has no sandbox."""
    cluster = FakeCluster([W1])
    with pytest.raises(Refused, match=rf"^{named}: each worker has its own, whoever sends it a plan; give {named} to"):
        run(cluster, [member(tmp_path, "lab")], request(options=replace(options, yes=True)))
    assert cluster.tasks == []


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        (FleetAct.APPLY, ["--yes", "--lock-timeout", "30"]),
        (FleetAct.DESTROY, ["--yes", "--lock-timeout", "30"]),
        (FleetAct.PLAN, []),
    ],
)
def test_options_about_the_run_go_along_and_those_about_this_host_stay(
    act: FleetAct, arguments: list[str], tmp_path: Path
) -> None:
    of = member(tmp_path, "lab")
    options = Options(yes=True, lock_timeout=30.0, directory=Path("/here"), as_json=True, concurrency=3)
    task = task_of(of, request(act, options), WEST, "attempt", "stop")
    assert task.arguments == arguments
    assert (task.verb, task.plan, task.reach, task.version) == (act.value, "lab", WEST, __version__)
    assert task.text == of.path.read_text()
    assert task_of(of, request(), WEST, "attempt", "stop").arguments == ["--yes"]


def test_a_plan_that_is_gone_by_now_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    cluster, gone = FakeCluster([W1]), member(tmp_path, "gone")
    gone.path.unlink()
    with pytest.raises(Refused, match=r"gone\.yaml: can't be read any more: .*No such file"):
        run(cluster, [member(tmp_path, "lab"), gone])
    assert cluster.tasks == []
