"""What AWS has of a VPC that no plan is known of, and of its account as far as a cluster in it needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocpprov.engine.resources import Live
from ocpprov.openshift.machines import CLUSTER_TAG, Instance
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.role_policies import RolePolicies
from ocpprov.reachability.network import Network

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
SECURITY_GROUP: Final = "AWS::EC2::SecurityGroup"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
DHCP_OPTIONS: Final = "AWS::EC2::DHCPOptions"
AVAILABILITY_ZONE: Final = "AWS::EC2::AvailabilityZone"
INSTANCE: Final = "AWS::EC2::Instance"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
TARGET: Final = "Ocpprov::ElasticLoadBalancingV2::Target"
CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
ZONE: Final = "AWS::Route53::HostedZone"
RECORD: Final = "AWS::Route53::RecordSet"
ROLE: Final = "AWS::IAM::Role"
PROFILE: Final = "AWS::IAM::InstanceProfile"
BUCKET: Final = "AWS::S3::Bucket"


@dataclass(frozen=True)
class SurveyedSubnet:
    """`free` addresses, None where AWS doesn't say. `owner` is the account that shares it with this one, empty for one
    of this account. `zone_type` as EC2 has it (`availability-zone`, `local-zone`, ...), empty where nobody knows.
    `public_addresses`: what starts in it gets one."""

    id: str
    zone: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    free: int | None = None
    owner: str = ""
    zone_type: str = ""
    public_addresses: bool = False


@dataclass(frozen=True)
class NamedGroup:
    """A security group by what people call it."""

    id: str
    name: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_default(self) -> bool:
        """Whether it is the VPC's own; nobody else may have the name."""
        return self.name == "default"


@dataclass(frozen=True)
class VpcSurvey:
    """`lives` are by type, balancers and their parts those in the VPC only (`all_balancers` the DNS names of all).
    `private_zones` are those that serve the VPC, None where nobody may look. `unread` has, by type, what AWS said where
    it couldn't be read: then it is missing in `lives`, and nobody knows whether it is there. `role_policies` are those
    of the roles that may be the cluster's, or why nobody may read them."""

    vpc: Live
    network: Network
    region: str
    account: str = ""
    subnets: Mapping[str, SurveyedSubnet] = field(default_factory=dict)
    groups: Mapping[str, NamedGroup] = field(default_factory=dict)
    instances: Sequence[Instance] = ()
    lives: Mapping[str, Sequence[Live]] = field(default_factory=dict)
    all_balancers: Collection[str] = frozenset()
    private_zones: Sequence[PrivateZone] | None = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    role_policies: Mapping[str, RolePolicies | str] = field(default_factory=dict)

    def of(self, type: str) -> Sequence[Live]:
        """The live resources of a type, none where they couldn't be read."""
        return self.lives.get(type, ())

    def unread_of(self, *types: str) -> Sequence[str]:
        """What AWS said of those that couldn't be read, each once."""
        return list(dict.fromkeys(self.unread[type] for type in types if type in self.unread))


def clusters_in(tags: Mapping[str, str]) -> set[str]:
    """The infraIDs in the keys of tags."""
    return {key.removeprefix(CLUSTER_TAG) for key in tags if key.startswith(CLUSTER_TAG)} - {"unmanaged"}
