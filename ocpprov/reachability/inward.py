"""Whether clients outside of a VPC get to a place in it and are answered: from the gateway that brings them."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.reachability.network import REMAPPED_PORTS, Network, Place, Traffic
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.outward import outward
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import Span
from ocpprov.reachability.verdict import Verdict, together


def inward(network: Network, clients: Span, target: Place, traffic: Traffic) -> Verdict:
    """In by the subnet's ACL and the target's groups, and the answer out by the subnet's table: nobody knows from which
    port such clients connect. Groups let answers out, whatever their rules say."""
    back = Traffic(traffic.protocol, REMAPPED_PORTS, answered=False)
    return together(
        [
            through_acl(network, target.subnet, "ingress", traffic, clients),
            through_groups(network, target.groups, "ingress", traffic, clients),
            outward(network, replace(target, groups=None), clients, back),
        ]
    )
