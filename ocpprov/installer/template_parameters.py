"""Parameters of Red Hat's templates for the machines, as the AWS CLI takes them.

Source: openshift/installer, upi/aws/cloudformation, release-4.12: 04_cluster_bootstrap.yaml,
05_cluster_master_nodes.yaml and 06_cluster_worker_node.yaml. Their parameters are the same up to release-4.22.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.installer.machine_templates import Template
from ocpprov.openshift.iam import MASTER_PROFILE, WORKER_PROFILE
from ocpprov.openshift.naming import PUBLIC_SUBNET
from ocpprov.plan.model import OpenShift

_UNUSED: Final = "unused"
"""For parameters that have to be given and are looked at only with AutoRegisterELB."""
_MASTERS: Final = 3
_AMI: Final = "RhcosAmi (an image of RHEL CoreOS in this region: `openshift-install coreos print-stream-json`)"
_IGNITION: Final = "BootstrapIgnitionLocation (where you have put bootstrap.ign, as the plan doesn't upload it)"
_AUTHORITIES: Final = "CertificateAuthorities (`ignition.security.tls.certificateAuthorities` in {file})"


@dataclass(frozen=True)
class TemplateParameters:
    """Values by ParameterKey; `to_give` are those that only the reader knows, in words, and `lacking` the outputs that
    aren't there yet."""

    values: Mapping[str, str]
    to_give: Sequence[str]
    lacking: Sequence[str] = ()

    def document(self) -> list[dict[str, str]]:
        """As `aws cloudformation create-stack --parameters` takes it."""
        return [{"ParameterKey": key, "ParameterValue": value} for key, value in self.values.items()]


def template_parameters(
    template: Template, section: OpenShift, outputs: Mapping[str, object], image: str = ""
) -> TemplateParameters:
    """The parameters of one template, from the outputs of a plan (those of several values as lists) and the image of
    RHEL CoreOS, if it is known."""
    match template:
        case "04":
            uploaded = section.bootstrap and section.bootstrap_ignition
            rows, to_give = [*_bootstrap(section), *_balancing(section)], [] if uploaded else [_IGNITION]
        case "05":
            rows, to_give = [*_masters(), *_balancing(section)], [_AUTHORITIES.format(file="master.ign")]
        case "06":
            rows, to_give = [*_worker()], [_AUTHORITIES.format(file="worker.ign")]
    values = {"InfrastructureName": section.infra_id, **({"RhcosAmi": image} if image else {})}
    lacking: dict[str, None] = {} if section.infra_id else {"infraID": None}
    for row in rows:
        if value := row.text or _of(outputs, row):
            values[row.key] = value
        elif row.unused:
            values[row.key] = _UNUSED
        else:
            lacking[row.output] = None
    return TemplateParameters(values, [*([] if image else [_AMI]), *to_give], list(lacking))


@dataclass(frozen=True)
class _Row:
    """A parameter and the output that has its value, or the `index`th of the values, beginning anew after the last
    one. `text`: a value of its own. `unused`: what isn't there doesn't matter."""

    key: str
    output: str = ""
    index: int = 0
    text: str = ""
    unused: bool = False


def _bootstrap(section: OpenShift) -> Iterator[_Row]:
    """Where nothing is published the machine is inside, whatever the parameter is called, and as in the plan it is
    reached from inside: the template's own default is the world."""
    yield _Row(PUBLIC_SUBNET, "PublicSubnetIds" if section.publish == "External" else "PrivateSubnetIds")
    yield _Row("AllowedBootstrapSshCidr", text=str(section.bootstrap_from or section.machine_network))
    yield _Row("MasterSecurityGroupId", "MasterSecurityGroupId")
    yield _Row("VpcId", "VpcId")
    if section.bootstrap and section.bootstrap_ignition:
        yield _Row("BootstrapIgnitionLocation", "BootstrapIgnitionLocation")


def _masters() -> Iterator[_Row]:
    for number in range(_MASTERS):
        yield _Row(f"Master{number}Subnet", "PrivateSubnetIds", number)
    yield _Row("MasterSecurityGroupId", "MasterSecurityGroupId")
    yield _Row("IgnitionLocation", "MasterIgnitionLocation")
    yield _Row("MasterInstanceProfileName", MASTER_PROFILE)


def _worker() -> Iterator[_Row]:
    yield _Row("Subnet", "PrivateSubnetIds")
    yield _Row("WorkerSecurityGroupId", "WorkerSecurityGroupId")
    yield _Row("IgnitionLocation", "WorkerIgnitionLocation")
    yield _Row("WorkerInstanceProfileName", WORKER_PROFILE)


def _balancing(section: OpenShift) -> Iterator[_Row]:
    """Targets are the plan's: there is no Lambda function that registers any."""
    yield _Row("AutoRegisterELB", text="no")
    yield _Row("RegisterNlbIpTargetsLambdaArn", text=_UNUSED)
    for name in ("ExternalApiTargetGroupArn", "InternalApiTargetGroupArn", "InternalServiceTargetGroupArn"):
        there = section.load_balancers == "network" and (section.publish == "External" or not name.startswith("Ext"))
        yield _Row(name, name, unused=not there)


def _of(outputs: Mapping[str, object], row: _Row) -> str:
    found = outputs.get(row.output)
    if isinstance(found, list) and found:
        found = found[row.index % len(found)]
    return found if isinstance(found, str) else ""
