"""What AWS leaves out of its answers while an apply makes things: nothing is made a second time for that."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import CRASH, REGION
from tests.support.in_process import Bastion, Ended
from tests.support.recorded import Recording, members, without

REGISTERED: Final = "one for this test"
EVERY: Final = 3


@contextmanager
def answers_without(bastion: Bastion, service: str, operation: str, path: tuple[str, ...]) -> Iterator[None]:
    """Every answer to the operation is without a member."""

    def edit(parsed: dict[str, Any], **_: Any) -> None:
        without(parsed, path)

    client = bastion.run_client(service)
    name = f"after-call.*.{client.meta.method_to_api_mapping[operation]}"
    client.meta.events.register(name, edit, unique_id=REGISTERED)
    try:
        yield
    finally:
        client.meta.events.unregister(name, unique_id=REGISTERED)


def begun(bastion: Bastion, home: Path, plan: Path) -> Ended:
    home.mkdir()
    bastion.moved_in(home, REGION)
    return bastion.apply(plan)


def made(home: Path) -> Counter[str]:
    """How often each resource was made, by the journal."""
    (journal,) = home.glob(".ocpprov/*/journal.jsonl")
    records = map(json.loads, journal.read_text().splitlines())
    return Counter(record["resource"] for record in records if record["event"] == "created")


def test_a_gateway_whose_address_is_not_told_is_made_once(one_bastion: Bastion, tmp_path: Path) -> None:
    plan, home = CRASH / "small-network.yaml", tmp_path / "thin"
    with answers_without(one_bastion, "ec2", "describe_nat_gateways", ("NatGateways", "NatGatewayAddresses")):
        thin = begun(one_bastion, home, plan)
        assert thin.code == 0, thin.said
        assert one_bastion.apply(plan).sent == []
    assert (made(home)["NAT"], set(made(home).values())) == (1, {1})


@pytest.mark.torture
def test_nothing_is_made_twice_whichever_member_is_left_out(one_bastion: Bastion, tmp_path: Path) -> None:
    """One apply for every so many members of the answers: a run that waits for what isn't told takes seconds. One that
    can't read an answer may end where it is."""
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(PLAN))
    assert begun(one_bastion, tmp_path / "calm", plan).code == 0
    found = Recording(one_bastion, plan)
    found.plan()
    places = sorted({(service, name, path) for service, name, answer in found.recorded() for path in members(answer)})
    assert len(places) > 200
    wrong = []
    for number, (service, name, path) in enumerate(places[::EVERY]):
        home = tmp_path / str(number)
        with answers_without(one_bastion, service, name, path):
            begun(one_bastion, home, plan)
        journals = list(home.glob(".ocpprov/*/journal.jsonl"))
        if twice := [resource for resource, times in (made(home) if journals else Counter()).items() if times > 1]:
            wrong.append(f"{name} without {'.'.join(path)}: {', '.join(twice)}")
    assert wrong == []
