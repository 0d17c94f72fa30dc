"""What a cluster's machines and operators ask of the AWS services behind its endpoints.

Of the machines it is what their roles may do, of the operators what they ask credentials for. Where a policy of
Amazon S3's endpoint has to let images through is AWS's: Amazon ECR user guide, "Amazon ECR interface VPC endpoints",
"Minimum Amazon S3 Bucket Permissions for Amazon ECR".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ocpprov.openshift.endpoints import services
from ocpprov.openshift.iam import READ_OBJECTS, ROLES, Machine
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.operator_permissions import CredentialsRequest, requests_of
from ocpprov.openshift.storage import IGNITION_KEY
from ocpprov.plan.releases import in_force
from ocpprov.reachability.endpoint_policies import ServiceCall

_PREFIXES: Final = {"tagging": "tag"}
"""Actions have the service's own word before them, but for these."""
_REGISTRY: Final = "ImageRegistry"
_CREDENTIALS: Final = "CloudCredential"
_OF_OBJECTS: Final = frozenset(
    {"s3:AbortMultipartUpload", "s3:DeleteObject", READ_OBJECTS, "s3:ListMultipartUploadParts", "s3:PutObject"}
)
"""The others of the registry's are about its bucket (service authorization reference, Amazon S3)."""
_NO_CALL: Final = "iam:PassRole"
"""A permission that other services ask about: nobody calls it."""
_BY_SERVICES: Final = "iam:CreateServiceLinkedRole"
"""What load balancing does for whoever makes the account's first balancer."""
_OF_KEYS: Final = "kms:"
"""Which a cluster without encrypted volumes never asks for."""
_LAYERS: Final = "ecr.dkr"
_MACHINES: Final[Mapping[Party, Machine]] = {
    Party.CONTROL_PLANE: "master",
    Party.COMPUTE: "worker",
    Party.BOOTSTRAP: "bootstrap",
}


@dataclass(frozen=True)
class KnownNames:
    """What AWS has made, as far as it is there: the ignition files' bucket, and the machines' roles by their ARNs. The
    account is empty where it isn't known."""

    account: str = ""
    bucket: str = ""
    roles: Mapping[Machine, str] = field(default_factory=dict)


def calls_of(layout: Layout, service: str, party: Party, names: KnownNames) -> Iterator[ServiceCall]:
    """What a party asks of a service, by the name that AWS has of it for endpoints. Operators run on the control plane,
    and the registry on any machine."""
    prefix = _prefix(service)
    own = [*_of_machine(layout, party, names), *_of_operators(layout, party)]
    found = [call for call in own if call.action.startswith(f"{prefix}:")]
    if found or party is Party.CONTROL_PLANE:
        # Whatever else is asked, a policy that lets nothing through is wrong.
        yield ServiceCall(f"{prefix}:*", part=True)
    yield from found
    if prefix == "s3":
        yield from _of_images(layout, party)


def _prefix(service: str) -> str:
    """`ec2` of com.amazonaws.eu-west-1.ec2, `ecr` of com.amazonaws.eu-west-1.ecr.api, `iam` of com.amazonaws.iam."""
    word = re.sub(r"^.*amazonaws\.([a-z]+(-[a-z]+)+-\d+\.)?", "", service).partition(".")[0]
    return _PREFIXES.get(word, word)


def _of_machine(layout: Layout, party: Party, names: KnownNames) -> Iterator[ServiceCall]:
    machine, caller = _MACHINES[party], names.roles.get(_MACHINES[party], "")
    role = next(role for role in ROLES if role.machine == machine)
    for action in in_force(role.scoped, layout.section.version).actions:
        if action != READ_OBJECTS:
            yield ServiceCall(action, caller=caller, certain=not action.startswith(_OF_KEYS), part="*" in action)
    if machine == "bootstrap" and layout.section.bucket.create:
        # It may read the file by its role, or by a URL that somebody else has signed.
        bucket = names.bucket or layout.section.bucket.name or "*"
        objects = f"arn:{layout.partition.id}:s3:::{bucket}/{IGNITION_KEY}"
        yield ServiceCall(READ_OBJECTS, objects, owner=names.account)


def _of_operators(layout: Layout, party: Party) -> Iterator[ServiceCall]:
    for request in requests_of(layout.section.version):
        if request.sid == _REGISTRY:
            yield from _of_registry(layout, request)
        elif party is Party.CONTROL_PLANE and not _needless(layout, request):
            yield from _each(request.actions)
            yield from _each((*request.for_keys, *request.for_grants), certain=False)


def _needless(layout: Layout, request: CredentialsRequest) -> bool:
    """Whoever makes all credentials by hand needs nobody who looks after them."""
    return request.sid == _CREDENTIALS and layout.section.credentials_mode == "Manual"


def _of_registry(layout: Layout, request: CredentialsRequest) -> Iterator[ServiceCall]:
    """Its bucket has a name that the operator makes up, unless somebody gives it another one, or no bucket at all."""
    bucket = f"arn:{layout.partition.id}:s3:::{layout.section.infra_id or '*'}-image-registry-{layout.region}-*"
    for action in request.actions:
        resource = f"{bucket}/*" if action in _OF_OBJECTS else bucket
        yield ServiceCall(action, resource, certain=False)


def _of_images(layout: Layout, party: Party) -> Iterator[ServiceCall]:
    """Images' layers are in buckets: ECR's are known, others' of the region are not."""
    of_layers = f"arn:{layout.partition.id}:s3:::prod-{layout.region}-starport-layer-bucket/*"
    if any(service.name.endswith(f".{_LAYERS}") for service in services(layout)):
        yield ServiceCall(READ_OBJECTS, of_layers)
    elif layout.section.egress != "none" and party is not Party.BOOTSTRAP:
        yield ServiceCall(READ_OBJECTS, f"arn:{layout.partition.id}:s3:::*", certain=False)


def _each(actions: Iterable[str], *, certain: bool = True) -> Iterator[ServiceCall]:
    called = (action for action in actions if action != _NO_CALL)
    return (ServiceCall(action, certain=certain and action != _BY_SERVICES) for action in called)
