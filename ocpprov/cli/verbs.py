"""The program and its verbs; those of a group are in a file of their own. What a verb does is in `commands/`, imported
when it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from ocpprov import __version__
from ocpprov.cli.bootstrap import bootstrap
from ocpprov.cli.fleet import fleet, run_fleet
from ocpprov.cli.fleet_worker import fleet_worker
from ocpprov.cli.init import init
from ocpprov.cli.installer import install_config, manifests
from ocpprov.cli.options import (
    ALLOW,
    AT_ONCE,
    AWS_OPTIONS,
    DIRECTORY,
    JSON,
    LOCK_TIMEOUT,
    OPTIONAL_PLAN,
    PLAIN,
    PLAN,
    PLAN_OPTIONS,
    PLANS,
    VIEW_OPTIONS,
    YES,
    Given,
    without,
)
from ocpprov.cli.output_options import OUTPUT_OPTIONS, GivenOutputs, request_in
from ocpprov.cli.rehearse import rehearse
from ocpprov.cli.running import Terminals, options_of, run_command, speaking
from ocpprov.cli.sandbox import sandbox
from ocpprov.cli.serving import status, verify, wait
from ocpprov.commands.command_group import CommandGroup

if TYPE_CHECKING:
    from ocpprov.commands.exit_codes import ExitCode
    from ocpprov.commands.graph import GraphFormat
    from ocpprov.commands.terminal import Terminal


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ocpprov")
def main() -> None:
    """The AWS infrastructure of a user-provisioned OpenShift: brought by apply, taken away by destroy."""


@main.command()
@PLAN
@PLAN_OPTIONS
@click.option(
    "--reachability", is_flag=True, help="Also whether all that the cluster needs would arrive, flow by flow."
)
@click.option("--verbose", "-v", is_flag=True, help="With --reachability, list the flows that are as they should be.")
@JSON
def validate(reachability: bool, **given: Unpack[Given]) -> None:
    """Check a plan, without AWS."""
    from ocpprov.commands.validate import validate as command

    if not reachability:
        run_command(given, lambda: command(options_of(given)))
    from ocpprov.commands.validate_reachability import judged

    run_command(given, lambda: command(options_of(given), judged))


@main.command()
@PLAN
@PLAN_OPTIONS
@without("neither reach nor permissions are checked there")
@AWS_OPTIONS
@JSON
def preflight(**given: Unpack[Given]) -> None:
    """Find out what apply would fail on, and change nothing."""
    from ocpprov.commands.preflight import preflight as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal)))


@main.command()
@PLAN
@PLAN_OPTIONS
@without("nothing of them is in it")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["plan", "verify", "apply", "destroy", "installer", "create-cluster", "cluster"]),
    default="apply",
    show_default=True,
    help="What is to be allowed; plan includes outputs and preflight, verify only looks, installer and create-cluster "
    "are openshift-install's, cluster its operators'.",
)
@click.option("--output", "folder", type=click.Path(path_type=Path), help="Write it here, in files that IAM takes.")
def policy(purpose: str, folder: Path | None, **given: Unpack[Given]) -> None:
    """Print what a plan needs to be allowed, as a policy of IAM."""
    from ocpprov.commands.policy import policy as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, purpose, folder)))


@main.command("plan")
@OPTIONAL_PLAN
@PLAN_OPTIONS
@without("what is there is left alone")
@AWS_OPTIONS
@JSON
@VIEW_OPTIONS
@ALLOW
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save it: apply FILE does just that.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is something to do, 1 on errors.")
def show_plan(**given: Unpack[Given]) -> None:
    """Show what apply would do.

    Without PLAN it is the file that was last applied from this folder.
    """

    def command() -> ExitCode:
        from ocpprov.commands.early_connection import early_connector

        terminals = Terminals(given)
        connector = early_connector(options_of(given), terminals.say)
        # Loaded while AWS is asked.
        from ocpprov.commands.show_plan import show_plan as shown

        return speaking(given, lambda terminal: shown(options_of(given), terminal, connector), terminals)

    run_command(given, command)


@main.command()
@PLANS
@PLAN_OPTIONS
@without("write down what somebody else has to make there")
@AWS_OPTIONS
@JSON
@VIEW_OPTIONS
@PLAIN
@LOCK_TIMEOUT
@YES
@ALLOW
@AT_ONCE
@click.option("--verify", is_flag=True, help="Where all went well, end with verify: its rows, and its exit code.")
def apply(plans: tuple[Path, ...], at_once: int, **given: Unpack[Given]) -> None:
    """Make AWS what the plan wants.

    A PLAN that `plan --out` saved is done without asking, just as it was shown; where there is anything else to do by
    now, nothing is done, and what is different is told.

    Without PLAN it is the file that was applied from this folder, where that was one plan only. Several are applied
    together, as by fleet.
    """
    if len(plans) > 1:
        run_fleet(given, lambda: plans, "apply", at_once)
    from ocpprov.commands.apply import apply as command

    given["plan"] = plans[0] if plans else None
    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal)), streams=True)


@main.command()
@OPTIONAL_PLAN
@PLAN_OPTIONS
@without("what is there stays, and is named")
@AWS_OPTIONS
@JSON
@VIEW_OPTIONS
@PLAIN
@LOCK_TIMEOUT
@click.option("--lock", default="", metavar="S3-URL", help="The plan's lock, where neither plan nor folder says it.")
@YES
@ALLOW
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

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal)), streams=True)


@main.command()
@OPTIONAL_PLAN
@click.argument("output", metavar="[NAME]", required=False)
@PLAN_OPTIONS
@without("their outputs are left out")
@AWS_OPTIONS
@JSON
@OUTPUT_OPTIONS
def outputs(output: str | None, **given: Unpack[GivenOutputs]) -> None:
    """Show the ids and names that the next step needs, in the format that it needs.

    With NAME it is the value of that one alone.

    Without PLAN it is the file that was last applied from this folder. A single word that is no file is NAME.
    """
    from ocpprov.commands.outputs import outputs as command

    def show(terminal: Terminal) -> ExitCode:
        return command(options_of(given), terminal, output or "", request_in(given))

    given["as_json"] = given.get("as_json", False) or given.get("format") == "json"
    run_command(given, lambda: speaking(given, show))


@main.command()
@PLAN
@PLAN_OPTIONS
@AWS_OPTIONS
@click.option("--template", is_flag=True, help="A template that CloudFormation takes, instead of a plan.")
@JSON
def render(*, template: bool, **given: Unpack[Given]) -> None:
    """Print the plan in CloudFormation's words only.

    It is a plan again; with --template it is none any more, and a stack made of it has what an apply makes.
    """
    from ocpprov.commands.render import render as command

    def show(terminal: Terminal) -> ExitCode:
        return command(options_of(given), terminal, as_template=template)

    run_command(given, lambda: speaking(given, show))


@main.command("list")
@click.option("--region", default="", help="The region; else the one that is configured for the AWS CLI.")
@AWS_OPTIONS
@JSON
def list_plans(**given: Unpack[Given]) -> None:
    """List the plans that an account has in a region.

    They are found by the tags of what they made, with its age, sizes, and what is billed by the hour. A plan that has
    nothing in EC2 or load balancing there isn't found.
    """
    from ocpprov.commands.list_plans import list_plans as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal)))


@main.command()
@click.argument("word", metavar="[KEY|TYPE[.PROPERTY]]", required=False)
@JSON
def explain(word: str | None, **given: Unpack[Given]) -> None:
    """Say what a key, a type or a property of one means.

    That is its meaning and default, and what changing it does: in place, or by a replacement.

    Without a word it lists the keys and the types.
    """
    from ocpprov.commands.explain import explain as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, word or "")))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what a shell needs to complete a command line.

    The script asks this program whenever something is to be completed: commands, options, files.
    """
    from ocpprov.commands.completion import completion as command

    run_command({}, lambda: command(shell, main))


