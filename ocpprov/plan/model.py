"""A plan, read and checked: typed, frozen, independent of AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Literal

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import Value


@dataclass(frozen=True)
class ServiceEndpoint:
    """An own URL for one service, as install-config's `platform.aws.serviceEndpoints`."""

    name: str
    url: str


@dataclass(frozen=True)
class AwsSettings:
    """How to reach AWS where the environment's variables don't say it. Paths and URLs as given."""

    service_endpoints: Sequence[ServiceEndpoint] = ()
    proxy: str = ""
    ca_bundle: str = ""


@dataclass(frozen=True)
class SubnetCIDRs:
    """Subnet blocks given one by one, in zone order."""

    public: Sequence[IPv4Network] = ()
    private: Sequence[IPv4Network] = ()


@dataclass(frozen=True)
class OpenShift:
    """The `openshift` section with its defaults filled in. `zones` is a count or a list of names."""

    cluster_name: str
    base_domain: str
    version: str = "4.12"
    infra_id: str = ""
    publish: Literal["External", "Internal"] = "External"
    machine_network: IPv4Network = IPv4Network("10.0.0.0/16")
    zones: int | Sequence[str] = 3
    subnet_bits: int = 12
    subnet_cidrs: SubnetCIDRs | None = None
    egress: Literal["nat", "nat-single", "none"] = "nat"
    elastic_ips: Sequence[str] = ()
    endpoints: Sequence[str] = ("s3",)
    hosted_zone: Literal["create", "none"] = "create"
    etcd_records: bool = False
    control_plane_addresses: Sequence[str] = ()
    bootstrap: bool = True
    bootstrap_from: IPv4Network | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)

    @property
    def cluster_domain(self) -> str:
        return f"{self.cluster_name}.{self.base_domain}"

    @property
    def public_subnets(self) -> bool:
        """Whether the plan has public subnets at all (PLAN.md)."""
        return self.publish == "External" or self.egress != "none"


@dataclass(frozen=True)
class Output:
    """One entry of `Outputs`."""

    name: str
    value: Value
    description: str = ""


@dataclass(frozen=True)
class Plan:
    """The whole file. `resources` are those of the second layer only, functions evaluated as far as they can be
    without AWS; `positions` maps a path (`openshift.zones`, `Resources.X.Properties.CidrBlock`) to its place.
    `cluster` is `<clusterName>.<baseDomain>`, from the openshift section or from what `render` kept of it."""

    name: str
    region: str
    account_id: str = ""
    user_tags: Mapping[str, str] = field(default_factory=dict)
    aws: AwsSettings = AwsSettings()
    openshift: OpenShift | None = None
    resources: Mapping[str, Resource] = field(default_factory=dict)
    outputs: Sequence[Output] = ()
    positions: Mapping[str, Position] = field(default_factory=dict)
    file: str = ""
    cluster: str = ""
