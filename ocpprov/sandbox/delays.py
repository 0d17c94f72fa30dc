"""How long AWS takes to make and to remove what isn't there at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Delays:
    """Seconds of AWS's time. An endpoint takes as long to go as it took to come; a balancer is gone at once, its
    interfaces `load_balancer_deletion` later. `readiness` is no time but how many times as long as `readiness.TABLE`
    says something else isn't usable yet; nought makes it usable at once."""

    nat_gateway: float = 90.0
    nat_gateway_deletion: float = 45.0
    gateway_endpoint: float = 5.0
    interface_endpoint: float = 60.0
    load_balancer: float = 150.0
    load_balancer_deletion: float = 60.0
    record_change: float = 30.0
    vpc_cidr_block: float = 5.0
    transit_gateway_attachment: float = 60.0
    transit_gateway_attachment_deletion: float = 30.0
    vpc_peering_connection: float = 3.0
    readiness: float = 1.0


NO_DELAYS = Delays(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
