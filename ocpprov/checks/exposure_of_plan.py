"""Everything that is open on AWS beside a plan and that no requirement needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ocpprov.checks.exposure import Belongings, Exposures, all_of, belongings
from ocpprov.checks.exposure_acls import exposed_acls
from ocpprov.checks.exposure_balancers import exposed_balancers
from ocpprov.checks.exposure_buckets import exposed_buckets
from ocpprov.checks.exposure_endpoints import exposed_endpoints
from ocpprov.checks.exposure_groups import exposed_groups
from ocpprov.checks.exposure_ipv6 import exposed_by_ipv6
from ocpprov.checks.exposure_roles import exposed_roles
from ocpprov.checks.exposure_routes import exposed_routes
from ocpprov.checks.exposure_zones import exposed_zones
from ocpprov.checks.verification import Seen
from ocpprov.engine.inventory import Inventory
from ocpprov.openshift.terrain import Terrain
from ocpprov.plan.model import OpenShift

_JUDGED: Final = frozenset(
    {
        *("AWS::EC2::SecurityGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        *("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancing::LoadBalancer"),
        *("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
        *("AWS::EC2::VPCEndpoint", "AWS::Route53::HostedZone", "AWS::Route53::RecordSet"),
        *("AWS::IAM::Role", "Ocpprov::IAM::RolePolicy", "Ocpprov::IAM::RolePolicyAttachment"),
    }
)
"""Types of which nothing is known to be closed where nobody could look."""


def exposures_of_plan(seen: Seen, inventory: Inventory, section: OpenShift) -> Exposures:
    """By what the rows are judged by, and all that was found of AWS."""
    whose = belongings(seen.actions, inventory, seen.apply, section.infra_id)
    vpc_id = seen.terrain.network.vpc_id if seen.terrain else ""
    return all_of(
        [
            *(exposures_of_network(seen.terrain, whose) if seen.terrain else ()),
            exposed_by_ipv6(inventory, whose),
            exposed_balancers(inventory, whose),
            exposed_buckets(inventory, whose),
            exposed_roles(inventory, section, whose),
            exposed_endpoints(inventory, whose),
            exposed_zones(inventory, section, vpc_id, whose),
            Exposures(unread=list(_not_looked_at(seen, inventory))),
        ]
    )


def exposures_of_network(terrain: Terrain, whose: Belongings) -> Sequence[Exposures]:
    """By the network alone."""
    return [exposed_groups(terrain, whose), exposed_routes(terrain, whose), exposed_acls(terrain, whose)]


def _not_looked_at(seen: Seen, inventory: Inventory) -> Iterator[str]:
    if seen.terrain is None:
        yield f"security groups and network ACLs: {seen.unread or 'there is no VPC yet'}"
    if seen.left_out:
        yield f"left out by --without: {', '.join(seen.left_out)}"
    yield from (str(each) for each in inventory.unseen if each.may_be_there and each.type in _JUDGED)
