"""What a look at AWS asks first, as far as that is known before the first answer: all of it is asked at once.

What is in a plan decides what else is asked for; but what AWS has under the plan's tag and in the networks that the
journal knows is asked for whatever the plan says.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.commands.discovery import zone_names_read
from ocpprov.commands.discovery_private_zones import names_matter, zones_serving
from ocpprov.commands.scope import Scope
from ocpprov.engine.resources import Owner
from ocpprov.kinds.reads import Bulk, Found, Read
from ocpprov.kinds.registry import BULKS
from ocpprov.openshift.expand import facts_needed
from ocpprov.plan.model import Plan
from ocpprov.reconcile.observe import reads_at_start

_SUBNET = "AWS::EC2::Subnet"


def reads_ahead(plan: Plan, scope: Scope, start: Found, owner: Owner) -> list[Read]:
    """The reads; `start` is what is known before AWS was asked."""
    ahead = reads_at_start(scope.kinds, start, bulks_of(scope))
    section = plan.openshift
    made = {type for type, _ in scope.memory_in(owner).made}
    # The zones are those of the subnets, where these are there.
    if facts_needed(plan).zones and _SUBNET not in made:
        ahead.append(zone_names_read())
    if section is not None and "route53" in scope.services and names_matter(section):
        ahead += [zones_serving(vpc, owner.region) for vpc in start.vpc_ids()]
    return ahead


def bulks_of(scope: Scope) -> Sequence[Bulk]:
    """The answers that may stand for others. Whoever tells what couldn't be read asks for each thing by itself."""
    return () if scope.is_tolerant else BULKS
