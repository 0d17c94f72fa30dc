"""Part of a plan's tags on somebody else's things of every type, through the commands: nothing of it is touched."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

import pytest

from ocpprov.engine.ownership import BOUND
from tests.end_to_end.copies import MAKERS, Spot
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.plants import Tags
from tests.end_to_end.test_copies import BY_NAME, FILE, IN_NO_NETWORK, SEEN_INSIDE, Life, living
from tests.support.picture import Place, changed
from tests.support.tag_parts import PARTS

BY_REFERENCE = "AWS::Route53::HostedZone"
"""Its tags have no proof in them, which is in the reference that it was made with."""


def _of_its_type(life: Life, type: str) -> Mapping[str, Tags]:
    """The tag sets of things of a type, and that of a table."""
    word = type.removeprefix("AWS::")
    own = {name: tags for name, tags in life.tags.items() if tags.get(BOUND, "").split(" ")[0].endswith(word)}
    return own or {name: tags for name, tags in life.tags.items() if type == BY_REFERENCE and BOUND not in tags}


def _planted(life: Life, part: str) -> list[Place]:
    """Things of each type in a network of others and in the plan's, and inside what the plan made."""
    planted, client = [], life.user.aws.client
    for number, (type, make) in enumerate(MAKERS.items()):
        sets = [*_of_its_type(life, type).values(), life.tags["PrivateTable"]]
        places = [life.others] if type in IN_NO_NETWORK else [life.others, life.network]
        for place in [*places, *([life.inside] if type in SEEN_INSIDE else [])]:
            planted += [
                make(Spot(client, place, 5 * number + each, PARTS[part](tags))) for each, tags in enumerate(sets[:4])
            ]
    return planted


@pytest.mark.torture
@pytest.mark.parametrize("given", [False, True], ids=["its own network", "a given network"])
@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_a_living_plans_tags_has_anything_touched(user: LocalOperator, part: str, given: bool) -> None:
    """By an apply from its folder, and by a destroy that knows nothing but the name."""
    life = living(user, given=given)
    planted = _planted(life, part)
    assert len(planted) > 2 * len(MAKERS)
    user.aws.advance(600)
    whole, before = life.seen(), life.theirs()
    user.good("apply", FILE, "--yes")
    assert changed(whole, life.seen()) == {}
    shutil.rmtree(user.folder / ".ocpprov")
    ended = user.run("destroy", *BY_NAME, "--yes")
    assert ended.code == 1, ended.err
    gone = changed(before, life.theirs())
    # AWS takes a listener with its balancer.
    assert {type for type, _ in gone} <= {"Listener"}
    assert set(gone) <= set(planted)
