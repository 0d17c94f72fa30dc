"""The command line: verbs, options, exit codes. What a verb does is in `commands/`, imported when it is used."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict, Unpack

import click

from ocpprov import __version__
from ocpprov.commands.command_group import CommandGroup, PlanPath, tell_errors
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.options import Options, services_without
from ocpprov.commands.parameters import parameter, parameters_in
from ocpprov.commands.process_end import run
from ocpprov.engine.problem import Problem
from ocpprov.ui.lines import ColourChoice

if TYPE_CHECKING:
    from ocpprov.commands.graph import GraphFormat
    from ocpprov.commands.terminal import Terminal


class Given(TypedDict, total=False):
    """What click gives of the options that verbs share; a verb has some of them."""

    plan: Path | None
    name: str
    region: str
    profile: str
    cluster: str
    as_json: bool
    sandbox: bool
    insecure_endpoint: bool
    yes: bool
    concurrency: int
    parameter: Sequence[str]
    parameters: Path | None
    allow: Sequence[str]
    directory: Path
    detailed_exitcode: bool
    with_running_machines: bool
    cluster_leftovers: str | None
    infra_id: str
    lock: str
    lock_timeout: float
    without: str
    verbose: bool
    plain: bool
    ignore_missing: bool
    quiet: bool
    out: Path | None
    color: ColourChoice


_PLAN = click.argument("plan", type=PlanPath(path_type=Path))
_OPTIONAL_PLAN = click.argument("plan", type=PlanPath(path_type=Path), required=False)

_Command = Callable[..., Any]


def _options(*decorators: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def decorate(command: _Command) -> _Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


_JSON = click.option("--json", "as_json", is_flag=True, help="Results as JSON.")
_ALLOW = click.option(
    "--allow",
    multiple=True,
    metavar="ID",
    help="A logical id that may be replaced or deleted, or AWS's id of what is this plan's; repeatable.",
)
_VIEW_OPTIONS = _options(
    click.option("--verbose", "-v", is_flag=True, help="List all that is only counted otherwise."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colours: auto goes by the terminal, NO_COLOR and FORCE_COLOR.",
    ),
)
_PLAIN = click.option("--plain", is_flag=True, help="Redraw nothing: lines only, as in a log (and where CI is set).")
_LOCK_TIMEOUT = click.option(
    "--lock-timeout",
    default=0.0,
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait for another run on the plan to end.",
)
_PLAN_OPTIONS = _options(
    click.option("--name", default="", help="The plan's name, for a template that has none."),
    click.option("--region", default="", help="The region, for a template that has none."),
    click.option(
        "--parameter",
        "parameter",
        multiple=True,
        metavar="K=V",
        help="A value for one of the plan's parameters; repeatable.",
    ),
    click.option("--parameters", type=click.Path(path_type=Path), help="A JSON file of parameters, as the AWS CLI's."),
)
_DIRECTORY = click.option(
    "--dir",
    "directory",
    default=Path(),
    type=click.Path(path_type=Path),
    help="The folder with .ocpprov in it; else the current one.",
)
_AWS_OPTIONS = _options(
    click.option("--profile", default="", help="A profile of the AWS CLI's configuration."),
    click.option("--sandbox", is_flag=True, help="Use the sandbox instead of AWS."),
    click.option("--insecure-endpoint", is_flag=True, help="Take plain http to another host, where anybody may read."),
    click.option("--quiet", "-q", is_flag=True, help="Nothing on stderr where all goes well."),
    click.option(
        "--concurrency", default=16, type=click.IntRange(1, 64), help="How many calls may be under way at once."
    ),
    _DIRECTORY,
)


def _without(words: str) -> Callable[[_Command], _Command]:
    return click.option("--without", default="", metavar="SERVICES", help=f"Do without iam, route53 or both: {words}.")


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ocpprov")
def main() -> None:
    """The AWS infrastructure of a user-provisioned OpenShift: brought by apply, taken away by destroy."""


@main.command()
@_PLAN
@_PLAN_OPTIONS
@_JSON
def validate(**given: Unpack[Given]) -> None:
    """Check a plan, without AWS."""
    from ocpprov.commands.validate import validate as command

    _run(given, lambda: command(_read(given)))


@main.command()
@_PLAN
@_PLAN_OPTIONS
@_without("neither reach nor permissions are checked there")
@_AWS_OPTIONS
@_JSON
def preflight(**given: Unpack[Given]) -> None:
    """Find out what apply would fail on, and change nothing."""
    from ocpprov.commands.preflight import preflight as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)))


@main.command()
@_PLAN
@_PLAN_OPTIONS
@_without("nothing of them is in it")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["plan", "apply", "destroy"]),
    default="apply",
    show_default=True,
    help="What is to be allowed; plan includes outputs and preflight.",
)
@click.option("--output", "folder", type=click.Path(path_type=Path), help="Write it here, in files that IAM takes.")
def policy(purpose: str, folder: Path | None, **given: Unpack[Given]) -> None:
    """Print what a plan needs to be allowed, as a policy of IAM."""
    from ocpprov.commands.policy import policy as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal, purpose, folder)))


@main.command("plan")
@_OPTIONAL_PLAN
@_PLAN_OPTIONS
@_without("what is there is left alone")
@_AWS_OPTIONS
@_JSON
@_VIEW_OPTIONS
@_ALLOW
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save it: apply FILE does just that.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is something to do, 1 on errors.")
def show_plan(**given: Unpack[Given]) -> None:
    """Show what apply would do.

    Without PLAN it is the file that was last applied from this folder.
    """
    from ocpprov.commands.apply import show_plan as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)))


@main.command()
@_OPTIONAL_PLAN
@_PLAN_OPTIONS
@_without("write down what somebody else has to make there")
@_AWS_OPTIONS
@_JSON
@_VIEW_OPTIONS
@_PLAIN
@_LOCK_TIMEOUT
@click.option("--yes", is_flag=True, help="Don't ask before changing anything.")
@_ALLOW
def apply(**given: Unpack[Given]) -> None:
    """Make AWS what the plan wants.

    A PLAN that `plan --out` saved is done without asking, just as it was shown; where there is anything else to do by
    now, nothing is done, and what is different is told.

    Without PLAN it is the file that was applied from this folder, where that was one plan only.
    """
    from ocpprov.commands.apply import apply as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)), streams=True)


@main.command()
@_OPTIONAL_PLAN
@_PLAN_OPTIONS
@_without("what is there stays, and is named")
@_AWS_OPTIONS
@_JSON
@_VIEW_OPTIONS
@_PLAIN
@_LOCK_TIMEOUT
@click.option("--lock", default="", metavar="S3-URL", help="The plan's lock, where neither plan nor folder says it.")
@click.option("--yes", is_flag=True, help="Don't ask before changing anything.")
@_ALLOW
@click.option("--cluster", default="", metavar="NAME.DOMAIN", help="Which cluster, where several are found.")
@click.option(
    "--cluster-leftovers",
    type=click.Choice(["list", "delete"]),
    help="What the cluster itself made: list it and do nothing, or delete it too.",
)
@click.option("--infra-id", default="", metavar="ID", help="The cluster whose things --cluster-leftovers is about.")
@click.option("--ignore-missing", is_flag=True, help="Exit 0, too, where nothing of the plan is there.")
@click.option("--with-running-machines", is_flag=True, help="Go on although there are instances in the subnets.")
def destroy(**given: Unpack[Given]) -> None:
    """Take everything of a plan away.

    Without PLAN it is the plan that was applied from this folder, where that was one only, or the one of --name and
    --region. A single word that is no file, without dot or slash, is --name.
    """
    from ocpprov.commands.destroy import destroy as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)), streams=True)


@main.command()
@_OPTIONAL_PLAN
@click.argument("output", metavar="[NAME]", required=False)
@_PLAN_OPTIONS
@_without("their outputs are left out")
@_AWS_OPTIONS
@_JSON
def outputs(output: str | None, **given: Unpack[Given]) -> None:
    """Show the ids and names that the next step needs.

    With NAME it is the value of that one alone.

    Without PLAN it is the file that was last applied from this folder. A single word that is no file is NAME.
    """
    from ocpprov.commands.outputs import outputs as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal, output or "")))


@main.command()
@_PLAN
@_PLAN_OPTIONS
@_AWS_OPTIONS
def render(**given: Unpack[Given]) -> None:
    """Print the plan in CloudFormation's words only."""
    from ocpprov.commands.render import render as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)))


