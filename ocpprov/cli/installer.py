"""Commands that edit openshift-install's files."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from ocpprov.cli.options import AWS_OPTIONS, OPTIONAL_PLAN, PLAN_OPTIONS, YES, Given, without
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import VerbCommand


@click.command("install-config", cls=VerbCommand)
@OPTIONAL_PLAN
@click.option("--file", type=click.Path(path_type=Path), help="The install-config.yaml; else the one that PLAN names.")
@PLAN_OPTIONS
@without("the cluster isn't to write to IAM either")
@AWS_OPTIONS
@YES
def install_config(file: Path | None, **given: Unpack[Given]) -> None:
    """Put what a plan makes into an install-config.yaml.

    Subnets, hosted zone, noProxy, endpoints, certificates, publish, no compute machines of openshift-install's own, and
    credentialsMode where the cluster can't write to IAM. What the file has stays, comments included; where it says
    something else than the plan, nothing is written. The diff is shown first.

    Without PLAN it is the file that was last applied from this folder.
    """
    from ocpprov.commands.install_config import install_config as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, file)))


@click.command(cls=VerbCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@OPTIONAL_PLAN
@click.option("--compact", is_flag=True, help="The cluster has no workers: its control plane runs everything.")
@PLAN_OPTIONS
@without("its zones aren't looked up")
@AWS_OPTIONS
@YES
def manifests(folder: Path, compact: bool, **given: Unpack[Given]) -> None:
    """Edit openshift-install's manifests for machines of one's own.

    In DIR, the folder of `openshift-install create manifests`: manifests of machines and machine sets go, the control
    plane isn't schedulable (unless --compact), the DNS manifest gets the plan's zones, or none where the cluster can't
    write records or the plan makes *.apps, and the router of a cluster that isn't published is inside. The diff is
    shown first.

    Without PLAN it is the file that was last applied from this folder.
    """
    from ocpprov.commands.manifests import manifests as command

    run_command(
        given, lambda: speaking(given, lambda terminal: command(folder, options_of(given), terminal, compact=compact))
    )
