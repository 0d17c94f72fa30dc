"""Where a cluster's flows go in a network of somebody else's, once the plan that names it is applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.openshift import classic
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.load_balancers import EXTERNAL, INTERNAL
from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.needed_services import needed_services
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_building import (
    ENDPOINT,
    balancers_in,
    called_endpoints,
    has_policy,
    known_names,
    places_in,
    policy_verdicts,
    prefix_list_of,
)
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.from_resources import endpoints_from, id_of, planned_beside
from ocpprov.reachability.network import Network


def terrain_after(
    layout: Layout,
    network: Network,
    resources: Iterable[Resource],
    current: Mapping[str, Live],
    others: Iterable[Live] = (),
    account: str = "",
) -> Terrain:
    """The network as AWS has it, with the plan's `resources` in it, rules as resources of their own. `current`,
    `others` and `account` as of `live_terrain`. Machines may wear groups that the plan doesn't know."""
    ids = {id: live.id for id, live in current.items()}
    known = [_by_ids(each, ids) for each in resources]
    after = planned_beside(network, known)
    places = {
        party: [replace(place, more_groups=True) for place in found]
        for party, found in places_in(layout, after, lambda value: ids.get(id_of(value), id_of(value))).items()
    }
    names = {ids.get(each, each): each for each in (EXTERNAL, INTERNAL, classic.EXTERNAL, classic.INTERNAL)}
    balancers = balancers_in(known, places[Party.CONTROL_PLANE])
    lives = {live.id: live for live in (*current.values(), *others) if live.state is not State.DELETING}
    there = [Resource(live.id, live.type, live.properties) for live in lives.values() if live.type == ENDPOINT]
    made = {each.logical_id for each in known}
    found = endpoints_from([*known, *(each for each in there if each.logical_id not in made)])
    endpoints = {
        id: (service, _as_it_is(endpoint, lives.get(id), after))
        for id, (service, endpoint) in called_endpoints(layout, found).items()
    }
    return Terrain(
        layout.section,
        after,
        places,
        {names[id]: balancer for id, balancer in balancers.items() if id in names},
        endpoints,
        policy_verdicts(layout, after, places, endpoints, known_names(current, account)),
        layout.region,
        needed=needed_services(layout, found, network.vpc_id),
    )


def _as_it_is(endpoint: Endpoint, live: Live | None, network: Network) -> Endpoint:
    """One that is being made will be available; one that failed won't."""
    if live is None:
        return endpoint
    policy = endpoint.policy if has_policy(live) else None
    available = live.state in (State.READY, State.PENDING)
    return replace(endpoint, available=available, policy=policy, prefix_list=prefix_list_of(network, endpoint.id))


def _by_ids(resource: Resource, ids: Mapping[str, str]) -> Resource:
    """The same, with AWS's ids in place of references to what is there."""
    properties = {name: _named(value, ids) for name, value in resource.properties.items()}
    return Resource(ids.get(resource.logical_id, resource.logical_id), resource.type, properties)


def _named(value: Value, ids: Mapping[str, str]) -> Value:
    match value:
        case Ref(logical_id=id) | GetAtt(logical_id=id):
            return ids.get(id, value)
        case Mapping():
            return {name: _named(each, ids) for name, each in value.items()}
        case list() | tuple():
            return [_named(each, ids) for each in value]
    return value
