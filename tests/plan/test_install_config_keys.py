"""Every key of an install-config.yaml is used, known to be without effect, or named with its place: none is dropped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.engine.values import to_json
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, logical_ids, placeholder_facts
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.install_config_keys import KEYS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors

POOL: Final = """
architecture diskSetup fencing hyperthreading name platform platform.aws replicas
"""
MACHINES: Final = """
additionalSecurityGroupIDs amiID cpuOptions hostPlacement iamProfile iamRole metadataService rootVolume type zones
"""
INSTALLERS_OWN: Final = """
additionalTrustBundle additionalTrustBundlePolicy apiVersion arbiter baseDomain bootstrapInPlace capabilities
capabilities.additionalEnabledCapabilities capabilities.baselineCapabilitySet compute controlPlane cpuPartitioningMode
credentialsMode featureGates featureSet fips imageContentSources imageDigestSources kind metadata metadata.annotations
metadata.creationTimestamp metadata.labels metadata.name metadata.namespace networking networking.clusterNetwork
networking.clusterNetwork[].cidr networking.clusterNetwork[].hostPrefix networking.clusterNetwork[].hostSubnetLength
networking.clusterNetworkMTU networking.clusterNetworks networking.clusterNetworks[].cidr
networking.clusterNetworks[].hostPrefix networking.clusterNetworks[].hostSubnetLength networking.machineCIDR
networking.machineNetwork networking.machineNetwork[].cidr networking.networkType networking.ovnKubernetesConfig
networking.ovnKubernetesConfig.ipv4 networking.ovnKubernetesConfig.ipv4.internalJoinSubnet networking.serviceCIDR
networking.serviceNetwork networking.type operatorPublishingStrategy operatorPublishingStrategy.apiserver
operatorPublishingStrategy.ingress osImageStream platform platform.aws platform.aws.amiID
platform.aws.bestEffortDeleteIgnition platform.aws.defaultMachinePlatform platform.aws.eipAllocations
platform.aws.experimentalPropagateUserTags platform.aws.hostedZone platform.aws.hostedZoneRole platform.aws.ipFamily
platform.aws.lbType platform.aws.preserveBootstrapIgnition platform.aws.propagateUserTags platform.aws.publicIpv4Pool
platform.aws.region platform.aws.serviceEndpoints platform.aws.subnets platform.aws.userProvisionedDNS
platform.aws.userTags platform.aws.vpc platform.aws.vpc.subnets platform.aws.vpc.subnets[].id
platform.aws.vpc.subnets[].roles platform.aws.vpc.subnets[].roles[].type proxy proxy.httpProxy proxy.httpsProxy
proxy.noProxy publish pullSecret sshKey
"""
"""The fields of InstallConfig and of what is in it, for AWS: openshift/installer, pkg/types/installconfig.go,
machinepools.go, aws/platform.go and aws/machinepool.go, release-4.12 to 4.22."""


def all_keys() -> set[str]:
    found = set(INSTALLERS_OWN.split())
    for pool in ("controlPlane", "compute[]", "arbiter"):
        found |= {f"{pool}.{key}" for key in POOL.split()}
        found |= {f"{pool}.platform.aws.{key}" for key in MACHINES.split()}
    return found | {f"platform.aws.defaultMachinePlatform.{key}" for key in MACHINES.split()}


class Verdict(Enum):
    """What becomes of a key."""

    USED = auto()
    NO_EFFECT = auto()
    NAMED = auto()
    REFUSED = auto()


USED, NO_EFFECT, NAMED, REFUSED = Verdict

ROLES: Final = ("ClusterNode", "BootstrapNode", "ControlPlaneInternalLB", "IngressControllerLB")


def subnets(*roles: Sequence[str]) -> list[Any]:
    return [
        {"id": f"subnet-{number}a", **({"roles": [{"type": role} for role in some]} if some else {})}
        for number, some in enumerate(roles)
    ]


@dataclass(frozen=True)
class Case:
    """One key with a value, and what becomes of it. `told` is in the note or the error. `around` is more of the file,
    `plan` are more lines of the plan's section. `checked`: it changes what is said, and nothing else."""

    key: str
    value: Any
    verdict: Verdict = NO_EFFECT
    told: str = ""
    around: Mapping[str, Any] = field(default_factory=dict)
    plan: str = ""
    checked: bool = False


