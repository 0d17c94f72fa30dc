"""Machine sets as openshift-install writes them (pkg/asset/machines/aws, release-4.12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ocpprov.installer.machine_sets import NO_IMAGE, MachineSetInputs, machine_set

INPUTS: Final = MachineSetInputs("prod-x7k2p", "eu-west-1", "sg-0b", "prod-worker-profile")


def test_one_zone() -> None:
    machines = machine_set(replace(INPUTS, image="ami-0f", replicas=2), "subnet-1a", "eu-west-1a")
    assert machines == {
        "apiVersion": "machine.openshift.io/v1beta1",
        "kind": "MachineSet",
        "metadata": {
            "name": "prod-x7k2p-worker-eu-west-1a",
            "namespace": "openshift-machine-api",
            "labels": {"machine.openshift.io/cluster-api-cluster": "prod-x7k2p"},
        },
        "spec": {
            "replicas": 2,
            "selector": {
                "matchLabels": {
                    "machine.openshift.io/cluster-api-cluster": "prod-x7k2p",
                    "machine.openshift.io/cluster-api-machineset": "prod-x7k2p-worker-eu-west-1a",
                }
            },
            "template": {
                "metadata": {
                    "labels": {
                        "machine.openshift.io/cluster-api-cluster": "prod-x7k2p",
                        "machine.openshift.io/cluster-api-machine-role": "worker",
                        "machine.openshift.io/cluster-api-machine-type": "worker",
                        "machine.openshift.io/cluster-api-machineset": "prod-x7k2p-worker-eu-west-1a",
                    }
                },
                "spec": {
                    "providerSpec": {
                        "value": {
                            "apiVersion": "machine.openshift.io/v1beta1",
                            "kind": "AWSMachineProviderConfig",
                            "ami": {"id": "ami-0f"},
                            "instanceType": "m5.large",
                            "blockDevices": [{"ebs": {"encrypted": True, "volumeSize": 120, "volumeType": "gp3"}}],
                            "placement": {"region": "eu-west-1", "availabilityZone": "eu-west-1a"},
                            "subnet": {"id": "subnet-1a"},
                            "securityGroups": [{"id": "sg-0b"}],
                            "iamInstanceProfile": {"id": "prod-worker-profile"},
                            "credentialsSecret": {"name": "aws-cloud-credentials"},
                            "userDataSecret": {"name": "worker-user-data"},
                            "tags": [{"name": "kubernetes.io/cluster/prod-x7k2p", "value": "owned"}],
                        }
                    }
                },
            },
        },
    }


def test_nothing_runs_and_no_image_is_named_unless_it_is_said() -> None:
    spec = machine_set(INPUTS, "subnet-1a", "eu-west-1a")["spec"]
    machine = spec["template"]["spec"]["providerSpec"]["value"]
    assert (spec["replicas"], machine["ami"], NO_IMAGE) == (0, {"id": "RHCOS_AMI"}, "RHCOS_AMI")


def test_machines_carry_the_users_tags() -> None:
    tagged = machine_set(replace(INPUTS, user_tags={"team": "a"}), "subnet-1a", "eu-west-1a")
    assert tagged["spec"]["template"]["spec"]["providerSpec"]["value"]["tags"] == [
        {"name": "kubernetes.io/cluster/prod-x7k2p", "value": "owned"},
        {"name": "team", "value": "a"},
    ]
