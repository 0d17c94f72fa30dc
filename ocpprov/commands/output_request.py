"""What is asked of `outputs`: in which format, and what belongs to that one alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from ocpprov.aws.presigning_limits import MOST_SECONDS
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem
from ocpprov.installer.machine_templates import TEMPLATES, Template

OutputFormat = Literal[
    "table", "json", "env", "tfvars", "cfn-parameters", "install-config", "ignition-pointer", "machine-sets"
]
OUTPUT_FORMATS: tuple[OutputFormat, ...] = get_args(OutputFormat)

_BOOTSTRAP: Final[Template] = "04"
_SIGNED: Final = f"--presign belongs to no format, json, ignition-pointer, or cfn-parameters --for {_BOOTSTRAP}"
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION: Final = re.compile(r"([1-9][0-9]{0,8})([smhd])")
_IMAGE: Final = re.compile(r"ami-[0-9a-f]{8,17}")


@dataclass(frozen=True)
class OutputRequest:
    """`template` is whose parameters are wanted. `presign`: for how many seconds a URL of bootstrap.ign is to be good;
    0 for none. `image` is that of the machines, empty for none; `replicas` are those of machine sets."""

    format: OutputFormat = "table"
    template: Template | None = None
    presign: int = 0
    replicas: int = 0
    image: str = ""


def output_request(
    *,
    as_json: bool,
    format: OutputFormat | None = None,
    template: Template | None = None,
    presign: str = "",
    replicas: int | None = None,
    image: str = "",
) -> OutputRequest:
    """The options, as they are given, in one value. Raises Refused where they don't go together."""
    wanted: OutputFormat = format or ("json" if as_json else "table")
    if as_json and wanted != "json":
        raise _wrong(f"--json and --format {wanted} are two formats", "give one of them")
    if (wanted == "cfn-parameters") != (template is not None):
        remedy = f"give --format cfn-parameters --for {'|'.join(TEMPLATES)}"
        raise _wrong("--for and --format cfn-parameters belong together", remedy)
    signs = wanted in ("table", "json", "ignition-pointer") or template == _BOOTSTRAP
    if presign and not signs:
        raise _wrong(f"--presign has nothing to do with {wanted}", _SIGNED)
    _check_machines(wanted, replicas, image)
    return OutputRequest(wanted, template, _seconds(presign) if presign else 0, replicas or 0, image)


def _check_machines(wanted: OutputFormat, replicas: int | None, image: str) -> None:
    if replicas is not None and wanted != "machine-sets":
        raise _wrong("--replicas is about machine sets", "give --format machine-sets with it")
    if image and wanted not in ("machine-sets", "cfn-parameters"):
        raise _wrong("--ami is about machines", "give --format machine-sets or cfn-parameters with it")
    if image and not _IMAGE.fullmatch(image):
        raise _wrong(f"--ami {image} is no image's id", "one is like ami-0123456789abcdef0")


def _seconds(text: str) -> int:
    """Of `90m` or `12h`. Raises Refused."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise _wrong(f"--presign {text} is no duration", "write a number and s, m, h or d: 1h")
    seconds = int(found[1]) * _UNITS[found[2]]
    if seconds > MOST_SECONDS:
        raise _wrong(f"--presign {text} is longer than S3 lets a URL be good", "7d is the most")
    return seconds


def _wrong(detail: str, remedy: str) -> Refused:
    return Refused(Problem("command line", detail, remedy))