STRATEGY: Final = "operatorPublishingStrategy"
PODS: Final = {"networking": {"clusterNetwork": [{"cidr": "10.132.0.0/14"}]}}
PODS_AS_BEFORE: Final = {"networking": {"clusterNetworks": [{"cidr": "10.132.0.0/14"}]}}
IN_JOIN: Final = {"networking": {"machineNetwork": [{"cidr": "100.64.0.0/16"}]}}
JOIN: Final = "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet"
NO_WAY_OUT: Final = "  egress: none\n  endpoints: []\n"
NAT: Final = "  egress: nat-single\n"
THEIR_ZONE: Final = {"platform": {"aws": {"hostedZone": "Z0123"}}}
TWO: Final = {"platform": {"aws": {"vpc": {"subnets": subnets((), ())}}}}
ONE: Final = {"platform": {"aws": {"vpc": {"subnets": subnets(())}}}}
VPC: Final = "platform.aws.vpc.subnets"
POOL_KEY: Final = "platform.aws.publicIpv4Pool"
NO_WAY: Final = "  egress: none\n"
MISSING: Final = "BootstrapNode, IngressControllerLB, ControlPlaneInternalLB"
EXTERNAL: Final = "ControlPlaneExternalLB"
PROFILES: Final = "openshift.iam.instanceProfiles"
CASES: Final = (
    Case("metadata.name", "lab", USED),
    Case("baseDomain", "corp.net", USED),
    Case("credentialsMode", "Manual", USED, plan=NO_WAY_OUT),
    Case("credentialsMode", "Auto", REFUSED, "Auto"),
    Case("publish", "External", USED),
    Case("publish", "Mixed", USED, "publish: Mixed counts as External here", plan="  publicZone: none\n"),
    Case(f"{STRATEGY}.apiserver", "Internal", USED, "Mixed counts as Internal", around={"publish": "Mixed"}),
    Case(f"{STRATEGY}.apiserver", "External", NAMED, "publish isn't Mixed"),
    Case(f"{STRATEGY}.ingress", "Internal", around={"publish": "Mixed"}),
    Case("networking.machineNetwork[].cidr", "10.8.0.0/16", USED),
    Case("networking.machineNetwork", [{"cidr": "10.8.0.0/16"}, {"cidr": "10.9.0.0/16"}], USED),
    Case("networking.machineNetwork", [{"cidr": "10.8.0.0/16"}, {"cidr": "fd00:10::/48"}], REFUSED, "IPv4 only"),
    Case("networking.machineCIDR", "10.8.0.0/16", USED),
    Case("networking.clusterNetwork[].cidr", "10.0.0.0/14", REFUSED, "overlaps the machineNetwork 10.0.0.0/16"),
    Case("networking.clusterNetwork[].cidr", "fd01::/48", REFUSED, "fd01::/48 is IPv6: IPv4 only is made here"),
    Case("networking.clusterNetwork[].cidr", "10.132.0.0/14", NO_EFFECT),
    Case("networking.clusterNetwork[].hostPrefix", 24, around=PODS),
    Case("networking.clusterNetwork[].hostSubnetLength", 9, around=PODS),
    Case("networking.clusterNetworks[].cidr", "10.0.0.0/14", REFUSED, "overlaps the machineNetwork"),
    Case("networking.clusterNetworks[].hostPrefix", 24, around=PODS_AS_BEFORE),
    Case("networking.clusterNetworks[].hostSubnetLength", 9, around=PODS_AS_BEFORE),
    Case("networking.clusterNetworkMTU", 1200),
    Case("networking.serviceNetwork", ["10.0.240.0/20"], REFUSED, "overlaps the machineNetwork"),
    Case("networking.serviceNetwork", ["172.30.0.0/16", "fd02::/112"], REFUSED, "fd02::/112 is IPv6"),
    Case("networking.serviceCIDR", "10.0.240.0/20", REFUSED, "overlaps the machineNetwork"),
    Case("networking.networkType", "OpenShiftSDN", USED, around=IN_JOIN, checked=True),
    Case("networking.type", "OpenShiftSDN", USED, around=IN_JOIN, checked=True),
    Case(JOIN, "10.0.8.0/22", REFUSED, "10.0.8.0/22 overlaps 10.0.0.0/16"),
    Case(JOIN, "a", REFUSED, "'a' is not a CIDR block"),
    Case(JOIN, "100.99.0.0/16", USED, around=IN_JOIN, checked=True),
    Case("networking.ovnKubernetesConfig", "ipv4", REFUSED, "networking.ovnKubernetesConfig: a mapping is needed"),
    Case("platform.aws.region", "eu-west-2", USED),
    Case("platform.aws.subnets", ["subnet-1a", "subnet-2a"], USED),
    Case("platform.aws.vpc.subnets[].id", "subnet-1a", USED),
    Case(VPC, subnets(ROLES[:2], ROLES[2:]), USED, around=TWO),
    Case(f"{VPC}[].roles[].type", "ClusterNode", REFUSED, f"no subnet has the role {MISSING}", around=ONE),
    Case(VPC, subnets(ROLES, ()), REFUSED, "subnet-1a has no role, and others have"),
    Case(VPC, subnets((*ROLES, EXTERNAL)), REFUSED, "ControlPlaneExternalLB, and publish is Internal"),
    Case(VPC, subnets((*ROLES, "Etcd")), REFUSED, "Etcd"),
    Case(VPC, subnets(ROLES, ("EdgeNode",)), USED, "the role EdgeNode of a subnet is not"),
    Case("platform.aws.vpc", ["subnet-1a"], REFUSED, "platform.aws.vpc: a mapping is needed"),
    Case("platform.aws.hostedZone", "Z0123", USED, "takes hostedZone only beside existing subnets"),
    Case("platform.aws.hostedZone", "Z0123", USED, around=ONE),
    Case("platform.aws.hostedZoneRole", "arn:aws:iam::123456789012:role/x", USED, around=THEIR_ZONE),
    Case("platform.aws.hostedZoneRole", "arn:aws:iam::123456789012:role/x", REFUSED, "there is no role"),
    Case("platform.aws.hostedZoneRole", "x", REFUSED, "a role's ARN"),
    Case("baseDomain", "corp.net.", USED),
    Case("platform.aws.userTags", {"costCentre": "4711"}, USED),
    Case("platform.aws.serviceEndpoints", [{"name": "ec2", "url": "https://ec2.example.com"}], USED),
    Case(POOL_KEY, "ipv4pool-ec2-0a", USED, plan=NAT),
    Case(POOL_KEY, "ipv4pool-ec2-0a", NAMED, "the plan makes no Elastic IP", plan=NO_WAY),
    Case(POOL_KEY, "mine", REFUSED, "ipv4pool-ec2-…"),
    Case("platform.aws.userProvisionedDNS", "Enabled", USED),
    Case("platform.aws.userProvisionedDNS", "Disabled"),
    Case("platform.aws.ipFamily", "DualStackIPv4Primary", REFUSED, "platform.aws.ipFamily in .*: IPv4 only"),
    Case("platform.aws.ipFamily", "IPv4"),
    Case("platform.aws.amiID", "ami-1"),
    Case("platform.aws.lbType", "NLB"),
    Case("platform.aws.eipAllocations", {"ingressNetworkLoadBalancer": ["eipalloc-1"]}),
    Case("platform.aws.bestEffortDeleteIgnition", True),
    Case("platform.aws.preserveBootstrapIgnition", True),
    Case("platform.aws.propagateUserTags", True),
    Case("platform.aws.experimentalPropagateUserTags", True),
    Case("proxy.httpProxy", "http://proxy.example.com:3128", USED),
    Case("proxy.httpsProxy", "http://proxy.example.com:3128", USED),
    Case("proxy.httpProxy", "http://:3128", REFUSED, "has no host and port"),
    Case("proxy.noProxy", ".example.com"),
    Case("proxy.noProxy", ".example.com", USED, around={"proxy": {"httpProxy": "http://proxy.example.com:3128"}}),
    Case("platform.aws.defaultMachinePlatform.zones", ["eu-west-1c"], USED),
    Case("controlPlane.platform.aws.zones", ["eu-west-1b", "eu-west-1c"], USED),
    Case("controlPlane.platform.aws.zones", ["eu-west-1b", "eu-west-1-lon-1a"], REFUSED, "a Local or Wavelength Zone"),
    Case("controlPlane.platform.aws.zones", [f"eu-west-1{each}" for each in "abcd"], REFUSED, "1 to 3 zone names"),
    Case("controlPlane.platform.aws.zones", "eu-west-1b", REFUSED, "1 to 3 zones, or a list"),
    Case("compute[].platform.aws.zones", ["eu-west-1b"], USED),
    Case("compute[].name", "edge", NAMED, "the compute pool edge is not honoured"),
    Case("compute", {"name": "worker"}, REFUSED, "compute: a list of mappings is needed"),
    Case("additionalTrustBundle", "-----BEGIN", NO_EFFECT),
    Case("additionalTrustBundle", "-----BEGIN", NAMED, "aws.caBundle", around={"proxy": {"httpsProxy": "http://p.example.com:1"}}),
    Case("imageContentSources", [{"source": "a", "mirrors": ["b"]}], USED),
    Case(
        "imageDigestSources", [{"source": "a", "mirrors": ["b:5000/c"], "sourcePolicy": "NeverContactSource"}], USED,
    ),
    Case("imageDigestSources", [{"source": "a"}]),
    Case("imageDigestSources", [{"mirrors": ["b:99999"]}], REFUSED, "a mirror has no host"),
    Case("imageDigestSources", ["b"], REFUSED, "imageDigestSources"),
    Case(
        "imageDigestSources", [{"mirrors": ["b"]}], REFUSED, "differs from",
        around={"imageContentSources": [{"mirrors": ["c"]}]},
    ),
    Case("bootstrapInPlace", {"installationDisk": "/dev/sda"}, NAMED, "openshift.bootstrap: false"),
    *(
        Case(f"{pool}.iamRole", "ocp", NAMED, PROFILES)
        for pool in ("controlPlane.platform.aws", "compute[].platform.aws", "arbiter.platform.aws",
                     "platform.aws.defaultMachinePlatform")
    ),
    Case("controlPlane.platform.aws.iamProfile", "ocp", USED),
    Case("compute[].platform.aws.iamProfile", "ocp", USED),
    Case("platform.aws.defaultMachinePlatform.iamProfile", "ocp", USED),
    Case("controlPlane.platform.aws.iamProfile", "not/one", REFUSED, "an instance profile's name"),
    Case("arbiter.platform.aws.iamProfile", "ocp"),
    *(
        Case(f"{pool}.{key}", value)
        for pool in ("controlPlane.platform.aws", "compute[].platform.aws", "arbiter.platform.aws",
                     "platform.aws.defaultMachinePlatform")
        for key, value in {
            "additionalSecurityGroupIDs": ["sg-1"], "amiID": "ami-1", "cpuOptions": {"confidentialCompute": "Disabled"},
            "hostPlacement": {"affinity": "AnyAvailable"}, "metadataService": {"authentication": "Required"},
            "rootVolume": {"size": 120, "type": "gp3", "iops": 0, "throughput": 125, "kmsKeyARN": "arn:aws:kms:x"},
            "type": "m6i.xlarge",
        }.items()
    ),
    *(
        Case(f"{pool}.{key}", value)
        for pool in ("controlPlane", "compute[]", "arbiter")
        for key, value in {"architecture": "arm64", "diskSetup": [{"type": "swap"}], "fencing": {"credentials": []},
                           "hyperthreading": "Disabled", "replicas": 0}.items()
    ),
    Case("arbiter.platform.aws.zones", ["eu-west-1c"]),
    Case("controlPlane.name", "master"),
    Case("arbiter.name", "arbiter"),
    *(
        Case(key, value)
        for key, value in {
            "apiVersion": "v1", "kind": "InstallConfig", "metadata.annotations": {"a": "b"},
            "metadata.creationTimestamp": "now", "metadata.labels": {"a": "b"}, "metadata.namespace": "a",
            "additionalTrustBundlePolicy": "Always", "capabilities.baselineCapabilitySet": "None",
            "capabilities.additionalEnabledCapabilities": ["baremetal"], "cpuPartitioningMode": "AllNodes",
            "featureGates": ["A=true"], "featureSet": "CustomNoUpgrade", "fips": True,
            "osImageStream": "rhel-10", "pullSecret": "not-to-be-shown", "sshKey": "not-to-be-shown",
        }.items()
    ),
    Case("platform.gcp", {}, REFUSED, "platform gcp in .*: only AWS is known here"),
    Case("platform.aws.subnet", ["subnet-1"], NAMED, "unknown key platform.aws.subnet, not honoured"),
    Case("platform.aws.vpc.id", "vpc-1", NAMED, "unknown key platform.aws.vpc.id"),
    Case("compute[].platform.aws.zone", "eu-west-1b", NAMED, "unknown key compute.platform.aws.zone"),
    Case("compute[].platform.gcp", {"type": "n1"}, NAMED, "unknown key compute.platform.gcp"),
    Case("networking.machineNetworks", [{"cidr": "10.8.0.0/16"}], NAMED, "unknown key networking.machineNetworks"),
    Case("proxy.httpsProxies", "http://u:not-to-be-shown@p", NAMED, "unknown key proxy.httpsProxies"),
    Case("pullSecrets", "not-to-be-shown", NAMED, "unknown key pullSecrets"),
)  # fmt: skip
BASE: Final = {
    "baseDomain": "example.com",
    "metadata": {"name": "prod"},
    "publish": "Internal",
    "platform": {"aws": {"region": "eu-west-1"}},
}


