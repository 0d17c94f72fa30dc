"""What a plan's rules, routes, associations and ACL entries are for, and whether that is so on a network as it is: by
themselves, or by something else that does the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from ocpprov.engine.resources import Resource
from ocpprov.reachability.network import Network, Place
from ocpprov.reachability.purpose import Asked, Purpose
from ocpprov.reachability.purposes_of_acls import acls, entries
from ocpprov.reachability.purposes_of_routes import routes, tables
from ocpprov.reachability.purposes_of_rules import endpoints, rules


def purposes(
    resources: Iterable[Resource],
    live: Network,
    places: Collection[Place],
    live_id: Callable[[str], str],
    groups: Mapping[str, Sequence[str]],
) -> dict[str, Purpose]:
    """By logical id, of those of which it can be told. `resources` are a plan's, rules as resources of their own;
    `places` is where the machines are, with their groups; `live_id` gives AWS's id of a logical id, any other id as it
    is; `groups` are those that endpoints have, by AWS's ids."""
    asked = Asked(resources, live, places, live_id)
    of_groups = [*rules(asked), *endpoints(asked, groups)]
    return dict([*of_groups, *routes(asked), *tables(asked), *entries(asked), *acls(asked)])
