"""The options of `outputs` alone, for click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ocpprov.cli.options import Given, options
from ocpprov.commands.output_request import OUTPUT_FORMATS, OutputRequest, output_request
from ocpprov.installer.machine_templates import TEMPLATES

if TYPE_CHECKING:
    from ocpprov.commands.output_request import OutputFormat
    from ocpprov.installer.machine_templates import Template


class GivenOutputs(Given, total=False):
    """What click gives of the options of `outputs`."""

    format: OutputFormat | None
    template: Template | None
    presign: str
    replicas: int | None
    ami: str


OUTPUT_OPTIONS: Final = options(
    click.option(
        "--format",
        type=click.Choice(OUTPUT_FORMATS),
        help="For people (table), programs, a shell, Terraform, Red Hat's templates, or openshift-install.",
    ),
    click.option(
        "--for",
        "template",
        type=click.Choice(TEMPLATES),
        help="The template of cfn-parameters: 04_cluster_bootstrap, 05_cluster_master_nodes or 06_cluster_worker_node.",
    ),
    click.option(
        "--presign",
        default="",
        metavar="DURATION",
        help="A URL to read bootstrap.ign with, for 1h or so (7d at most), in place of its s3:// location.",
    ),
    click.option("--replicas", type=click.IntRange(0), metavar="N", help="Machines of each of machine-sets; else 0."),
    click.option(
        "--ami", default="", metavar="ID", help="The image of RHEL CoreOS for machine-sets and cfn-parameters."
    ),
)


def request_in(given: GivenOutputs) -> OutputRequest:
    """What is asked for. Raises Refused."""
    return output_request(
        as_json=given.get("as_json", False),
        format=given.get("format"),
        template=given.get("template"),
        presign=given.get("presign", ""),
        replicas=given.get("replicas"),
        image=given.get("ami", ""),
    )