def with_key(config: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """The config with a value put in at a path."""
    name, *below = path
    key = name.removesuffix("[]")
    if not below:
        return {**config, key: value if key == name else [value]}
    found = config.get(key)
    if key == name:
        return {**config, key: with_key(found or {}, below, value)}
    return {**config, key: [with_key((found or [{}])[0], below, value), *(found or [{}])[1:]]}


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: merged(one[key], other[key]) for key in other if isinstance(one.get(key), dict)}
    return {**one, **other, **both}


def loaded(base: Path, config: Mapping[str, Any], lines: str) -> Plan:
    (base / "config.yaml").write_text(json.dumps(config, indent=1))
    plan = f"name: a\nopenshift:\n  installConfig: config.yaml\n  infraID: {config['metadata']['name']}-x7k2p\n{lines}"
    return load(plan, "plan.yaml", Inputs(KINDS, base=base, openshift_ids=logical_ids))


def picture(plan: Plan) -> dict[str, Any]:
    """What is made, what is told of it, and how AWS is reached."""
    facts = placeholder_facts(plan)
    return {
        "resources": {id: (one.type, to_json(one.properties)) for id, one in expand(plan, facts).items()},
        "outputs": [(each.name, to_json(each.value)) for each in outputs(plan, facts)],
        "settings": (plan.region, plan.user_tags, plan.aws),
        "images": (plan.openshift.proxy, plan.openshift.mirrors) if plan.openshift else None,
    }


