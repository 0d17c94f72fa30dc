"""`ocpprov verify`, `ocpprov status` and `ocpprov wait`: whether it is as it should be, whether it serves, and until it
does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, Unpack

import click

from ocpprov.cli.options import AWS_OPTIONS, JSON, OPTIONAL_PLAN, PLAIN, PLAN_OPTIONS, Given, without
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import VerbCommand

_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}


class Duration(click.ParamType[float]):
    """Seconds from `90`, `90s`, `30m` or `1h`."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"([0-9]{1,6})([smh]?)", str(value))
        if not match:
            self.fail(f"{value!r} is no duration such as 90s, 30m or 1h", param, ctx)
        return float(int(match[1]) * _UNITS[match[2]])


@click.command(cls=VerbCommand)
@OPTIONAL_PLAN
@PLAN_OPTIONS
@without("their names and zones can't be judged then")
@AWS_OPTIONS
@JSON
def status(**given: Unpack[Given]) -> None:
    """Say whether what a plan has made serves.

    That is: load balancers, NAT gateways and endpoints up, targets healthy, ports answering, names leading where they
    should, the public zone delegated, the router there. What can't be found out from this host is said to be unknown.

    Without PLAN it is the file that was last applied from this folder.
    """
    from ocpprov.commands.status import status as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal)))


@click.command(cls=VerbCommand)
@OPTIONAL_PLAN
@PLAN_OPTIONS
@without("its rows can't be judged then")
@AWS_OPTIONS
@JSON
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write the rows as JUnit's XML, too.")
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with the port matrix, too."
)
@click.option("--vpc", metavar="VPC", help="Somebody else's network, by its id, in the place of PLAN.")
@click.option("--cluster", default="", metavar="NAME.DOMAIN", help="With --vpc, the cluster in it.")
def verify(junit: Path | None, page: Path | None, vpc: str | None, **given: Unpack[Given]) -> None:
    """Prove every requirement of a cluster on what AWS has.

    Each row is one that the documentation of the user-provisioned installation asks for: what it is made of is there
    and as the plan wants it, and the traffic that it is for arrives, both ways, through groups, network ACLs, routes,
    endpoints and load balancers. Nothing is changed, and no machine has to be there.

    With --vpc, --cluster and --region there is no plan: the cluster is found by its names, tags, records and listeners.
    What such a VPC doesn't have on purpose doesn't apply; what may be one of several is unknown.

    Without PLAN it is the file that was last applied from this folder.
    """
    from ocpprov.commands.verification_files import VerificationFiles
    from ocpprov.commands.verify import verify as command

    files = VerificationFiles(junit, page)
    run_command(
        given,
        lambda: speaking(given, lambda terminal: command(options_of(given), terminal, files=files, vpc_id=vpc)),
    )


@click.command(cls=VerbCommand)
@click.argument("target", metavar="api|bootstrap|ingress", type=click.Choice(["api", "bootstrap", "ingress"]))
@OPTIONAL_PLAN
@PLAN_OPTIONS
@without("their names and zones can't be judged then")
@AWS_OPTIONS
@JSON
@PLAIN
@click.option("--timeout", type=Duration(), default="30m", show_default=True, help="How long at most: 90s, 30m, 1h.")
def wait(target: str, timeout: float, **given: Unpack[Given]) -> None:
    """Wait until the API, the control plane or the router serves.

    api: a target on 6443 is healthy behind each load balancer, and where they can be reached, they answer. bootstrap:
    all of the control plane's own targets are healthy on 6443 and 22623, so that the bootstrap machine may go. ingress:
    the router's load balancer is up, and its name resolves.

    Something counts once it was well in three looks in a row, ten seconds apart.

    Without PLAN it is the file that was last applied from this folder.
    """
    from ocpprov.commands.wait import Milestone
    from ocpprov.commands.wait import wait as command

    run_command(
        given,
        lambda: speaking(given, lambda terminal: command(options_of(given), terminal, Milestone(target), timeout)),
    )
