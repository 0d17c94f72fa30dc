"""What a plan says for an install-config.yaml: values, whether they are shown as a snippet or put into the file.

Sources: pkg/types of openshift/installer, release-4.12 to 4.22; for the roles of subnets pkg/types/aws/validation and
pkg/asset/installconfig/aws/validation.go of release-4.19.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final, Literal

from ocpprov.plan.model import OpenShift, Plan, ServiceEndpoint
from ocpprov.plan.openshift_subnet_roles import (
    BOOTSTRAP_NODE,
    CLUSTER_NODE,
    EXTERNAL_API,
    INGRESS,
    INTERNAL_API,
)
from ocpprov.plan.releases import Release, in_force


@dataclass(frozen=True)
class SubnetsForm:
    """Where an install-config names its subnets, from a release on: a list of ids, or of ids with roles."""

    since: Release
    path: tuple[str, ...]
    roles: bool


FORMS: Final = (
    SubnetsForm((4, 1), ("platform", "aws", "subnets"), roles=False),
    SubnetsForm((4, 19), ("platform", "aws", "vpc", "subnets"), roles=True),
)
_PRIVATE: Final = (CLUSTER_NODE, INTERNAL_API)
_OUTSIDE: Final = (BOOTSTRAP_NODE, INGRESS)
"""On the public subnets of a cluster that is published, else on the private ones."""


@dataclass(frozen=True)
class ConfigSubnet:
    """A subnet as an install-config names it: its id, and what it is for where the release has roles."""

    id: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstallConfigValues:
    """What belongs into an install-config.yaml because of what a plan makes or names. Empty is what has to stay out.

    `subnets` stand at `form.path`. `no_proxy` are host names, which belong beside whatever the file has there, and only
    where it has a proxy; the plan's own is `behind_proxy`. `trust_bundle` are certificates (PEM), `trust_bundle_policy`
    when the cluster trusts them. `credentials_mode` is the plan's, else `Manual` where the cluster can't reach
    IAM, or may not write to it. `compute_replicas`: whoever brings the machines has openshift-install ask for none.
    `machine_networks` have to be those of the plan.
    """

    form: SubnetsForm
    publish: Literal["External", "Internal"]
    subnets: Sequence[ConfigSubnet] = ()
    hosted_zone: str = ""
    hosted_zone_role: str = ""
    service_endpoints: Sequence[ServiceEndpoint] = ()
    no_proxy: Sequence[str] = ()
    behind_proxy: bool = False
    trust_bundle: str = ""
    trust_bundle_policy: str = ""
    credentials_mode: str = ""
    compute_replicas: int = 0
    machine_networks: Sequence[IPv4Network] = ()


def install_config_values(plan: Plan, outputs: Mapping[str, object], trust_bundle: str = "") -> InstallConfigValues:
    """The values, from a plan's outputs (those of several values as lists) and the certificates that the output
    AdditionalTrustBundle names the file of. Raises ValueError for a plan without an openshift section."""
    section = plan.openshift
    if section is None:
        raise ValueError(f"plan {plan.name} has no openshift section")
    form = in_force(FORMS, section.version)
    behind_proxy = bool(plan.aws.proxy)
    return InstallConfigValues(
        form,
        section.publish,
        subnets=tuple(_subnets(section, form, outputs)),
        hosted_zone=_text(outputs, "PrivateHostedZoneId"),
        hosted_zone_role=_text(outputs, "PrivateHostedZoneRole"),
        service_endpoints=tuple(
            ServiceEndpoint(row["name"], row["url"]) for row in _rows(outputs, "ServiceEndpoints", "name", "url")
        ),
        no_proxy=tuple(host for host in _text(outputs, "NoProxy").split(",") if host),
        behind_proxy=behind_proxy,
        trust_bundle=trust_bundle,
        trust_bundle_policy=_text(outputs, "AdditionalTrustBundlePolicy") if trust_bundle else "",
        credentials_mode=_credentials_mode(section, outputs, behind_proxy=behind_proxy),
        machine_networks=tuple(section.machine_networks),
    )


def _subnets(section: OpenShift, form: SubnetsForm, outputs: Mapping[str, object]) -> Iterator[ConfigSubnet]:
    """Private ones first. Where nothing is published, public ones are left out: the installer warns of them before
    roles, and refuses a subnet without a role after. Roles that the plan itself says stay as they are."""
    if section.subnet_roles:
        for id in section.subnets:
            yield ConfigSubnet(id, tuple(sorted(section.subnet_roles.get(id, ()))) if form.roles else ())
        return
    external = section.publish == "External"
    private = (*_PRIVATE, *(() if external else _OUTSIDE))
    for id in _texts(outputs, "PrivateSubnetIds"):
        yield ConfigSubnet(id, private if form.roles else ())
    for id in _texts(outputs, "PublicSubnetIds") if external else ():
        yield ConfigSubnet(id, (EXTERNAL_API, *_OUTSIDE) if form.roles else ())


def _credentials_mode(
    section: OpenShift, outputs: Mapping[str, object], *, behind_proxy: bool
) -> Literal["", "Mint", "Passthrough", "Manual"]:
    """The plan's own. Else, where nothing leads to IAM, or somebody else makes the machines' profiles, the cluster
    makes no users either."""
    given = section.iam.instance_profiles
    lacks_iam = any(row["service"] == "iam" for row in _rows(outputs, "EndpointsToAdd", "service"))
    if section.credentials_mode:
        return section.credentials_mode
    return "Manual" if (given.master and given.worker) or (lacks_iam and not behind_proxy) else ""


def _text(outputs: Mapping[str, object], name: str) -> str:
    found = outputs.get(name)
    return found if isinstance(found, str) else ""


def _texts(outputs: Mapping[str, object], name: str) -> Sequence[str]:
    found = outputs.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _rows(outputs: Mapping[str, object], name: str, *keys: str) -> Sequence[Mapping[str, str]]:
    """Those with these keys: an output of the plan's own may have the name, too."""
    found = outputs.get(name)
    return (
        [each for each in found if isinstance(each, Mapping) and {*keys} <= {*each}] if isinstance(found, list) else []
    )
