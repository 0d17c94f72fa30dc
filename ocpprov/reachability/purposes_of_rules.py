"""What a plan's security group rules let through, and who stands in front of its endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocpprov.reachability.from_resources import ids_of, planned_rule
from ocpprov.reachability.network import (
    HTTPS,
    GroupRule,
    Traffic,
)
from ocpprov.reachability.purpose import Asked, Properties, Purpose, each_once
from ocpprov.reachability.security_groups import admitting, through_groups
from ocpprov.reachability.spans import EVERYWHERE, Span
from ocpprov.reachability.verdict import Direction, together


def rules(asked: Asked) -> Iterator[tuple[str, Purpose]]:
    """By logical id: whether all that a rule lets through passes its group."""
    for each in asked.of("AWS::EC2::SecurityGroupIngress"):
        yield from _rule(asked, planned_rule(each, "Source"), each.properties, "ingress")
    for each in asked.of("AWS::EC2::SecurityGroupEgress"):
        yield from _rule(asked, planned_rule(each, "Destination"), each.properties, "egress")


def _rule(asked: Asked, rule: GroupRule, known: Properties, direction: Direction) -> Iterator[tuple[str, Purpose]]:
    """What it lets through, of all that its other side may be."""
    group, traffic = asked.id(known["GroupId"]), Traffic(rule.protocol, rule.ports)
    sides = _machines_in(asked, rule) if group in _endpoint_groups(asked) else _other_sides(asked, rule)
    if rule.whole and sides:
        verdict = together(through_groups(asked.live, [group], direction, traffic, *side) for side in sides)
        by = (id for side in sides for id in admitting(asked.live, group, direction, traffic, *side))
        yield rule.id, Purpose(verdict, each_once(by))


def _endpoint_groups(asked: Asked) -> set[str]:
    """Groups that endpoints have and no machine."""
    endpoints = asked.of("AWS::EC2::VPCEndpoint")
    theirs = {asked.live_id(id) for each in endpoints for id in ids_of(each.properties.get("SecurityGroupIds"))}
    return theirs - {group for place in asked.places for group in place.groups or ()}


def _machines_in(asked: Asked, rule: GroupRule) -> list[tuple[Span, Sequence[str]]]:
    """Of all that a rule admits, who asks AWS's services: the machines."""
    machines = [place for place in asked.places if place.groups]
    admitted = (
        (each.span.common(side), each.groups or ()) for side, _ in _other_sides(asked, rule) for each in machines
    )
    return [(span, groups) for span, groups in admitted if span is not None]


def endpoints(asked: Asked, groups: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Purpose]]:
    """Which groups are in front of an endpoint doesn't matter, as long as the machines get through."""
    for each in asked.of("AWS::EC2::VPCEndpoint"):
        if own := groups.get(asked.live_id(each.logical_id)):
            machines = [place for place in asked.places if place.groups]
            through = (
                through_groups(asked.live, own, "ingress", HTTPS, place.span, place.groups) for place in machines
            )
            yield each.logical_id, Purpose(together(through), tuple(own), of=("SecurityGroupIds",))


def _other_sides(asked: Asked, rule: GroupRule) -> list[tuple[Span, Sequence[str]]]:
    """Addresses, and the groups of who has them; none where nobody knows them."""
    if rule.peers is not None:
        return [(rule.peers, ())]
    if rule.group:
        group = asked.live_id(rule.group)
        members = [place for place in asked.places if group in (place.groups or ())]
        # Members may be anywhere, as far as nobody says where they are.
        return [(each.span, each.groups or ()) for each in members] or [(EVERYWHERE, (group,))]
    return [(span, ()) for span in asked.live.prefix_lists.get(rule.prefix_list, ())]
