"""`ocpprov init`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

import click

from ocpprov.cli.options import AWS_OPTIONS, JSON, Given
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import PlanPath, VerbCommand

if TYPE_CHECKING:
    from ocpprov.commands.init_flags import InitFlags

_PATH: Final = click.Path(path_type=Path)
_OPTIONS: Final = (
    click.option("--install-config", type=_PATH, help="An install-config.yaml: what it says isn't repeated."),
    click.option("--install-dir", type=_PATH, help="The folder of openshift-install, with its files by their names."),
    click.option("--name", default="", help="The plan's name; else the cluster's."),
    click.option("--region", default="", help="The region."),
    click.option("--cluster-name", default="", help="The cluster's name."),
    click.option("--base-domain", default="", metavar="DOMAIN", help="The domain that the cluster's own is in."),
    click.option("--openshift-version", default="", metavar="VERSION", help="Such as 4.18, or 4.18.6."),
    click.option("--publish", type=click.Choice(["External", "Internal"]), help="Who reaches the API."),
    click.option("--public-zone", default="", metavar="ZONE", help="auto, create, none, or a zone's id."),
    click.option("--vpc", default="", help="A VPC that is there already: its id, or its Name tag."),
    click.option(
        "--subnets", default="", metavar="LIST", help="Of that VPC: ids or Name tags, or new; else one a zone and side."
    ),
    click.option("--machine-network", default="", metavar="CIDRS", help="The block of the machines, or several."),
    click.option("--zones", default="", metavar="NUMBER|NAMES", help="How many zones, or their names."),
    click.option("--egress", type=click.Choice(["nat", "nat-single", "none"]), help="The way out."),
    click.option("--endpoints", default="", metavar="LIST", help="Services that are reached inside AWS."),
    click.option("--prices", type=_PATH, help="A file with your prices by the hour: YAML, JSON or CSV."),
    click.option("--offline", is_flag=True, help="Don't ask AWS, neither for choices nor for quotas."),
)


def _flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a click command these options, as one argument `flags`."""

    @wraps(command)
    def gathered(**given: Any) -> Any:
        from dataclasses import fields

        from ocpprov.commands.init_flags import InitFlags

        written = {each.name: given.pop(each.name) for each in fields(InitFlags)}
        flags = InitFlags(**{name: value for name, value in written.items() if value is not None})
        return command(flags=flags, **given)

    decorated: Callable[..., Any] = gathered
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


@click.command(cls=VerbCommand)
@click.argument("file", type=PlanPath(path_type=Path), required=False)
@_flags
@AWS_OPTIONS
@JSON
def init(file: Path | None, flags: InitFlags, **given: Unpack[Given]) -> None:
    """Write a new plan.

    What options and an install-config.yaml don't say is asked on a terminal, with what AWS has as choices. Then it
    says what the plan makes, which quotas it needs, and, with your prices, what it costs. FILE is plan.yaml where none
    is named; no file is overwritten.
    """
    from ocpprov.commands.init import init as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), flags, file, terminal)))
