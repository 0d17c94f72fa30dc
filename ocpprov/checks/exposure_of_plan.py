"""Everything that is open on AWS beside a plan and that no requirement needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.checks.exposure import Exposures, all_of, belongings
from ocpprov.checks.exposure_balancers import exposed_balancers
from ocpprov.checks.exposure_buckets import exposed_buckets
from ocpprov.checks.exposure_groups import exposed_groups
from ocpprov.checks.exposure_roles import exposed_roles
from ocpprov.checks.verification import Seen
from ocpprov.engine.inventory import Inventory
from ocpprov.plan.model import OpenShift

_JUDGED: Final = frozenset(
    {
        *("AWS::EC2::SecurityGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        *("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancing::LoadBalancer"),
        *("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
        *("AWS::IAM::Role", "Ocpprov::IAM::RolePolicy", "Ocpprov::IAM::RolePolicyAttachment"),
    }
)
"""Types of which nothing is known to be closed where nobody could look."""


def exposures_of_plan(seen: Seen, inventory: Inventory, section: OpenShift) -> Exposures:
    """By what the rows are judged by, and all that was found of AWS."""
    whose = belongings(seen.actions, inventory, seen.apply)
    network = [exposed_groups(seen.terrain, whose)] if seen.terrain else []
    return all_of(
        [
            *network,
            exposed_balancers(inventory, whose),
            exposed_buckets(inventory, whose),
            exposed_roles(inventory, section, whose),
            Exposures(unread=list(_not_looked_at(seen, inventory))),
        ]
    )


def _not_looked_at(seen: Seen, inventory: Inventory) -> Iterator[str]:
    if seen.terrain is None:
        yield f"security groups and network ACLs: {seen.unread or 'there is no VPC yet'}"
    if seen.left_out:
        yield f"left out by --without: {', '.join(seen.left_out)}"
    yield from (str(each) for each in inventory.unseen if each.may_be_there and each.type in _JUDGED)
