"""MachineSets for compute machines, one for each zone, with the names and labels that openshift-install gives them.

Source: pkg/asset/machines/aws of openshift/installer, release-4.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

NO_IMAGE: Final = "RHCOS_AMI"
"""In the place of an image that nobody has named: AWS takes it for no image's id."""
_INSTANCE_TYPE: Final = "m5.large"
"""The default of template 06_cluster_worker_node.yaml."""
_VOLUME: Final[Mapping[str, Any]] = {"encrypted": True, "volumeSize": 120, "volumeType": "gp3"}
_API: Final = "machine.openshift.io"
_VERSION: Final = f"{_API}/v1beta1"
_ROLE: Final = "worker"


@dataclass(frozen=True)
class MachineSetInputs:
    """What the machine sets of a cluster have in common: AWS's ids, the profile's name. Each has so many `replicas`."""

    infra_id: str
    region: str
    security_group: str
    instance_profile: str
    image: str = NO_IMAGE
    replicas: int = 0
    user_tags: Mapping[str, str] = field(default_factory=dict)


def machine_set(inputs: MachineSetInputs, subnet: str, zone: str) -> dict[str, Any]:
    """The manifest of the machine set in one zone, whose machines are in this subnet (by id)."""
    name = f"{inputs.infra_id}-{_ROLE}-{zone}"
    cluster = {f"{_API}/cluster-api-cluster": inputs.infra_id}
    chosen = {**cluster, f"{_API}/cluster-api-machineset": name}
    roles = {f"{_API}/cluster-api-machine-role": _ROLE, f"{_API}/cluster-api-machine-type": _ROLE}
    return {
        "apiVersion": _VERSION,
        "kind": "MachineSet",
        "metadata": {"name": name, "namespace": "openshift-machine-api", "labels": cluster},
        "spec": {
            "replicas": inputs.replicas,
            "selector": {"matchLabels": chosen},
            "template": {
                "metadata": {"labels": {**chosen, **roles}},
                "spec": {"providerSpec": {"value": _machine(inputs, subnet, zone)}},
            },
        },
    }


def _machine(inputs: MachineSetInputs, subnet: str, zone: str) -> dict[str, Any]:
    tags = {f"kubernetes.io/cluster/{inputs.infra_id}": "owned", **inputs.user_tags}
    return {
        "apiVersion": _VERSION,
        "kind": "AWSMachineProviderConfig",
        "ami": {"id": inputs.image},
        "instanceType": _INSTANCE_TYPE,
        "blockDevices": [{"ebs": dict(_VOLUME)}],
        "placement": {"region": inputs.region, "availabilityZone": zone},
        "subnet": {"id": subnet},
        "securityGroups": [{"id": inputs.security_group}],
        "iamInstanceProfile": {"id": inputs.instance_profile},
        "credentialsSecret": {"name": "aws-cloud-credentials"},
        "userDataSecret": {"name": f"{_ROLE}-user-data"},
        "tags": [{"name": key, "value": value} for key, value in tags.items()],
    }
