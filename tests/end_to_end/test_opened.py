"""What verify says opens a stopped flow does: its commands are run, one look after the other, until nothing is left to
open; without the plan, so that no apply mends anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import pytest

from ocpprov.commands.verify import verify
from tests.end_to_end.breaking import acls, routing, rules
from tests.end_to_end.breaking.cases import Breakage, done
from tests.end_to_end.breaking.site import Site, applied
from tests.end_to_end.world import REGION
from tests.support.aws_cli import run
from tests.support.forking import Failed, forked

KINDS: Final[Mapping[str, Callable[[Site], Iterator[Breakage]]]] = {
    "rules": rules.breakages,
    "routing": routing.breakages,
    "acls": acls.breakages,
}
MOST_LOOKS: Final = 8
CLUSTER: Final = "prod.example-corp.net"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return applied(tmp_path_factory.mktemp("opened"), "public-3az", lambda text: text)


@pytest.mark.torture
@pytest.mark.parametrize("kind", KINDS)
def test_commands_open_what_was_closed(site: Site, kind: str, record_property: Callable[[str, object], None]) -> None:
    cases = list(KINDS[kind](site))
    ended = {case.name: _opened(site, case) for case in cases}
    record_property("tried", len(cases))
    record_property("opened by commands", sum(each == "opened" for each in ended.values()))
    assert {name: told for name, told in ended.items() if told not in ("opened", "no command", "refused")} == {}
    assert "opened" in ended.values()


def _opened(site: Site, case: Breakage) -> str:
    try:
        return forked(lambda: _tried(site, case))
    except Failed as failed:
        return str(failed)


def _tried(site: Site, case: Breakage) -> str:
    if done(site, case.make):
        return "refused"
    begun = False
    for _ in range(MOST_LOOKS):
        found = _commands(site)
        if not found:
            return "opened" if begun else "no command"
        begun = True
        for command in found:
            run(command, site.client)
    return f"still to be opened: {_commands(site)}"


def _commands(site: Site) -> list[str]:
    asked = partial(verify, vpc_id=site.vpc)
    ended = site.bastion.command(asked, region=REGION, cluster=CLUSTER, as_json=True)
    rows: list[Mapping[str, Any]] = json.loads(ended.said)["requirements"]
    return list(dict.fromkeys(command for row in rows for command in row["commands"]))
