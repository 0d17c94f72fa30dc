"""Which infraID the tags of subnets tell, on values."""

from __future__ import annotations

import pytest

from ocpprov.commands.plan_completion import infra_ids_of
from ocpprov.engine.resources import Live, Owner

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
KEY = "kubernetes.io/cluster/prod-x7k2p"
LEDGER = {"ocpprov:tags": "Name + kubernetes.io/cluster/prod-x7k2p"}
OURS = {"ocpprov:plan": "prod", "ocpprov:resource": "PrivateSubnet"}
MARK = "cluster prod.example.com + tag kubernetes.io/cluster/prod-x7k2p"


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ({**OURS, **LEDGER, KEY: "shared"}, ["prod-x7k2p"]),
        ({**OURS, **LEDGER}, []),
        ({**OURS, KEY: "shared"}, []),
        ({**LEDGER, KEY: "shared"}, []),
        ({**OURS, **LEDGER, "ocpprov:plan": "other", KEY: "shared"}, []),
        ({"ocpprov:shared:prod": MARK, KEY: "shared"}, ["prod-x7k2p"]),
        ({"ocpprov:shared:other": MARK, KEY: "shared"}, []),
        ({"ocpprov:shared:prod": MARK}, []),
        ({"ocpprov:shared:prod": "cluster prod.example.com", KEY: "shared"}, []),
    ],
)
def test_only_a_tag_that_a_ledger_of_ours_names_tells_the_infra_id(tags: dict[str, str], found: list[str]) -> None:
    assert list(infra_ids_of(Live("AWS::EC2::Subnet", "subnet-1", {}, tags=tags), OWNER)) == found
