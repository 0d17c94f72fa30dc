"""What a user-provisioned installation changes in the manifests that openshift-install has made.

The rules, from docs/user/aws/install_upi.md and pkg/asset/manifests of openshift/installer, release-4.12 to 4.22:

- Nobody but the user makes machines: manifests of machines and machine sets go.
- `mastersSchedulable` is false, as workers come later; true for a compact cluster, which has none. openshift-install
  can't tell: it writes true whenever it makes no workers itself.
- Where the cluster doesn't write its records itself, because it can't reach Route 53 or the plan makes `*.apps`, the
  DNS manifest has no zones. Else it has those of the plan by their ids; one that isn't made yet stays as it is written.
- What isn't published has its router's balancer inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from ocpprov.installer.yaml_edits import Edit, Put, Remove
from ocpprov.plan.model import Plan
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

DNS: Final = "manifests/cluster-dns-02-config.yml"
SCHEDULER: Final = "manifests/cluster-scheduler-02-config.yml"
INFRASTRUCTURE: Final = "manifests/cluster-infrastructure-02-config.yml"
INGRESS: Final = "manifests/cluster-ingress-default-ingresscontroller.yaml"
REQUIRED: Final = (DNS, SCHEDULER)
OPTIONAL: Final = (INFRASTRUCTURE, INGRESS)
MACHINES: Final = re.compile(
    r"99_openshift-cluster-api_(master-machines|worker-machineset)-[^/]+\.ya?ml"
    r"|99_openshift-machine-api_master-control-plane-machine-set\.ya?ml"
)
"""Names of files in the folder `openshift`. Those with the machines' user data are needed all the same."""
MACHINE_KINDS: Final = frozenset(("Machine", "MachineSet", "ControlPlaneMachineSet"))

INTERNAL_INGRESS: Final = """\
apiVersion: operator.openshift.io/v1
kind: IngressController
metadata:
  name: default
  namespace: openshift-ingress-operator
spec:
  endpointPublishingStrategy:
    loadBalancer:
      scope: Internal
    type: LoadBalancerService
"""
"""What openshift-install writes for a cluster that isn't published."""

_STRATEGY: Final = ("spec", "endpointPublishingStrategy")
_BALANCED: Final = "LoadBalancerService"

Zone: TypeAlias = str | None
"""The id of a zone, empty while there is none yet; None where the plan has no such zone."""


@dataclass(frozen=True)
class ManifestValues:
    """What the manifests have to say. `infra_id` is empty while the plan doesn't know it. `writes_dns`: the cluster
    makes its own records; `plan_writes_apps`: the plan makes that of `*.apps`."""

    cluster_domain: str
    region: str
    publish: Literal["External", "Internal"]
    infra_id: str = ""
    writes_dns: bool = True
    private_zone: Zone = ""
    public_zone: Zone = ""
    compact: bool = False
    plan_writes_apps: bool = False


@dataclass(frozen=True)
class FileEdit:
    """An edit of one of the files."""

    file: str
    edit: Edit


@dataclass(frozen=True)
class NewFile:
    """One of the files that isn't there, and what it has to say."""

    file: str
    text: str


Finding: TypeAlias = FileEdit | NewFile | PlanError | str
"""Something to do, something that stands against it, or a sentence that its reader should know."""


def manifest_values(plan: Plan, outputs: Mapping[str, object], *, compact: bool) -> ManifestValues:
    """The values, from a plan's outputs (those of several values as lists). Raises ValueError for a plan without an
    openshift section."""
    section = plan.openshift
    if section is None:
        raise ValueError(f"plan {plan.name} has no openshift section")
    private, public = (str(outputs.get(f"{side}HostedZoneId", "")) for side in ("Private", "Public"))
    lacking = {row["service"].rpartition(".")[2] for row in _rows(outputs.get("EndpointsToAdd"))}
    # The tagging API is only asked where a zone is looked up by its tags.
    unreachable = "route53" in lacking or ("tagging" in lacking and not private)
    return ManifestValues(
        section.cluster_domain,
        plan.region,
        section.publish,
        section.infra_id,
        writes_dns=section.apps_record == "none" and (bool(plan.aws.proxy) or not unreachable),
        private_zone=None if section.hosted_zone == "none" else private,
        public_zone=None if section.public_zone == "none" else public,
        compact=compact,
        plan_writes_apps=section.apps_record != "none",
    )


