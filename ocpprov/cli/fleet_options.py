"""The options with which a fleet's scheduler is spoken to, for click."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocpprov.cli.options import Given, options
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem

if TYPE_CHECKING:
    from ocpprov.commands.fleet_scheduler import Scheduler

_PATH: Final = click.Path(path_type=Path)


class GivenScheduler(Given, total=False):
    """What click gives of these options, beside those that verbs share."""

    scheduler: str
    tls_ca: Path | None
    tls_cert: Path | None
    tls_key: Path | None


TLS_OPTIONS: Final = options(
    click.option("--tls-ca", type=_PATH, metavar="FILE", help="The fleet's certificate authority, in PEM."),
    click.option("--tls-cert", type=_PATH, metavar="FILE", help="The own certificate, which it has signed."),
    click.option("--tls-key", type=_PATH, metavar="FILE", help="Its key, which nobody else may read."),
)


def scheduler_in(given: GivenScheduler) -> Scheduler:
    """The scheduler that is meant, and whether Dask is there. Raises Refused."""
    from importlib.util import find_spec

    from ocpprov.commands.fleet_scheduler import scheduler_at

    if find_spec("distributed") is None:
        detail = "a fleet over several hosts runs on Dask, which isn't installed"
        raise Refused(Problem("--scheduler", detail, "pip install 'ocpprov[fleet]'"))
    return scheduler_at(given.get("scheduler", ""), given.get("tls_ca"), given.get("tls_cert"), given.get("tls_key"))


def guard_certificates(given: GivenScheduler) -> None:
    """Raises Refused where there are certificates and no scheduler: somebody meant other hosts."""
    by_option = {
        "--tls-ca": given.get("tls_ca"),
        "--tls-cert": given.get("tls_cert"),
        "--tls-key": given.get("tls_key"),
    }
    if named := ", ".join(option for option, path in by_option.items() if path):
        detail = "is for a scheduler, and --scheduler isn't given: the plans would run on this host"
        raise Refused(Problem(named, detail, "give --scheduler tls://host:8786, or leave it out"))
