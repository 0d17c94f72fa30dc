"""Outputs in the formats of those who need them next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocpprov.aws.environment import MOST_CHARACTERS
from ocpprov.aws.masking import without_password
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.output_request import OutputRequest
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.installer.certificates import certificates
from ocpprov.installer.environment_file import environment_file
from ocpprov.installer.ignition_pointer import PointerSource, ignition_pointer
from ocpprov.installer.install_config_snippet import install_config_snippet
from ocpprov.installer.install_config_values import install_config_values
from ocpprov.installer.machine_sets import NO_IMAGE, MachineSetInputs, machine_set
from ocpprov.installer.machine_templates import Template
from ocpprov.installer.template_parameters import template_parameters
from ocpprov.installer.terraform_variables import terraform_variables
from ocpprov.openshift.cluster_access import TRUST_BUNDLE
from ocpprov.openshift.iam import WORKER_PROFILE
from ocpprov.openshift.ignition_outputs import FETCH, PRESIGNED, before_upload
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.plan.rendering import yaml_text
from ocpprov.runs.input_files import read_file
from ocpprov.ui.table import shown_value, table

_LOCATION: Final = "BootstrapIgnitionLocation"
_SUBNETS: Final = "PrivateSubnetIds"
_PLACE: Final = frozenset(("id", "zone", "cidr", "public"))
"""What a row of Subnets has. A plan's own output of that name has what it likes."""


@dataclass(frozen=True)
class KnownOutputs:
    """A plan's outputs: `values` with several values as lists, `texts` with them in one text, in which `line_ends` has
    what stands between lines. `hidden` are the names of those in which a text is masked."""

    plan: Plan
    values: Mapping[str, object]
    texts: Mapping[str, object]
    line_ends: Mapping[str, str]
    hidden: frozenset[str] = frozenset()

    @property
    def section(self) -> OpenShift:
        """Raises Refused for a plan without a cluster."""
        if self.plan.openshift is None:
            raise Refused(Problem(self.plan.file, "it has no openshift section", "take another --format"))
        return self.plan.openshift


def show_outputs(known: KnownOutputs, request: OutputRequest, terminal: Terminal) -> None:
    """Print them. Raises Refused where what a format needs isn't there."""
    match request.format:
        case "table":
            terminal.result(table(known.texts, known.line_ends))
        case "json":
            terminal.result_json(known.values)
        case "env":
            written = environment_file(
                {name: shown_value(value) for name, value in known.texts.items() if name not in known.hidden}
            )
            terminal.result(written.lines)
            terminal.say_lines(_left_out([*written.left_out, *_masked(known)]))
        case "tfvars":
            open_ = {name: value for name, value in known.values.items() if name not in known.hidden}
            variables = terraform_variables(open_)
            terminal.result_json(variables.values)
            terminal.say_lines(_left_out([*variables.left_out, *_masked(known)]))
        case "cfn-parameters":
            _show_parameters(known, request.template or "04", request.image, terminal)
        case "install-config":
            terminal.documents(_snippet(known))
        case "ignition-pointer":
            _show_pointer(known, terminal)
        case "machine-sets":
            terminal.documents(*map(yaml_text, _machine_sets(known, request, terminal)))


def _masked(known: KnownOutputs) -> Iterator[str]:
    """What would be a wrong value for a program."""
    return (f"{name}: the value of a NoEcho parameter is in it" for name in known.values if name in known.hidden)


def _left_out(sentences: Sequence[str]) -> Iterator[str]:
    return (f"left out: {each}" for each in sentences)


def _show_parameters(known: KnownOutputs, template: Template, image: str, terminal: Terminal) -> None:
    found = template_parameters(template, known.section, known.values, image)
    _refuse_lacking(known, found.lacking)
    terminal.result_json(found.document())
    terminal.say_lines(f"still to give: {each}" for each in found.to_give)
    terminal.say_lines(_beside(known, template))


def _beside(known: KnownOutputs, template: Template) -> Iterator[str]:
    """What whoever makes a stack with these parameters should know."""
    if template == "06":
        others = [f"{row['id']} ({row['zone']})" for row in _private(known)][1:]
        if others:
            yield f"one stack makes one machine; Subnet of the next ones: {', '.join(others)}"
    else:
        section = known.section
        key, found = {
            "04": ("openshift.bootstrap.address", section.bootstrap_auto),
            "05": ("openshift.controlPlane.addresses", section.control_plane_auto),
        }[template]
        when = "they are there" if found else f"their addresses are in {key}"
        yield f"AutoRegisterELB is no: apply registers the machines, once {when}"


