"""Of which cluster the leftovers are: what this plan itself wrote on what is its own, and nothing that others wrote."""

from __future__ import annotations

import pytest

from ocpprov.checks.cluster_leftovers import infra_ids
from ocpprov.engine.ownership import TAG_KEYS, encode_ledger
from ocpprov.engine.resources import Live

GROUP = "AWS::EC2::SecurityGroup"


def _live(own: dict[str, str], of_others: dict[str, str]) -> Live:
    return Live(GROUP, "sg-1", {}, tags={**own, **of_others, **encode_ledger(TAG_KEYS, own)})


@pytest.mark.parametrize(
    ("own", "of_others", "found"),
    [
        ({"kubernetes.io/cluster/lab-x7k2p": "owned"}, {}, ["lab-x7k2p"]),
        ({"kubernetes.io/cluster/lab-x7k2p": "owned"}, {"kubernetes.io/cluster/other-abc12": "owned"}, ["lab-x7k2p"]),
        ({"kubernetes.io/cluster/lab-x7k2p": "owned"}, {"kubernetes.io/cluster/other-abc12": "shared"}, ["lab-x7k2p"]),
        ({"kubernetes.io/cluster/lab-x7k2p": "shared"}, {}, []),
        ({"Name": "lab"}, {"kubernetes.io/cluster/other-abc12": "owned"}, []),
        ({"kubernetes.io/cluster/a-1": "owned", "kubernetes.io/cluster/b-2": "owned"}, {}, ["a-1", "b-2"]),
        ({"kubernetes.io/role/elb": "owned"}, {}, []),
    ],
)
def test_only_the_plans_own_key_counts(own: dict[str, str], of_others: dict[str, str], found: list[str]) -> None:
    assert infra_ids([_live(own, of_others), _live({}, {})]) == found


def test_a_key_of_ours_that_somebody_took_away_counts_no_more() -> None:
    tags = encode_ledger(TAG_KEYS, ["kubernetes.io/cluster/lab-x7k2p"])
    assert infra_ids([Live(GROUP, "sg-1", {}, tags=tags)]) == []
