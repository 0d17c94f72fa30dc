"""The manners of AWS that moto lacks: one file each, put together here, the outermost first."""

from __future__ import annotations

from ocpprov.sandbox.manners.account_limits import AccountLimits
from ocpprov.sandbox.manners.buckets import Buckets
from ocpprov.sandbox.manners.classic_balancers import ClassicBalancers
from ocpprov.sandbox.manners.conditional_writes import ConditionalWrites
from ocpprov.sandbox.manners.credentials import Credentials
from ocpprov.sandbox.manners.delays import Delays
from ocpprov.sandbox.manners.dependencies import Dependencies
from ocpprov.sandbox.manners.dry_run import DryRun
from ocpprov.sandbox.manners.endpoint_services import EndpointServices
from ocpprov.sandbox.manners.endpoints import Endpoints
from ocpprov.sandbox.manners.gateway_endpoints import GatewayEndpoints
from ocpprov.sandbox.manners.iam import Iam
from ocpprov.sandbox.manners.instances import Instances
from ocpprov.sandbox.manners.load_balancers import LoadBalancers
from ocpprov.sandbox.manners.manner import Manner
from ocpprov.sandbox.manners.nat_gateways import NatGateways
from ocpprov.sandbox.manners.network_acls import NetworkAcls
from ocpprov.sandbox.manners.permissions import Permissions
from ocpprov.sandbox.manners.quotas import Quotas
from ocpprov.sandbox.manners.rates import Rates
from ocpprov.sandbox.manners.record_changes import RecordChanges
from ocpprov.sandbox.manners.records import Records
from ocpprov.sandbox.manners.remains import Remains
from ocpprov.sandbox.manners.security_group_rules import SecurityGroupRules
from ocpprov.sandbox.manners.subnets import NewSubnets
from ocpprov.sandbox.manners.tags_at_creation import TagsAtCreation
from ocpprov.sandbox.manners.target_groups import TargetGroups
from ocpprov.sandbox.manners.tokens import ClientTokens
from ocpprov.sandbox.manners.untagged_creations import UntaggedCreations
from ocpprov.sandbox.manners.visibility import Visibility
from ocpprov.sandbox.manners.zones import HostedZones


def all_manners(delays: Delays) -> tuple[Manner, ...]:
    """New manners, that remember nothing.

    Who isn't let in learns nothing, so keys, rates and permissions come first. Tokens lie outside everything that looks
    at state, since a repeated call is answered from memory. The states that change with time are brought up to now
    before anything asks who depends on whom.
    """
    return (
        Credentials(),
        Rates(),
        Permissions(),
        DryRun(),
        Visibility(),
        ClientTokens(),
        UntaggedCreations(),
        Quotas(),
        AccountLimits(),
        NatGateways(delays),
        EndpointServices(),
        Endpoints(delays),
        GatewayEndpoints(),
        Instances(),
        LoadBalancers(delays),
        TargetGroups(),
        ClassicBalancers(),
        Dependencies(),
        HostedZones(),
        Records(),
        RecordChanges(delays),
        Remains(),
        Iam(),
        *corrections(),
    )


def corrections() -> tuple[Manner, ...]:
    """Only what moto does wrong: none of these takes time, has a limit or remembers."""
    return (
        SecurityGroupRules(),
        NetworkAcls(),
        NewSubnets(),
        ConditionalWrites(),
        Buckets(),
        TagsAtCreation(),
    )