def _rows(value: object) -> Iterator[Mapping[str, str]]:
    yield from (row for row in (value if isinstance(value, list) else ()) if isinstance(row, Mapping))


def manifest_edits(files: Mapping[str, Node], values: ManifestValues, plan_file: str) -> Iterator[Finding]:
    """What to do to the manifests `files`, by the names above."""
    yield from _other_cluster(files, values, plan_file)
    yield FileEdit(SCHEDULER, Put(("spec", "mastersSchedulable"), values.compact))
    for name, zone in (("privateZone", values.private_zone), ("publicZone", values.public_zone)):
        yield from _zone(files[DNS], name, zone, values, plan_file)
    if not values.writes_dns and not values.plan_writes_apps:
        yield (
            f"nothing leads the cluster to Route 53, and the plan makes no record of *.apps.{values.cluster_domain}: "
            f"write openshift.appsRecord: auto into {plan_file}, or make the record by hand"
        )
    if values.publish == "Internal" and INGRESS in files:
        yield from _inside(files[INGRESS])
    elif values.publish == "Internal":
        yield NewFile(INGRESS, INTERNAL_INGRESS)


def _zone(dns: Node, name: str, zone: Zone, values: ManifestValues, plan_file: str) -> Iterator[Finding]:
    path = ("spec", name)
    found = _at(dns, path)
    id = _at(dns, (*path, "id"))
    if zone is None or not values.writes_dns:
        yield FileEdit(DNS, Remove(path))
    elif found is None and name == "publicZone" and values.publish == "Internal":
        # Nothing is published, so nothing belongs into it.
        return
    elif not zone:
        what = f"keeps its {name} as it is" if found is not None else f"has no {name}"
        yield f"{DNS} {what}: the plan's zone isn't there yet, or not known"
    elif id is not None and id.value not in (None, "", zone):
        yield _contradiction(id, f"spec.{name}.id", zone, plan_file)
    else:
        yield FileEdit(DNS, Put(path, {"id": zone}))


def _inside(ingress: Node) -> Iterator[FileEdit]:
    """A router that is reached without a balancer is its user's choice."""
    type = _at(ingress, (*_STRATEGY, "type"))
    if type is None or type.value in (None, _BALANCED):
        yield FileEdit(INGRESS, Put((*_STRATEGY, "type"), _BALANCED))
        yield FileEdit(INGRESS, Put((*_STRATEGY, "loadBalancer", "scope"), "Internal"))


def _other_cluster(files: Mapping[str, Node], values: ManifestValues, plan_file: str) -> Iterator[PlanError]:
    """What tells that the manifests are another cluster's."""
    for file, path, wanted in (
        (DNS, ("spec", "baseDomain"), values.cluster_domain),
        (INFRASTRUCTURE, ("status", "infrastructureName"), values.infra_id),
        (INFRASTRUCTURE, ("status", "platformStatus", "aws", "region"), values.region),
    ):
        found = _at(files[file], path) if file in files else None
        if wanted and found is not None and found.value not in (None, "", wanted):
            yield _contradiction(found, ".".join(path), wanted, plan_file)


def _contradiction(found: Node, path: str, wanted: str, plan_file: str) -> PlanError:
    message = f"{found.value} here, {wanted} by {plan_file}"
    return PlanError(found.position, path, message, "are these another cluster's manifests?")


def _at(node: Node, path: tuple[str, ...]) -> Node | None:
    found: Node | None = node
    for key in path:
        found = (found.mapping() or {}).get(key) if found else None
    return found


def is_machine(manifest: Any) -> bool:
    """Whether a manifest (plain data) is of a machine or of a set of them."""
    return isinstance(manifest, dict) and manifest.get("kind") in MACHINE_KINDS