def _snippet(known: KnownOutputs) -> str:
    _refuse_lacking(known, [] if _subnets(known) else [_SUBNETS])
    values = install_config_values(known.plan, known.values, "".join(_authorities(known)))
    sides = {True: "public", False: "private"}
    places = {row["id"]: f"{sides[row['public']]}, {row['zone']}, {row['cidr']}" for row in _subnets(known)}
    return install_config_snippet(values, places)


def _show_pointer(known: KnownOutputs, terminal: Terminal) -> None:
    section, proxy = known.section, known.plan.aws.proxy
    _refuse_lacking(known, [] if _LOCATION in known.values else [_LOCATION])
    source = PointerSource(
        str(known.values[_LOCATION]),
        str(known.values.get("BootstrapIgnitionSha512", "")),
        proxy,
        [host for host in str(known.values.get("NoProxy", "")).split(",") if host],
        _authorities(known),
    )
    try:
        pointer = ignition_pointer(section.version, source)
    except ValueError as error:
        raise Refused(Problem("--format ignition-pointer", str(error))) from error
    if terminal.secrets.document(pointer) != pointer:
        detail = "a value of a NoEcho parameter would be in it, and such values are shown nowhere"
        raise Refused(
            Problem("--format ignition-pointer", detail, "write the pointer yourself, or give aws.proxy openly")
        )
    terminal.result_json(pointer)
    if source.location.startswith("s3://") and known.values.get(FETCH) == PRESIGNED:
        terminal.say("the bootstrap machine may not read S3, or not there: give --presign 1h besides")
    if without_password(proxy) != proxy:
        terminal.say("the proxy's password is in it, and is then in the machine's user data")


def _machine_sets(known: KnownOutputs, request: OutputRequest, terminal: Terminal) -> list[dict[str, Any]]:
    section, machines = known.section, ("WorkerSecurityGroupId", WORKER_PROFILE)
    lacking = [
        *([] if section.infra_id else ["infraID"]),
        *(name for name in machines if name not in known.values),
        *([] if _private(known) else ["Subnets"]),
    ]
    _refuse_lacking(known, lacking)
    if not request.image:
        terminal.say(f"{NO_IMAGE} stands for the image of RHEL CoreOS: give --ami, or put its id there")
    inputs = MachineSetInputs(
        section.infra_id,
        known.plan.region,
        str(known.values["WorkerSecurityGroupId"]),
        str(known.values[WORKER_PROFILE]),
        request.image or NO_IMAGE,
        request.replicas,
        known.plan.user_tags,
    )
    return [machine_set(inputs, row["id"], row["zone"]) for row in _private(known)]


def _authorities(known: KnownOutputs) -> Sequence[str]:
    """The certificates that the cluster needs, one by one; none where it needs none. Raises Refused."""
    path = known.values.get(TRUST_BUNDLE)
    if not isinstance(path, str):
        return ()
    try:
        return certificates(read_file(Path(path), MOST_CHARACTERS).decode(errors="replace"))
    except OSError as error:
        raise Refused(Problem(path, f"it can't be read: {error.strerror}", "correct aws.caBundle")) from error
    except ValueError as error:
        raise Refused(Problem(path, str(error), "correct aws.caBundle")) from error


def _subnets(known: KnownOutputs) -> Sequence[Mapping[str, Any]]:
    found = known.values.get("Subnets")
    return (
        [row for row in found if isinstance(row, Mapping) and row.keys() >= _PLACE] if isinstance(found, list) else []
    )


def _private(known: KnownOutputs) -> Sequence[Mapping[str, Any]]:
    return [row for row in _subnets(known) if not row["public"]]


def _refuse_lacking(known: KnownOutputs, lacking: Sequence[str]) -> None:
    """Raises Refused where something is."""
    if lacking:
        detail = f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'}n't known yet"
        raise Refused(Problem(known.plan.file, detail, f"{_first(known.section, lacking)}apply the plan"))


def _first(section: OpenShift, lacking: Sequence[str]) -> str:
    """What the plan has to say before an apply can make it known."""
    if not section.infra_id and lacking != [_SUBNETS]:
        return "give the infraID (openshift.metadata), and "
    return before_upload(section) if _LOCATION in lacking else ""
