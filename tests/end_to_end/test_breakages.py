"""Whatever somebody breaks of an applied plan with plain boto3: `verify` fails, the requirement that suffers is named,
and so is what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pytest

from tests.end_to_end.breaking import acls, routing, rules
from tests.end_to_end.breaking.cases import Breakage, broken, misses
from tests.end_to_end.breaking.plans import PLANS
from tests.end_to_end.breaking.site import Site, applied

Breakages = Callable[[Site], Iterator[Breakage]]

KINDS: Final[Mapping[str, Breakages]] = {
    "rules": rules.breakages,
    "routing": routing.breakages,
    "acls": acls.breakages,
}
KNOWN_MISSES: Final[Mapping[str, str]] = {}
"""What verify doesn't say, by the case's name, and why that is so."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Site]:
    """Each plan applied once."""
    found: dict[str, Site] = {}

    def site(name: str) -> Site:
        if name not in found:
            home = tmp_path_factory.mktemp(name)
            plan, edit = PLANS[name]
            found[name] = applied(home, plan, edit(home))
        return found[name]

    return site


@pytest.mark.torture
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_broken_is_named(
    sites: Callable[[str], Site], plan: str, kind: str, record_property: Callable[[str, object], None]
) -> None:
    site = sites(plan)
    outcomes = [broken(site, case) for case in KINDS[kind](site)]
    done = [each for each in outcomes if not each.refused]
    missed = misses(outcomes)
    record_property("breakages", len(done))
    record_property("refused by AWS", len(outcomes) - len(done))
    record_property("missed", len(missed))
    assert {name: miss for name, miss in missed.items() if name not in KNOWN_MISSES} == {}
