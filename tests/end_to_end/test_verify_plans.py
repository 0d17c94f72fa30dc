"""verify on every plan of plans/ as it is, applied: all that it asks for holds, and the evidence is what AWS has."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.breaking.evidence import OF_ROW, found_as
from tests.end_to_end.breaking.site import applied
from tests.end_to_end.world import PLANS

_NO_OTHERS: Final = "NET-TRANSIT DNS-APPS LB-CLASSIC S3-IGNITION"
NOT_ASKED_FOR: Final = {
    "existing-vpc": "NET-VPC NET-PUBLIC NET-IGW NET-NAT NET-PRIVATE NET-ACL NET-DHCP DNS-PUBLIC DNS-API DNS-ETCD "
    "LB-EXT LB-TARGETS",
    "govcloud": "NET-EC2 NET-ELB NET-DHCP DNS-PUBLIC DNS-API DNS-ETCD LB-TARGETS AIR-GAP",
    "network-3az": "NET-ACL NET-EC2 NET-ELB NET-DHCP DNS-PUBLIC DNS-API S3-BUCKET AIR-GAP",
    "network-single-zone": "NET-ACL NET-EC2 NET-ELB NET-DHCP DNS-PUBLIC DNS-API DNS-ETCD LB-TARGETS S3-BUCKET AIR-GAP",
    "public-3az": "NET-EC2 NET-ELB NET-DHCP DNS-ETCD AIR-GAP",
    "restricted-3az": "NET-PUBLIC NET-IGW NET-NAT NET-ACL NET-DHCP DNS-PUBLIC DNS-API DNS-ETCD LB-EXT",
    "single-zone": "NET-EC2 NET-ELB NET-DHCP DNS-ETCD LB-TARGETS AIR-GAP",
}
"""What each plan leaves out, beside what all of them do."""


@pytest.mark.torture
@pytest.mark.parametrize("name", [path.stem for path in PLANS])
def test_everything_holds_and_the_evidence_is_there(tmp_path: Path, name: str) -> None:
    site = applied(tmp_path / "home", name)
    code, rows = site.rows()
    assert {id: row for id, row in rows.items() if row["status"] not in ("pass", "not-applicable")} == {}
    assert code == 0
    left_out = {id for id, row in rows.items() if row["status"] == "not-applicable"}
    assert left_out == {*_NO_OTHERS.split(), *NOT_ASKED_FOR[name].split()}
    for id, row in rows.items():
        found = {each: found_as(site, each) for each in row["evidence"]}
        assert [each for each, what in found.items() if what not in OF_ROW.get(id, ())] == [], id
        assert bool(found) == (id not in left_out), id
