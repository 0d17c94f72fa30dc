"""How AWS behaves where moto doesn't: one middleware for each habit, put together here, the outermost first."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.middleware.account_limits import AccountLimits
from ocpprov.sandbox.middleware.address_pools import AddressPools
from ocpprov.sandbox.middleware.batched_reads import BatchedReads
from ocpprov.sandbox.middleware.classic_balancers import ClassicBalancers
from ocpprov.sandbox.middleware.contract import Middleware
from ocpprov.sandbox.middleware.creation_tags import TagsAtCreation, UntaggedCreations
from ocpprov.sandbox.middleware.credentials import Credentials
from ocpprov.sandbox.middleware.deletion_cleanup import DeletionCleanup
from ocpprov.sandbox.middleware.dependencies import Dependencies
from ocpprov.sandbox.middleware.dry_run import DryRun
from ocpprov.sandbox.middleware.endpoint_names import EndpointNames
from ocpprov.sandbox.middleware.endpoint_services import EndpointServices
from ocpprov.sandbox.middleware.endpoints import Endpoints
from ocpprov.sandbox.middleware.free_addresses import FreeAddresses
from ocpprov.sandbox.middleware.gateway_endpoints import GatewayEndpoints
from ocpprov.sandbox.middleware.guard_duty import GuardDuty
from ocpprov.sandbox.middleware.iam import Iam
from ocpprov.sandbox.middleware.id_filters import IdFilters
from ocpprov.sandbox.middleware.instances import Instances
from ocpprov.sandbox.middleware.load_balancers import LoadBalancers
from ocpprov.sandbox.middleware.missing_ids import MissingIds
from ocpprov.sandbox.middleware.nat_gateways import NatGateways
from ocpprov.sandbox.middleware.network_acls import NetworkAcls
from ocpprov.sandbox.middleware.network_interfaces import NetworkInterfaces
from ocpprov.sandbox.middleware.network_states import NetworkStates
from ocpprov.sandbox.middleware.peerings import Peerings
from ocpprov.sandbox.middleware.permissions import Permissions
from ocpprov.sandbox.middleware.prefix_lists import PrefixLists
from ocpprov.sandbox.middleware.principals import Principals
from ocpprov.sandbox.middleware.quotas import Quotas
from ocpprov.sandbox.middleware.rates import Rates
from ocpprov.sandbox.middleware.readiness import ReadinessTable
from ocpprov.sandbox.middleware.readiness_rules import network_rules
from ocpprov.sandbox.middleware.readiness_rules_services import service_rules
from ocpprov.sandbox.middleware.records import RecordChanges, Records
from ocpprov.sandbox.middleware.request_checks import RequestChecks
from ocpprov.sandbox.middleware.s3 import Buckets, ConditionalWrites, ObjectRetention
from ocpprov.sandbox.middleware.security_group_rules import SecurityGroupRules
from ocpprov.sandbox.middleware.shared_networks import SharedNetworks
from ocpprov.sandbox.middleware.subnets import NewSubnets
from ocpprov.sandbox.middleware.target_groups import TargetGroups
from ocpprov.sandbox.middleware.target_health import TargetHealth
from ocpprov.sandbox.middleware.tokens import ClientTokens
from ocpprov.sandbox.middleware.visibility import Visibility
from ocpprov.sandbox.middleware.zones import HostedZones
from ocpprov.sandbox.readiness import Readiness
from ocpprov.sandbox.readiness_table import NAT_WITHOUT_INTERNET_GATEWAY, TABLE


def all_middleware(delays: Delays, table: Sequence[Readiness] = TABLE) -> tuple[Middleware, ...]:
    """New ones, that remember nothing; `table` says what isn't ready at once.

    Who isn't let in learns nothing, so keys, rates and permissions come first, then what is wrong with a request by
    itself. Tokens lie outside everything that looks at state, since a repeated call is answered from memory. The
    states that change with time are brought up to now before anything asks who depends on whom.
    """
    rows = {row.id: row for row in table}
    return (
        Credentials(),
        Rates(),
        Permissions(),
        RequestChecks(),
        SharedNetworks(),
        DryRun(),
        Visibility(),
        ClientTokens(),
        UntaggedCreations(),
        Quotas(),
        AccountLimits(),
        NatGateways(delays, rows[NAT_WITHOUT_INTERNET_GATEWAY.id]),
        EndpointServices(),
        Endpoints(delays),
        EndpointNames(),
        FreeAddresses(),
        GatewayEndpoints(),
        Instances(),
        GuardDuty(),
        LoadBalancers(delays),
        TargetGroups(),
        TargetHealth(),
        ClassicBalancers(),
        NetworkStates(delays),
        ReadinessTable((*network_rules(), *service_rules()), rows, delays),
        Dependencies(),
        HostedZones(),
        Records(),
        RecordChanges(delays),
        DeletionCleanup(),
        Iam(),
        *_corrections_of_moto(),
    )


def corrections() -> tuple[Middleware, ...]:
    """Only what moto does wrong: none of these takes time, has a limit or remembers."""
    return (RequestChecks(), DeletionCleanup(), *_corrections_of_moto())


def _corrections_of_moto() -> tuple[Middleware, ...]:
    return (
        MissingIds(),
        BatchedReads(),
        SecurityGroupRules(),
        NetworkAcls(),
        IdFilters(),
        NetworkInterfaces(),
        NewSubnets(),
        Peerings(),
        Principals(),
        AddressPools(),
        PrefixLists(),
        ConditionalWrites(),
        ObjectRetention(),
        Buckets(),
        TagsAtCreation(),
    )