@main.command()
@JSON
def version(**given: Unpack[Given]) -> None:
    """Print the versions of ocpprov and of what it stands on."""
    from ocpprov.commands.version import version as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal)))


@main.command()
@PLAN
@PLAN_OPTIONS
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

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, wanted)))


@main.command()
@OPTIONAL_PLAN
@PLAN_OPTIONS
@click.option("--run", "run", default="", metavar="ID", help="Which run, or the beginning of its id; else the last.")
@click.option("--output", "page", type=click.Path(path_type=Path), help="Write it here instead of the run folder.")
@DIRECTORY
def report(run: str, page: Path | None, **given: Unpack[Given]) -> None:
    """Write a page on a run: its topology, time line, ids and calls. Without AWS.

    PLAN is a file, or the name of a plan that was applied from this folder; without it, the last one that was.
    """
    from ocpprov.commands.report import report as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, run, page)))


@main.command()
def schema() -> None:
    """Print the JSON Schema of plans, for editors."""
    from ocpprov.commands.schema import schema as command

    run_command({}, command)


main.add_command(bootstrap)
main.add_command(fleet_worker)
main.add_command(fleet)
main.add_command(init)
main.add_command(install_config)
main.add_command(manifests)
main.add_command(rehearse)
main.add_command(sandbox)
main.add_command(verify)
main.add_command(status)
main.add_command(wait)