def unplaced(notes: Sequence[str]) -> list[str]:
    return [note.split(": ", 1)[1] for note in notes]


@cache
def without_key(config: str, lines: str, base: Path) -> tuple[Mapping[str, Any], Sequence[str]]:
    """What a plan makes of a file without the key: the same for most of them."""
    plan = loaded(base, json.loads(config), lines)
    return picture(plan), unplaced(plan.notes)


def name_of(case: Case) -> str:
    return f"{case.key}-{case.verdict.name}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_no_key_is_dropped(tmp_path: Path, case: Case) -> None:
    around = merged(BASE, case.around)
    config = with_key(around, case.key.split("."), case.value)
    if case.verdict is REFUSED:
        with pytest.raises(PlanErrors, match=case.told) as refused:
            loaded(tmp_path, config, case.plan)
        assert "config.yaml:" in str(refused.value)
        return
    before, noted = without_key(json.dumps(around), case.plan, tmp_path.parent)
    after = loaded(tmp_path, config, case.plan)
    same, heard = before == picture(after), noted == unplaced(after.notes)
    assert same is (case.verdict is not USED or case.checked)
    assert heard is (case.verdict is NO_EFFECT or (case.verdict is USED and not case.checked and not case.told))
    if case.told:
        (note,) = (each for each in after.notes if re.search(case.told, each))
        assert case.verdict is USED or place_of(case, config) in places(note)
        assert "not-to-be-shown" not in note


