"""A plan, read and checked: typed, frozen, independent of AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Final, Literal

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.engine.values import Value


@dataclass(frozen=True)
class ServiceEndpoint:
    """An own URL for one service, as install-config's `platform.aws.serviceEndpoints`; `place` is where it stands."""

    name: str
    url: str
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class AwsSettings:
    """How to reach AWS where the environment's variables don't say it. Paths and URLs as given; `assume_role` is a
    role's ARN."""

    service_endpoints: Sequence[ServiceEndpoint] = ()
    proxy: str = ""
    ca_bundle: str = ""
    assume_role: str = ""


@dataclass(frozen=True)
class SubnetCIDRs:
    """Subnet blocks given one by one, in zone order."""

    public: Sequence[IPv4Network] = ()
    private: Sequence[IPv4Network] = ()


@dataclass(frozen=True)
class Transit:
    """A way to other networks: routes to `cidrs` through a transit gateway or a peering connection (one of both)."""

    cidrs: Sequence[IPv4Network]
    transit_gateway_id: str = ""
    peering_connection_id: str = ""


@dataclass(frozen=True)
class DhcpOptions:
    """What machines in the VPC are told: a search domain, name servers and time servers (addresses)."""

    domain_name: str = ""
    domain_name_servers: Sequence[str] = ()
    ntp_servers: Sequence[str] = ()


@dataclass(frozen=True)
class HostPort:
    """A server by its name or address, and its port; both empty (0) for one that can't be used."""

    host: str
    port: int


@dataclass(frozen=True)
class ClusterProxy:
    """What the cluster's machines go through to the world, as install-config's `proxy`: for either sort of URL, where
    there is one, and the names, addresses and blocks that are asked past it."""

    http: HostPort | None = None
    https: HostPort | None = None
    no_proxy: Sequence[str] = ()


@dataclass(frozen=True)
class InstanceProfiles:
    """Names of existing instance profiles; empty where ocpprov makes one."""

    master: str = ""
    worker: str = ""
    bootstrap: str = ""


@dataclass(frozen=True)
class Iam:
    """The machines' roles. `permissions_boundary` is a policy's ARN."""

    policies: Literal["scoped", "documented"] = "scoped"
    path: str = "/"
    permissions_boundary: str = ""
    instance_profiles: InstanceProfiles = InstanceProfiles()


@dataclass(frozen=True)
class Bucket:
    """The bucket of the ignition files: made unless `create` is false; `name` empty means a generated one."""

    create: bool = True
    name: str = ""
    only_through_endpoint: bool = False


@dataclass(frozen=True)
class EndpointSettings:
    """How an interface endpoint is made. `private_dns_enabled`: the VPC answers the service's own name with it.
    `zones`: names of those that it is in, None for all of the plan's."""

    private_dns_enabled: bool = True
    zones: Sequence[str] | None = None


