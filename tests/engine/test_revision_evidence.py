"""What an older version made says by its revision whether its tags are its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.ownership import RESOURCE, REVISION, generated_name
from ocpprov.engine.resources import Live
from ocpprov.engine.revision_evidence import RevisionEvidence
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import NET, OUR_NET, OUR_VPC
from tests.engine.planning import GROUP, OWNER, ROLE, live, of_format_1, retagged, untagged

EVIDENCE: Final = RevisionEvidence(OWNER, KINDS)
GROUP_OF_PLAN: Final = of_format_1(live(GROUP, "sg-1", "Group", {"VpcId": "vpc-1", "GroupDescription": "d"}))
TRUST: Final[dict[str, Any]] = {"AssumeRolePolicyDocument": {"Statement": []}}


def _role(name: str) -> Live:
    """A role whose revision is of nothing that it has, with the name that is generated for this logical id."""
    role = retagged(live(ROLE, "lab", "Role", TRUST), **{REVISION: "1-0123456789ab"})
    made = generated_name(KINDS[ROLE], OWNER, name, "1-0123456789ab")
    return replace(role, properties={**role.properties, "RoleName": made})


def test_the_properties_are_found_that_give_the_revision() -> None:
    assert EVIDENCE.hashed(of_format_1(OUR_NET)) == frozenset({"VpcId", "CidrBlock", "AvailabilityZone"})
    # What AWS says besides is no part of it.
    more = replace(OUR_NET, properties={**OUR_NET.properties, "Ipv6Native": True})
    assert EVIDENCE.hashed(of_format_1(more)) == frozenset({"VpcId", *NET})
    assert EVIDENCE.hashed(replace(OUR_NET, properties={**OUR_NET.properties, "CidrBlock": "10.9.0.0/24"})) is None
    assert EVIDENCE.hashed(untagged(OUR_NET, REVISION)) is None


@pytest.mark.parametrize(
    ("one", "tells"),
    [
        pytest.param(of_format_1(OUR_NET), True, id="where it lies"),
        pytest.param(replace(OUR_NET, properties={**OUR_NET.properties, "VpcId": "vpc-2"}), False, id="a copy"),
        pytest.param(of_format_1(OUR_VPC), False, id="any number may have its block"),
        pytest.param(GROUP_OF_PLAN, True, id="a group in its network"),
        pytest.param(_role("Role"), True, id="the name that is generated for it"),
        pytest.param(_role("Other"), False, id="the name of another"),
        pytest.param(untagged(_role("Role"), REVISION), False, id="no revision"),
        pytest.param(untagged(_role("None"), RESOURCE), False, id="no logical id"),
    ],
)
def test_only_a_place_or_a_name_tells_that_the_tags_are_its_own(one: Live, tells: bool) -> None:
    assert EVIDENCE.tells(one) is tells
