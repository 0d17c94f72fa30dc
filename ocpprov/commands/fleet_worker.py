"""`fleet-worker`: a bastion that runs plans for a fleet, once it has been seen that it reaches what it says."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from ocpprov import __version__
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connector, RunTarget, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_child import Child, Children
from ocpprov.commands.fleet_scheduler import Scheduler
from ocpprov.commands.fleet_task import MemberTask, ReachedRegion, end_document
from ocpprov.commands.options import Options
from ocpprov.commands.scope import Scope
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.runs.private_files import write_into

_NEEDED: Final = frozenset({"ec2", "elbv2", "sts"})
"""A plan may do without the others."""


@dataclass(frozen=True)
class Station:
    """A bastion at work: what it reaches, `at_once` plans at the same time, and how each of them is run. `folder` has
    the plans and their journals; `profile`, `concurrency`, `sandbox` and `insecure_endpoint` are its own, whoever sends
    a plan."""

    host: str
    reaches: Sequence[ReachedRegion]
    at_once: int
    folder: Path
    profile: str = ""
    concurrency: int = 16
    sandbox: bool = False
    insecure_endpoint: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)
    children: Children = field(default_factory=Children)

    def why_not(self, task: MemberTask) -> Problem | None:
        """Why a plan isn't run here; None where it is."""
        if task.version != __version__:
            detail = f"ocpprov is {__version__} there, and {task.version} here"
            return Problem(f"worker on {self.host}", detail, "install the same version on all of them")
        if task.reach not in self.reaches:
            return Problem(f"worker on {self.host}", f"doesn't reach {task.reach}")
        if self.children.ending:
            return Problem(f"worker on {self.host}", "is being stopped", "start it again")
        return None

    def run(
        self,
        task: MemberTask,
        hear: Callable[[Mapping[str, Any]], None],
        unwanted: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Run a plan to its end; `hear` is given its events, as rows of `--json`, and `unwanted` is asked now and then
        whether it is to end. How it ended, as data."""
        file = self.folder / f"{task.plan}.yaml"
        try:
            # For its owner alone.
            write_into(file.parent, file.name, task.text)
        except OSError as error:
            problem = Problem(f"{file} on {self.host}", f"can't be written: {error.strerror}")
            return end_document(ExitCode.REFUSED, 0.0, [problem])
        child = Child(self._words(task, file), self.folder, self.environ)
        return self.children.run(task.attempt, child, hear, unwanted)

    def _words(self, task: MemberTask, file: Path) -> Sequence[str]:
        own = {"--dir": str(self.folder), "--concurrency": str(self.concurrency), "--profile": self.profile}
        # What isn't to be shown never comes with a task: somebody has put it beside the plan.
        parameters = self.folder / f"{task.plan}.parameters.json"
        own |= {"--parameters": str(parameters)} if parameters.exists() else {}
        words = [word for option, value in own.items() if value for word in (option, value)]
        switches = {"--sandbox": self.sandbox, "--insecure-endpoint": self.insecure_endpoint}
        words += [name for name, on in switches.items() if on]
        return [task.verb, str(file), "--json", *words, *task.arguments]


class Serve(Protocol):
    """Takes tasks from a scheduler for as long as it is there and nobody ends this process; the exit code says which.
    `say` hears of both. Raises Refused where the scheduler can't be reached."""

    def __call__(self, station: Station, scheduler: Scheduler, say: Callable[[str], None]) -> ExitCode: ...


@dataclass(frozen=True)
class WorkerRequest:
    """What the command line says of a worker. `accounts` are those that it says it reaches; none: the one that its
    credentials are of. `at_once`: so many plans at the same time."""

    scheduler: Scheduler
    regions: Sequence[str]
    accounts: Sequence[str]
    at_once: int


def fleet_worker(
    request: WorkerRequest,
    options: Options,
    terminal: Terminal,
    serve: Serve,
    connector: Connector = connect,
    environ: Mapping[str, str] = os.environ,
) -> ExitCode:
    """The `fleet-worker` command."""
    folder = options.directory.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(Problem(str(folder), f"can't be made: {error.strerror}", "give another --dir")) from error
    station = Station(
        host=socket.gethostname(),
        reaches=list(checked_reaches(request, options, terminal, connector)),
        at_once=request.at_once,
        folder=folder,
        profile=options.profile,
        concurrency=options.concurrency,
        sandbox=options.sandbox,
        insecure_endpoint=options.insecure_endpoint,
        environ=environ,
    )
    return serve(station, request.scheduler, terminal.say)


def checked_reaches(
    request: WorkerRequest, options: Options, terminal: Terminal, connector: Connector
) -> Iterator[ReachedRegion]:
    """What it reaches, each region looked at: who the credentials belong to, and whether the services answer. An
    account besides that one is believed, and said: a plan gets there by a role that it names. Raises Refused."""
    for region in request.regions:
        target = RunTarget("", region, scope=Scope(services=_NEEDED), may_leave_out=False)
        with connector(target, options, CallLog(terminal.say), terminal.say, terminal.on_retry) as connection:
            own = connection.owner.account
        if request.accounts and own not in request.accounts:
            detail = f"these credentials belong to account {own}"
            given = " ".join(request.accounts)
            raise Refused(Problem(f"--account {given}", detail, f"use other credentials, or give --account {own} too"))
        terminal.say(f"reached: account {own} in {region}")
        for account in dict.fromkeys([own, *request.accounts]):
            if account != own:
                terminal.say(f"not looked at: account {account} in {region}, which plans reach by a role of their own")
            yield ReachedRegion(account, region)