@dataclass(frozen=True)
class OpenShift:
    """The `openshift` section with its defaults filled in.

    `cluster_network` and `service_network` are the addresses that the cluster gives to pods and services.
    `more_machine_networks` are those after the first where `machineNetwork` is a list: further blocks of a VPC that the
    plan makes, or of one that exists. `credentials_mode` is empty where nobody says it. `subnet_roles` are those of
    `subnets`, by id, empty where they have none. `zones` is a count or a list of names. `endpoints` are the words of
    the plan: `s3`, `s3-interface`, `ec2`, `sts`, or a whole service name; `endpoint_settings` are those of the words
    that have any. `public_zone` and `hosted_zone` are
    `create`, `none` or an id; `public_zone` also `auto`. `apps_record` is `none`, `auto` or a load balancer's DNS name.
    `proxy` is the cluster's own, `mirrors` are its registries.
    `deletion_protection` of None leaves that of the load balancers as it is. `bootstrap_ignition` and `metadata` are
    paths as the plan gives them, relative to the plan's folder. `control_plane_auto` and `bootstrap_auto`: the machines
    are found, and their addresses come from AWS. `absent` are the keys whose files aren't there: `metadata`,
    `bootstrap.ignition`. `from_state`: metadata.json isn't there, and the installer's own state has the infraID.
    """

    cluster_name: str
    base_domain: str
    version: str = "4.12"
    infra_id: str = ""
    publish: Literal["External", "Internal"] = "External"
    credentials_mode: Literal["", "Mint", "Passthrough", "Manual"] = ""
    machine_network: IPv4Network = IPv4Network("10.0.0.0/16")
    more_machine_networks: Sequence[IPv4Network] = ()
    cluster_network: Sequence[IPv4Network] = (IPv4Network("10.128.0.0/14"),)
    service_network: Sequence[IPv4Network] = (IPv4Network("172.30.0.0/16"),)
    zones: int | Sequence[str] = 3
    subnet_bits: int = 12
    subnet_cidrs: SubnetCIDRs | None = None
    vpc_id: str = ""
    subnets: Sequence[str] = ()
    subnet_roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    route_tables: Sequence[str] = ()
    egress: Literal["nat", "nat-single", "none"] = "nat"
    elastic_ips: Sequence[str] = ()
    public_ipv4_pool: str = ""
    network_acl: Literal["vpc-default", "documented", "working"] = "vpc-default"
    endpoints: Sequence[str] = ("s3",)
    endpoint_settings: Mapping[str, EndpointSettings] = field(default_factory=dict)
    transit: Sequence[Transit] = ()
    dhcp_options: DhcpOptions | None = None
    secondary_networks: Sequence[IPv4Network] = ()
    proxy: ClusterProxy | None = None
    mirrors: Sequence[HostPort] = ()
    public_zone: str = "none"
    hosted_zone: str = "create"
    hosted_zone_role: str = ""
    record_type: Literal["auto", "alias", "cname"] = "auto"
    etcd_records: bool = False
    apps_record: str = "none"
    load_balancers: Literal["network", "classic"] = "network"
    deletion_protection: bool | None = None
    control_plane_addresses: Sequence[str] = ()
    control_plane_auto: bool = False
    bootstrap: bool = True
    bootstrap_from: IPv4Network | None = None
    bootstrap_address: str = ""
    bootstrap_auto: bool = False
    bootstrap_ignition: str = ""
    iam: Iam = Iam()
    bucket: Bucket = Bucket()
    metadata: str = ""
    absent: frozenset[str] = frozenset()
    from_state: bool = False
    positions: Mapping[str, Position] = field(default_factory=dict)

    @property
    def cluster_domain(self) -> str:
        return f"{self.cluster_name}.{self.base_domain}"

    @property
    def machine_networks(self) -> Sequence[IPv4Network]:
        """What `machineNetwork` says, as a list."""
        return (self.machine_network, *self.more_machine_networks)

    @property
    def endpoint_zones(self) -> Sequence[str]:
        """The zones that any of the endpoints names, each once, in the plan's order."""
        named = [zone for each in self.endpoint_settings.values() for zone in each.zones or ()]
        return list(dict.fromkeys(named))

    @property
    def networks(self) -> Sequence[IPv4Network]:
        """Every block of the VPC that the plan knows of."""
        return (*self.machine_networks, *self.secondary_networks)

    @property
    def further_networks(self) -> Sequence[IPv4Network]:
        """The blocks that a VPC of the plan's own gets beside its first."""
        return () if self.vpc_id or self.subnets else self.networks[1:]

    @property
    def public_subnets(self) -> bool:
        """Whether the plan has public subnets at all (PLAN.md)."""
        return self.publish == "External" or self.egress != "none"


ITEM_END: Final = "; "


@dataclass(frozen=True)
class Output:
    """One entry of `Outputs`. `items` are the values of one that has several, or what is a list of them, which
    `value` has in one text, with ITEM_END between them where each is a line to a reader (`by_line`)."""

    name: str
    value: Value
    description: str = ""
    items: Sequence[Value] = ()
    by_line: bool = False


@dataclass(frozen=True)
class RememberedFiles:
    """What an apply keeps of the installer's files, which openshift-install takes away again: the infraID, and the
    values that the plan takes from the install-config.yaml, by their place in the plan. No secret is among them."""

    infra_id: str = ""
    install_config: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As it is kept in the run folder."""
        kept = {"infraID": self.infra_id, "installConfig": dict(self.install_config)}
        return {key: value for key, value in kept.items() if value}


@dataclass(frozen=True)
class OwnRoles:
    """What an install-config says that a subnet of the plan's own is for, and where it says it."""

    place: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """The whole file. `resources` are those of the second layer only, functions evaluated as far as they can be
    without AWS; `positions` maps a path (`openshift.zones`, `Resources.X.Properties.CidrBlock`) to its place.
    `cluster` is `<clusterName>.<baseDomain>`, from the openshift section or from what `render` kept of it. `notes` are
    what a reader of the plan should know though nothing is wrong, each with its place. `remembered` is what an apply of
    it keeps. `named_ids` are ids of subnets and zones that the install-config.yaml names; while only AWS knows whether
    they are this plan's own, it is `undecided`, and read as if they were. `partial`: its install-config.yaml is gone,
    so that it is good for a destroy only. `protect`: not for any destroy. `secrets` are the texts in
    it that mustn't be shown. `own_roles` are those that the install-config.yaml gives subnets of the plan's own, by id.
    """

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
    lock: str = ""
    id: str = ""
    exclusive: frozenset[str] = frozenset()
    notes: Sequence[str] = ()
    remembered: RememberedFiles = RememberedFiles()
    named_ids: frozenset[str] = frozenset()
    undecided: bool = False
    partial: bool = False
    protect: bool = False
    secrets: SecretTexts = NO_SECRETS
    own_roles: Mapping[str, OwnRoles] = field(default_factory=dict)
