"""Hosted zones in which something of ours remembers records, and that this account doesn't have."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import RECORDS, claimed_by, decode_ledger
from ocpprov.engine.printable import printable
from ocpprov.engine.resources import Owner

_ZONE = "AWS::Route53::HostedZone"


def unseen_zones(inventory: Inventory, owner: Owner) -> Iterator[str]:
    """A sentence for each: it may be gone with its records, or be another account's, which a destroy that doesn't know
    its role can't look into."""
    seen = {live.id for live in inventory.of(_ZONE)}
    rows: dict[str, set[str]] = {}
    for live in (each for each in inventory if claimed_by(each, owner)):
        for entry in decode_ledger(RECORDS, live.tags):
            zone, _, row = entry.partition(" ")
            if zone not in seen:
                rows.setdefault(zone, set()).add(row.removeprefix("rr "))
    for zone, left in sorted(rows.items()):
        names = printable(", ".join(sorted(left)))
        yield (
            f"zone {printable(zone)} isn't to be seen from this account; this plan's in it: {names}. If it is another "
            "account's, name the plan file, which has its role (openshift.hostedZoneRole)"
        )
