"""What AWS is asked for before a plan can be expanded, as people say it."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.openshift.aws_facts import FactsNeeded


def facts_in_words(needed: FactsNeeded) -> Sequence[str]:
    """Each thing that is asked for, with what spares the question where the plan may say it itself."""
    network = needed.vpc_id or "the VPC of these subnets"
    said = (
        (needed.zones, f"the names of {needed.zones} zones (or write them: openshift.zones)"),
        (needed.subnets, f"the VPC, zones, blocks and route tables of {', '.join(needed.subnets)}"),
        (needed.existing_vpc, f"the internet gateway and the endpoints of {network}"),
        (needed.public_zone, f"the public zone of {needed.public_zone} (or write its id: openshift.publicZone)"),
        (needed.router, "the load balancer of the cluster's router"),
        (needed.instances, f"the instances with the addresses {', '.join(needed.instances)}"),
        (needed.services, f"the names of the endpoint services for {', '.join(needed.services)}"),
        (needed.machines, "the cluster's machines (or write their addresses)"),
    )
    return [words for wanted, words in said if wanted]