def place_of(case: Case, config: Mapping[str, Any]) -> int:
    """The line of the last key of a path."""
    lines = json.dumps(config, indent=1).splitlines()
    name = case.key.split(".")[-1].removesuffix("[]")
    found = [number for number, line in enumerate(lines, 1) if f'"{name}"' in line]
    return found[-1]


def places(note: str) -> Iterator[int]:
    yield from (int(line) for line in re.findall(r"(?:config|plan)\.yaml:(\d+):", note))


def test_the_installers_keys_are_ours_and_each_has_a_case() -> None:
    ours = {key.removesuffix("[]") for key in KEYS}
    assert ours - all_keys() == set()
    assert all_keys() - ours == set()
    tried = {case.key.replace("[]", "") for case in CASES}
    plain = {key.replace("[]", "") for key in all_keys()}
    leaves = {key for key in plain if not any(other.startswith(f"{key}.") for other in plain)}
    assert leaves - tried == set()
    assert len(CASES) >= 40


def test_an_edge_subnet_is_named_with_its_place(tmp_path: Path) -> None:
    config = merged(BASE, {"platform": {"aws": {"vpc": {"subnets": subnets(ROLES, ("EdgeNode",))}}}})
    (note,) = loaded(tmp_path, config, "").notes
    line = next(
        number for number, text in enumerate(json.dumps(config, indent=1).splitlines(), 1) if "EdgeNode" in text
    )
    assert note.startswith(f"{tmp_path / 'config.yaml'}:{line}:")
