"""Whether a place of a VPC gets to addresses of which it isn't known who has them: in the VPC or outside of it."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.reachability.network import Network, Place, Traffic
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import Span, blocks
from ocpprov.reachability.verdict import Unread, Verdict, together


def anywhere(network: Network, source: Place, target: Span, traffic: Traffic) -> Verdict:
    """In the VPC it is seen as far as the target's subnet: whose interface has the addresses, and which groups that
    has, nobody knows from here. An address of the VPC's blocks that is in none of its subnets is nobody's yet."""
    if not any(block.common(target) for block in network.blocks):
        return outward(network, source, target, traffic)
    subnet = next((each for each in network.subnets.values() if each.addresses.holds(target)), None)
    if subnet is None:
        return Verdict(unread=(Unread(blocks(target), undecided="none of the VPC's subnets has it yet"),))
    crossing = within(network, replace(source, groups=None), Place(subnet, None, target), traffic)
    return together([_out(network, source, target, traffic), crossing, Verdict(beyond=(blocks(target),))])


def _out(network: Network, source: Place, target: Span, traffic: Traffic) -> Verdict:
    """Out by the source's groups. Where only a rule that names a group would let it out, the target may be a member."""
    found = through_groups(network, source.groups, "egress", traffic, target)
    if (
        found.obstacles
        and not through_groups(
            network, source.groups, "egress", traffic, target, tuple(network.security_groups)
        ).obstacles
    ):
        undecided = "only members of groups are let out to, and nobody knows whether it is one"
        return Verdict(unread=(Unread(blocks(target), undecided=undecided),))
    return found
