"""Whatever somebody breaks of an applied plan with plain boto3: `verify` fails, the requirement that suffers is named,
and so is what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import pytest

from tests.end_to_end.breaking import access, acls, balancing, endpoints, names, routing, rules, storage
from tests.end_to_end.breaking.cases import Breakage, Harmless, Outcome, broken, misses, unharmed
from tests.end_to_end.breaking.harmless import harmless
from tests.end_to_end.breaking.otherwise import otherwise
from tests.end_to_end.breaking.plans import PLANS
from tests.end_to_end.breaking.site import Site, applied

Breakages = Callable[[Site], Iterator[Breakage]]

KINDS: Final[Mapping[str, Breakages]] = {
    "rules": rules.breakages,
    "routing": routing.breakages,
    "acls": acls.breakages,
    "balancing": balancing.breakages,
    "names": names.breakages,
    "access": access.breakages,
    "storage": storage.breakages,
    "endpoints": endpoints.breakages,
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
    _told(outcomes, record_property)
    assert {name: miss for name, miss in misses(outcomes).items() if name not in KNOWN_MISSES} == {}


@pytest.mark.torture
@pytest.mark.parametrize("plan", ["public-3az", "restricted-3az"])
@pytest.mark.parametrize("changes", [harmless, otherwise], ids=["harmless", "right in another way"])
def test_what_harms_nobody_fails_no_requirement(
    sites: Callable[[str], Site],
    plan: str,
    changes: Callable[[Site], Iterator[Harmless]],
    record_property: Callable[[str, object], None],
) -> None:
    site = sites(plan)
    outcomes = [unharmed(site, case) for case in changes(site)]
    _told(outcomes, record_property)
    assert [each.name for each in outcomes if each.refused] == []
    assert misses(outcomes) == {}


def _told(outcomes: Sequence[Outcome], record_property: Callable[[str, object], None]) -> None:
    """Figures for the end of the run."""
    refused = sum(each.refused for each in outcomes)
    record_property("tried", len(outcomes) - refused)
    record_property("refused by AWS", refused)
    record_property("missed", len(misses(outcomes)))
