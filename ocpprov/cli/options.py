"""The options that verbs share, for click, and what it makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypedDict

import click

from ocpprov.commands.command_group import PlanPath
from ocpprov.ui.lines import ColourChoice


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
    verify: bool
    color: ColourChoice


PLAN: Final = click.argument("plan", type=PlanPath(path_type=Path))
OPTIONAL_PLAN: Final = click.argument("plan", type=PlanPath(path_type=Path), required=False)
PLANS: Final = click.argument("plans", metavar="[PLAN]...", type=PlanPath(path_type=Path), nargs=-1)

_Command = Callable[..., Any]


def options(*decorators: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Several as one, in their order."""

    def decorate(command: _Command) -> _Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


JSON: Final = click.option("--json", "as_json", is_flag=True, help="Results as JSON.")
ALLOW: Final = click.option(
    "--allow",
    multiple=True,
    metavar="ID",
    help="A logical id that may be replaced or deleted, or AWS's id of what is this plan's; repeatable.",
)
VIEW_OPTIONS: Final = options(
    click.option("--verbose", "-v", is_flag=True, help="List all that is only counted otherwise."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colours: auto goes by the terminal, NO_COLOR and FORCE_COLOR.",
    ),
)
PLAIN: Final = click.option(
    "--plain", is_flag=True, help="Redraw nothing: lines only, as in a log (and where CI is set)."
)
LOCK_TIMEOUT: Final = click.option(
    "--lock-timeout",
    default=0.0,
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait for another run on the plan to end.",
)
PLAN_OPTIONS: Final = options(
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
YES: Final = click.option("--yes", is_flag=True, help="Don't ask before changing anything.")
DIRECTORY: Final = click.option(
    "--dir",
    "directory",
    default=Path(),
    type=click.Path(path_type=Path),
    help="The folder with .ocpprov in it; else the current one.",
)
AT_ONCE: Final = click.option(
    "--at-once",
    default=16,
    show_default=True,
    type=click.IntRange(1, 500),
    metavar="N",
    help="How many plans may be at work at once, where there are several.",
)
CONCURRENCY: Final = click.option(
    "--concurrency",
    default=16,
    type=click.IntRange(1, 64),
    help="How many changes may be under way at once, and half of how many reads.",
)
AWS_OPTIONS: Final = options(
    click.option("--profile", default="", help="A profile of the AWS CLI's configuration."),
    click.option("--sandbox", is_flag=True, help="Use the sandbox instead of AWS."),
    click.option("--insecure-endpoint", is_flag=True, help="Take plain http to another host, where anybody may read."),
    click.option("--quiet", "-q", is_flag=True, help="Nothing on stderr where all goes well."),
    CONCURRENCY,
    DIRECTORY,
)


def without(words: str) -> Callable[[_Command], _Command]:
    return click.option("--without", default="", metavar="SERVICES", help=f"Do without iam, route53 or both: {words}.")
