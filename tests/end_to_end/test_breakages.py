"""Whatever somebody breaks of an applied plan with plain boto3: `verify` fails, the requirement that suffers is named,
and so is what is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.breaking import access, acls, balancing, endpoints, names, routing, rules, storage
from tests.end_to_end.breaking.cases import Breakage, Harmless, Outcome, broken, mended, misses, unharmed
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
_SAMPLE: Final = 17
"""One of so many is mended, too."""
_MENDED: Final = 18
KNOWN_MISSES: Final[Mapping[str, str]] = {}
"""What verify doesn't say, by the case's name, and why that is so."""


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A plan, applied once for all that is done to copies of it."""
    home = tmp_path_factory.mktemp(request.param)
    plan, edit = PLANS[request.param]
    return applied(home, plan, edit(home))


@pytest.mark.torture
@pytest.mark.parametrize("site", PLANS, indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_broken_is_named(site: Site, kind: str, record_property: Callable[[str, object], None]) -> None:
    outcomes = [broken(site, case) for case in KINDS[kind](site)]
    _told(outcomes, record_property)
    assert {name: miss for name, miss in misses(outcomes).items() if name not in KNOWN_MISSES} == {}


@pytest.mark.torture
@pytest.mark.parametrize("site", ["public-3az", "restricted-3az"], indirect=True)
@pytest.mark.parametrize("changes", [harmless, otherwise], ids=["harmless", "right in another way"])
def test_what_harms_nobody_fails_no_requirement(
    site: Site,
    changes: Callable[[Site], Iterator[Harmless]],
    record_property: Callable[[str, object], None],
) -> None:
    outcomes = [unharmed(site, case) for case in changes(site)]
    _told(outcomes, record_property)
    assert [each.name for each in outcomes if each.refused] == []
    assert misses(outcomes) == {}


@pytest.mark.torture
@pytest.mark.parametrize("site", ["public-3az", "stored"], indirect=True)
def test_what_verify_says_mends_what_is_broken(
    site: Site, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A sample of each sort."""
    sample = [case for breakages in KINDS.values() for case in [*breakages(site)][::_SAMPLE]]
    outcomes = [mended(site, case, tmp_path / str(number)) for number, case in enumerate(sample)]
    _told(outcomes, record_property)
    in_words = [each.name for each in outcomes if each.in_words]
    record_property("mended in words only", len(in_words))
    assert misses(outcomes) == {}
    assert len(outcomes) - len(in_words) >= _MENDED


def _told(outcomes: Sequence[Outcome], record_property: Callable[[str, object], None]) -> None:
    """Figures for the end of the run."""
    refused = sum(each.refused for each in outcomes)
    record_property("tried", len(outcomes) - refused)
    record_property("refused by AWS", refused)
    record_property("missed", len(misses(outcomes)))