@main.command("list")
@click.option("--region", default="", help="The region; else the one that is configured for the AWS CLI.")
@_AWS_OPTIONS
@_JSON
def list_plans(**given: Unpack[Given]) -> None:
    """List the plans that an account has in a region.

    They are found by the tags of what they made, with its age, sizes, and what is billed by the hour. A plan that has
    nothing in EC2 or load balancing there isn't found.
    """
    from ocpprov.commands.list_plans import list_plans as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)))


@main.command()
@click.argument("word", metavar="[KEY|TYPE[.PROPERTY]]", required=False)
@_JSON
def explain(word: str | None, **given: Unpack[Given]) -> None:
    """Say what a key, a type or a property of one means.

    That is its meaning and default, and what changing it does: in place, or by a replacement.

    Without a word it lists the keys and the types.
    """
    from ocpprov.commands.explain import explain as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal, word or "")))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what a shell needs to complete a command line.

    The script asks this program whenever something is to be completed: commands, options, files.
    """
    from ocpprov.commands.completion import completion as command

    _run({}, lambda: command(shell, main))


@main.command()
@_JSON
def version(**given: Unpack[Given]) -> None:
    """Print the versions of ocpprov and of what it stands on."""
    from ocpprov.commands.version import version as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal)))


@main.command()
@_PLAN
@_PLAN_OPTIONS
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["mermaid", "dot", "json", "svg"]),
    default="mermaid",
    show_default=True,
    help="What refers to what, for Mermaid, Graphviz or programs; or the topology as a picture.",
)
@click.option("--verbose", "-v", is_flag=True, help="Draw what is only counted otherwise, such as rules.")
def graph(wanted: GraphFormat, **given: Unpack[Given]) -> None:
    """Draw a plan, without AWS."""
    from ocpprov.commands.graph import graph as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal, wanted)))


@main.command()
@_OPTIONAL_PLAN
@_PLAN_OPTIONS
@click.option("--run", "run", default="", metavar="ID", help="Which run, or the beginning of its id; else the last.")
@click.option("--output", "page", type=click.Path(path_type=Path), help="Write it here instead of the run folder.")
@_DIRECTORY
def report(run: str, page: Path | None, **given: Unpack[Given]) -> None:
    """Write a page on a run: its topology, time line, ids and calls. Without AWS.

    PLAN is a file, or the name of a plan that was applied from this folder; without it, the last one that was.
    """
    from ocpprov.commands.report import report as command

    _run(given, lambda: _speaking(given, lambda terminal: command(_read(given), terminal, run, page)))


@main.command()
def schema() -> None:
    """Print the JSON Schema of plans, for editors."""
    from ocpprov.commands.validate import schema as command

    _run({}, command)


@main.group()
def sandbox() -> None:
    """AWS on this machine."""


@sandbox.command("start")
@click.option("--scale", default=50.0, type=click.FloatRange(1, 10_000), help="Seconds of AWS in one of ours.")
@click.option("--host", "hosts", multiple=True, help="A name that it answers under besides localhost. Repeatable.")
def sandbox_start(scale: float, hosts: tuple[str, ...]) -> None:
    """Start the sandbox."""
    from ocpprov.commands.sandbox import start

    _run({}, lambda: start(scale, hosts))


@sandbox.command("stop")
def sandbox_stop() -> None:
    """End the sandbox and forget what is in it."""
    from ocpprov.commands.sandbox import stop

    _run({}, stop)


@sandbox.command("reset")
def sandbox_reset() -> None:
    """Empty the sandbox."""
    from ocpprov.commands.sandbox import reset

    _run({}, reset)


def _run(given: Given, command: Callable[[], ExitCode], *, streams: bool = False) -> NoReturn:
    """Run a command to the end of the process. With `--json` errors are told on stdout, too: as a document, or by a
    command that `streams` as its last events."""
    began = time.monotonic()
    refused = ExitCode.FAILED if given.get("detailed_exitcode") else ExitCode.REFUSED

    def tell(problems: Sequence[Problem]) -> None:
        if given.get("as_json"):
            tell_errors(problems, time.monotonic() - began if streams else None)

    run(command, tell, refused)


def _read(given: Given) -> Options:
    """The options that a verb has, and defaults for those that it hasn't. Raises Refused."""
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
    )


def _speaking(given: Given, command: Callable[[Terminal], ExitCode]) -> ExitCode:
    """Run a command that has a terminal: a refusal, too, shows nothing that isn't to be shown."""
    from ocpprov.commands.terminal import Terminal

    quiet = given.get("quiet", False)
    terminal = Terminal(shlex.join(["ocpprov", *sys.argv[1:]]), given.get("color", "auto"), quiet=quiet)
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
