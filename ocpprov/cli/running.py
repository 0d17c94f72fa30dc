"""From what click gives to a command that runs to its end."""

from __future__ import annotations

import shlex
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from ocpprov.cli.options import Given
from ocpprov.commands.command_group import tell_errors
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.engine.problem import Problem

if TYPE_CHECKING:
    from ocpprov.commands.options import Options
    from ocpprov.commands.terminal import Terminal
    from ocpprov.engine.secret_texts import SecretTexts


def run_command(given: Given, command: Callable[[], ExitCode], *, streams: bool = False) -> NoReturn:
    """Run a command to the end of the process. With `--json` errors are told on stdout, too: as a document, or by a
    command that `streams` as its last events."""
    from ocpprov.commands.process_end import run

    began = time.monotonic()
    refused = ExitCode.FAILED if given.get("detailed_exitcode") else ExitCode.REFUSED

    def tell(problems: Sequence[Problem]) -> None:
        if given.get("as_json"):
            tell_errors(problems, time.monotonic() - began if streams else None)

    run(command, tell, refused)


def options_of(given: Given) -> Options:
    """The options that a verb has, and defaults for those that it hasn't. Raises Refused."""
    from ocpprov.commands.options import Options, services_without
    from ocpprov.commands.parameters import parameter, parameters_in

    default = Options()
    return Options(
        plan=given.get("plan"),
        name=given.get("name", default.name),
        region=given.get("region", default.region),
        profile=given.get("profile", default.profile),
        cluster=given.get("cluster", default.cluster),
        as_json=given.get("as_json", default.as_json),
        sandbox=given.get("sandbox", default.sandbox),
        insecure_endpoint=given.get("insecure_endpoint", default.insecure_endpoint),
        yes=given.get("yes", default.yes),
        concurrency=given.get("concurrency", default.concurrency),
        parameters={**parameters_in(given.get("parameters")), **dict(map(parameter, given.get("parameter", ())))},
        allow=frozenset(given.get("allow", ())),
        directory=given.get("directory", default.directory),
        detailed_exitcode=given.get("detailed_exitcode", default.detailed_exitcode),
        with_running_machines=given.get("with_running_machines", default.with_running_machines),
        cluster_leftovers=given.get("cluster_leftovers"),
        infra_id=given.get("infra_id", default.infra_id),
        lock=given.get("lock", default.lock),
        lock_timeout=given.get("lock_timeout", default.lock_timeout),
        without=services_without(given.get("without", "")),
        verbose=given.get("verbose", default.verbose),
        plain=given.get("plain", default.plain),
        ignore_missing=given.get("ignore_missing", default.ignore_missing),
        quiet=given.get("quiet", default.quiet),
        out=given.get("out"),
        verify=given.get("verify", default.verify),
    )


class Terminals:
    """The terminal of a command, made when somebody speaks first: loading it takes as long as AWS's first answer."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._lock = threading.Lock()
        self._made: Terminal | None = None

    def terminal(self) -> Terminal:
        from ocpprov.commands.terminal import Terminal

        with self._lock:
            if self._made is None:
                words = shlex.join(["ocpprov", *sys.argv[1:]])
                color, quiet = self._given.get("color", "auto"), self._given.get("quiet", False)
                self._made = Terminal(words, color, quiet=quiet)
            return self._made

    def say(self, secrets: SecretTexts, text: str) -> None:
        """Say something of a plan that has these secrets."""
        terminal = self.terminal()
        terminal.keep_of_plan(secrets)
        terminal.say(text)


def speaking(given: Given, command: Callable[[Terminal], ExitCode], terminals: Terminals | None = None) -> ExitCode:
    """Run a command that has a terminal, the one of `terminals` where somebody may have spoken already: a refusal, too,
    shows nothing that isn't to be shown."""
    terminal = (terminals or Terminals(given)).terminal()
    try:
        code = command(terminal)
    except Refused as error:
        terminal.tell_all()
        raise terminal.refused(error) from error
    except BaseException:
        terminal.tell_all()
        raise
    if code is not ExitCode.DONE:
        terminal.tell_all()
    return code
