"""openshift-install, as far as a plan has to do with it: which files it reads, writes, consumes and deletes, and what
it asks AWS before it goes on. Sources: pkg/asset (store, installconfig, manifests, machines, cluster) and pkg/destroy
of openshift/installer, release-4.12 to 4.20, and docs/user/aws/install_upi.md.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

Client = Callable[[str], Any]
"""A client of AWS by boto3's name of a service."""

SECRET: Final = "not-to-be-shown"
_STATE: Final = ".openshift_install_state.json"
_ROLES_SINCE: Final = 19
_PRIVATE_ROLES: Final = frozenset(("ClusterNode", "ControlPlaneInternalLB"))
_SHARED_ROLES: Final = frozenset(("BootstrapNode", "IngressControllerLB"))


class Fatal(Exception):
    """What the installer ends with."""


@dataclass(frozen=True)
class OpenShiftInstall:
    """The program of a release such as 4.18, run in the folder `home`. Random things are made from `seed`."""

    home: Path
    release: str
    client: Client
    seed: int = 0
    said: list[str] = field(default_factory=list)

    def run(self, words: Sequence[str]) -> None:
        """A command line, without the program's name. Raises Fatal."""
        *verb, option, folder = words
        if option != "--dir":
            raise Fatal(f"unknown command {words}")
        place = self.home / folder
        match verb:
            case ["create", "manifests"]:
                self._manifests(place)
            case ["create", "ignition-configs"]:
                self._ignition_configs(place)
            case ["wait-for", "bootstrap-complete"]:
                self._wait(place, bootstrap=True)
            case ["wait-for", "install-complete"]:
                self._wait(place, bootstrap=False)
            case ["destroy", "cluster"]:
                self._destroy(place)
            case _:
                raise Fatal(f"unknown command {words}")

    @property
    def minor(self) -> int:
        return int(self.release.split(".")[1])

    def _manifests(self, place: Path) -> None:
        file = place / "install-config.yaml"
        if not file.exists():
            raise Fatal("there is no install-config.yaml, and nobody to ask")
        config: dict[str, Any] = YAML(typ="safe", pure=True).load(file)
        self._validate(config)
        letters = random.Random(f"{self.seed} {place}").choices("bcdfghjklmnpqrstvwxz2456789", k=5)
        infra_id = f"{config['metadata']['name'][:21]}-{''.join(letters)}"
        for name, text in self._written(config, infra_id):
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(text)
        state = {
            "*installconfig.ClusterID": {"UUID": "00000000-0000-4000-8000-000000000000", "InfraID": infra_id},
            "*installconfig.InstallConfig": {"config": config, "file": {"Filename": file.name, "Data": "c2VjcmV0"}},
        }
        (place / _STATE).write_text(json.dumps(state))
        file.unlink()

    def _validate(self, config: Mapping[str, Any]) -> None:
        """What it asks AWS before it writes anything. Raises Fatal."""
        aws = config["platform"]["aws"]
        self._public_zone(config)
        roles = {each["id"]: {role["type"] for role in each.get("roles", ())} for each in _with_roles(aws)}
        if roles and self.minor < _ROLES_SINCE:
            raise Fatal(f"unknown field vpc of release {self.release}")
        named = [*roles, *aws.get("subnets", ())]
        if named:
            self._subnets(named, config)
        if any(roles.values()):
            self._roles(roles, config)

    def _public_zone(self, config: Mapping[str, Any]) -> str:
        """The id of the zone in which a published cluster is found; empty for one that isn't. Raises Fatal."""
        inside = config.get("publish", "External") != "External"
        if inside or str(config["platform"]["aws"]["region"]).startswith("us-gov-"):
            return ""
        for zone in self.client("route53").list_hosted_zones()["HostedZones"]:
            if not zone["Config"]["PrivateZone"] and zone["Name"].rstrip(".") == config["baseDomain"]:
                return str(zone["Id"]).rpartition("/")[2]
        raise Fatal(f"No public route53 zone found matching name {config['baseDomain']}")

    def _subnets(self, named: Sequence[str], config: Mapping[str, Any]) -> None:
        ec2 = self.client("ec2")
        found = ec2.describe_subnets(Filters=[{"Name": "subnet-id", "Values": list(named)}])["Subnets"]
        if len(found) != len(named):
            raise Fatal(f"not all of {named} are there")
        if len({each["VpcId"] for each in found}) != 1:
            raise Fatal("subnets of several VPCs")
        blocks = [IPv4Network(each["cidr"]) for each in config["networking"]["machineNetwork"]]
        for each in found:
            if not any(IPv4Network(each["CidrBlock"]).subnet_of(block) for block in blocks):
                raise Fatal(f"{each['SubnetId']} is outside of {blocks}")

    def _roles(self, roles: Mapping[str, set[str]], config: Mapping[str, Any]) -> None:
        given = set().union(*roles.values())
        wanted = _PRIVATE_ROLES | _SHARED_ROLES
        if config.get("publish", "External") == "External":
            wanted |= {"ControlPlaneExternalLB"}
        if given != wanted or not all(roles.values()):
            raise Fatal(f"roles {sorted(given)}, expected {sorted(wanted)} on every subnet")

    def _written(self, config: Mapping[str, Any], infra_id: str) -> Iterator[tuple[str, str]]:
        """Its manifests: those that somebody looks into, and those of the machines."""
        domain = f"{config['metadata']['name']}.{config['baseDomain']}"
        region = config["platform"]["aws"]["region"]
        zone = self._public_zone(config)
        public = f"  publicZone:\n    id: {zone}\n" if zone else ""
        yield (
            "manifests/cluster-dns-02-config.yml",
            f"""\
apiVersion: config.openshift.io/v1
kind: DNS
metadata:
  creationTimestamp: null
  name: cluster
spec:
  baseDomain: {domain}
  privateZone:
    tags:
      Name: {infra_id}-int
      kubernetes.io/cluster/{infra_id}: owned
{public}status: {{}}
""",
        )
        yield (
            "manifests/cluster-scheduler-02-config.yml",
            """\
apiVersion: config.openshift.io/v1
kind: Scheduler
metadata:
  creationTimestamp: null
  name: cluster
spec:
  mastersSchedulable: true
  policy:
    name: ""
status: {}
""",
        )
        yield (
            "manifests/cluster-infrastructure-02-config.yml",
            f"""\
apiVersion: config.openshift.io/v1
kind: Infrastructure
metadata:
  creationTimestamp: null
  name: cluster
status:
  infrastructureName: {infra_id}
  platform: AWS
  platformStatus:
    aws:
      region: {region}
    type: AWS
""",
        )
        for name in self._machines():
            kind = {"mas": "Machine", "wor": "MachineSet"}.get(name[26:29], "ControlPlaneMachineSet")
            yield f"openshift/{name}", f"apiVersion: machine.openshift.io/v1beta1\nkind: {kind}\nmetadata:\n  name: x\n"
        for name in ("master", "worker"):
            yield f"openshift/99_openshift-cluster-api_{name}-user-data-secret.yaml", "kind: Secret\n"

    def _machines(self) -> Sequence[str]:
        return (
            *(f"99_openshift-cluster-api_master-machines-{number}.yaml" for number in range(3)),
            "99_openshift-cluster-api_worker-machineset-0.yaml",
            "99_openshift-machine-api_master-control-plane-machine-set.yaml",
        )

    def _ignition_configs(self, place: Path) -> None:
        state = json.loads((place / _STATE).read_text())
        infra_id = state["*installconfig.ClusterID"]["InfraID"]
        config = state["*installconfig.InstallConfig"]["config"]
        left = sorted(each.name for each in (place / "openshift").iterdir())
        if any("machine" in each for each in left):
            raise Fatal(f"it would make the machines itself: {left}")
        if "mastersSchedulable: false" not in (place / "manifests" / "cluster-scheduler-02-config.yml").read_text():
            raise Fatal("workloads would run on the control plane")
        # Without a zone in the manifest the cluster writes no records, so that somebody else has to.
        state["writes_dns"] = "privateZone" in (place / "manifests" / "cluster-dns-02-config.yml").read_text()
        (place / _STATE).write_text(json.dumps(state))
        for folder in ("manifests", "openshift"):
            for each in (place / folder).iterdir():
                each.unlink()
            (place / folder).rmdir()
        for name in ("bootstrap", "master", "worker"):
            (place / f"{name}.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}, "secret": SECRET}))
        (place / "auth").mkdir()
        (place / "auth" / "kubeconfig").write_text("")
        aws = {
            "region": config["platform"]["aws"]["region"],
            "identifier": [{f"kubernetes.io/cluster/{infra_id}": "owned"}],
        }
        name = config["metadata"]["name"]
        metadata = {"clusterName": name, "clusterID": "0", "infraID": infra_id, "aws": aws}
        (place / "metadata.json").write_text(json.dumps(metadata))

    def _wait(self, place: Path, *, bootstrap: bool) -> None:
        """The API answers where the balancers inside lead to three machines of the control plane, and the bootstrap
        machine, as long as it is needed. Raises Fatal."""
        if not (place / "auth" / "kubeconfig").exists():
            raise Fatal("there is no kubeconfig")
        infra_id = self._metadata(place)["infraID"]
        if not bootstrap and not json.loads((place / _STATE).read_text())["writes_dns"] and not self._has_apps():
            raise Fatal("the console's name isn't known: there is no record *.apps")
        machines = machines_of(self.client, infra_id)
        wanted = {
            each["PrivateIpAddress"]
            for name, each in machines.items()
            if "master" in name or (bootstrap and "bootstrap" in name)
        }
        elb = self.client("elbv2")
        groups = [each["TargetGroupArn"] for each in elb.describe_target_groups()["TargetGroups"]]
        for group in groups:
            health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
            targets = {each["Target"]["Id"] for each in health}
            if len(wanted) < 3 or not wanted <= targets:
                raise Fatal(f"{group} leads to {sorted(targets)}, not to {sorted(wanted)}")

    def _has_apps(self) -> bool:
        client = self.client("route53")
        zones = [zone["Id"] for zone in client.list_hosted_zones()["HostedZones"]]
        rows = [row for id in zones for row in client.list_resource_record_sets(HostedZoneId=id)["ResourceRecordSets"]]
        return any(row["Name"].startswith(r"\052.apps.") or row["Name"].startswith("*.apps.") for row in rows)

    def _destroy(self, place: Path) -> None:
        """Its own things are those with the tag `owned`; it ends by deleting what it knows of the cluster."""
        infra_id = self._metadata(place)["infraID"]
        ec2 = self.client("ec2")
        tag = {"Name": f"tag:kubernetes.io/cluster/{infra_id}", "Values": ["owned"]}
        for reservation in ec2.describe_instances(Filters=[tag])["Reservations"]:
            ec2.terminate_instances(InstanceIds=[each["InstanceId"] for each in reservation["Instances"]])
        elb = self.client("elb")
        for name in [each["LoadBalancerName"] for each in elb.describe_load_balancers()["LoadBalancerDescriptions"]]:
            [told] = elb.describe_tags(LoadBalancerNames=[name])["TagDescriptions"]
            if {"Key": f"kubernetes.io/cluster/{infra_id}", "Value": "owned"} in told["Tags"]:
                elb.delete_load_balancer(LoadBalancerName=name)
        for name in ("metadata.json", _STATE):
            (place / name).unlink()

    def _metadata(self, place: Path) -> dict[str, Any]:
        if not (place / "metadata.json").exists():
            raise Fatal("there is no metadata.json")
        found: dict[str, Any] = json.loads((place / "metadata.json").read_text())
        return found


def _with_roles(aws: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = aws.get("vpc", {}).get("subnets", ())
    return found


def machines_of(client: Client, infra_id: str) -> dict[str, Mapping[str, Any]]:
    """The cluster's running instances by their names."""
    reservations = client("ec2").describe_instances(
        Filters=[
            {"Name": "tag-key", "Values": [f"kubernetes.io/cluster/{infra_id}"]},
            {"Name": "instance-state-name", "Values": ["pending", "running"]},
        ]
    )["Reservations"]
    instances = [each for reservation in reservations for each in reservation["Instances"]]
    return {tag["Value"]: each for each in instances for tag in each["Tags"] if tag["Key"] == "Name"}
