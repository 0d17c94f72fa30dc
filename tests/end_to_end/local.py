"""The command line and AWS in this process: what `world.Operator` is with processes and sockets, for a quarter of the
time. It is the same command line, from its arguments to its streams and its exit code; in place of the clients that a
command makes stand the bastion's, and of the clock one that goes only when somebody waits.

A process of its own is for signals, disks, locks, credentials, proxies, TLS, namespaces and the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.commands import connection, preflight
from ocpprov.sandbox.conditions import parse_conditions
from ocpprov.sandbox.faults import parse_script
from tests.end_to_end.world import REGION, all_ids
from tests.support.in_process import Bastion
from tests.support.warm import Finished


@dataclass(frozen=True)
class LocalAws:
    """AWS, as a stranger sees it, and the sandbox's admin under the names of `SandboxAdmin`."""

    bastion: Bastion

    def client(self, service: str) -> Any:
        """A plain client."""
        return self.bastion.client(service)

    def new_client(self, service: str, region: str = REGION) -> Any:
        """One for the caller alone."""
        return self.bastion.new_client(service, region)

    def everything(self) -> dict[str, list[str]]:
        """Ids of all that there is, by type."""
        return all_ids(self.client)

    def faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        self.bastion.pipeline.set_faults(parse_script({"faults": list(faults)}))

    def conditions(self, **conditions: Any) -> None:
        self.bastion.pipeline.set_conditions(parse_conditions(conditions))

    def calls(self) -> list[dict[str, Any]]:
        return self.bastion.pipeline.calls()

    def clear_calls(self) -> None:
        self.bastion.pipeline.clear_calls()

    def changes(self) -> list[str]:
        """The operations that may have changed something, in order."""
        return [call["operation"] for call in self.calls() if call["mutating"]]

    def advance(self, seconds: float) -> None:
        self.bastion.clock.sleep(seconds)


@dataclass(frozen=True)
class LocalOperator:
    """Somebody with a shell in the bastion's home, and with `environ` beside what the test has."""

    bastion: Bastion
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.bastion.home

    @property
    def aws(self) -> LocalAws:
        return LocalAws(self.bastion)

    def run(self, *arguments: str) -> Finished:
        """A command to its end."""
        self.bastion.log_in_if_expired()
        with self._at_the_shell(arguments):
            environ = {"XDG_STATE_HOME": str(self.folder / "state"), **self.environ}
            ended = CliRunner().invoke(main, arguments, env=environ)
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Finished(ended.exit_code, ended.stdout, ended.stderr)

    def good(self, *arguments: str) -> Finished:
        """The same, for a command that has to succeed."""
        finished = self.run(*arguments)
        assert finished.code == 0, f"{arguments}: exit {finished.code}\n{finished.out}\n{finished.err}"
        return finished

    @contextmanager
    def _at_the_shell(self, arguments: Sequence[str]) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch, chdir(self.folder):
            patch.setattr(sys, "argv", ["ocpprov", *arguments])
            patch.setattr(connection, "make_clients", self.bastion.make_clients)
            patch.setattr(preflight, "make_clients", self.bastion.make_clients)
            patch.setattr(connection, "new_run_id", self.bastion.run_id)
            yield
