"""`--cluster-leftovers` is for one cluster, the plan's, which has to be named before anything is deleted."""

from __future__ import annotations

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.leftovers import LeftoversRequest, guard_one_cluster
from ocpprov.commands.options import Options

COMMAND = "ocpprov destroy 'my plan.yaml' --yes --cluster-leftovers delete"


def meant(given: str, remembered: list[str], mode: str = "list", infra_id: str = "") -> str:
    return guard_one_cluster(given, remembered, "lab", LeftoversRequest(mode, infra_id, COMMAND))


def refusal(given: str, remembered: list[str], mode: str = "list", infra_id: str = "") -> str:
    with pytest.raises(Refused) as refused:
        meant(given, remembered, mode, infra_id)
    return str(refused.value)


@pytest.mark.parametrize(("given", "remembered"), [("a-1", ["a-1"]), ("a-1", []), ("", ["a-1"])])
def test_one_cluster_is_taken(given: str, remembered: list[str]) -> None:
    assert meant(given, remembered) == "a-1"
    assert meant(given, remembered, infra_id="a-1") == "a-1"
    assert meant(given, remembered, "delete", "a-1") == "a-1"


@pytest.mark.parametrize(
    ("given", "remembered", "named"),
    [
        ("", [], ["openshift.infraID"]),
        ("", ["a-1", "b-2"], ["a-1, b-2"]),
        ("a-1", ["a-1", "b-2"], ["a-1, b-2", "the plan says a-1"]),
        ("c-3", ["a-1"], ["the plan says c-3", "remember a-1"]),
    ],
)
def test_none_or_several_are_refused_and_listed(given: str, remembered: list[str], named: list[str]) -> None:
    for mode, infra_id in (("list", ""), ("delete", ""), ("delete", given or "a-1")):
        said = refusal(given, remembered, mode, infra_id)
        for text in (*named, "nothing was changed"):
            assert text in said


def test_of_several_one_may_be_looked_at() -> None:
    assert meant("a-1", ["a-1", "b-2"], "list", "b-2") == "b-2"


@pytest.mark.parametrize(("given", "remembered"), [("a-1", ["a-1"]), ("a-1", []), ("", ["a-1"])])
def test_to_delete_the_cluster_has_to_be_named_and_the_whole_command_is_told(given: str, remembered: list[str]) -> None:
    assert refusal(given, remembered, "delete") == (
        "this deletes what cluster a-1 has made, wherever in the account; nothing was changed; "
        "if that is the cluster:\n"
        f"  {COMMAND} --infra-id a-1"
    )


def test_no_command_is_told_for_a_name_that_is_none() -> None:
    said = refusal("", ["a-1\n;x"], "delete")
    assert "--infra-id" not in said
    assert r"cluster a-1\x0a;x has made" in said


@pytest.mark.parametrize("mode", ["list", "delete"])
@pytest.mark.parametrize(("given", "remembered"), [("a-1", ["a-1"]), ("a-1", []), ("", ["a-1"])])
def test_another_cluster_is_refused(given: str, remembered: list[str], mode: str) -> None:
    said = refusal(given, remembered, mode, "b-2")
    assert said.startswith("--infra-id b-2: the ")
    assert said.endswith("what another cluster made is not this plan's to touch; nothing was changed")


def test_a_cluster_without_leftovers_is_a_mistake() -> None:
    with pytest.raises(Refused, match="give both or neither"):
        LeftoversRequest.of(Options(infra_id="a-1"), "ocpprov destroy")
    request = LeftoversRequest.of(Options(infra_id="a-1", cluster_leftovers="list"), "ocpprov destroy")
    assert request == LeftoversRequest("list", "a-1", "ocpprov destroy")
    assert LeftoversRequest.of(Options(), "c") == LeftoversRequest("", "", "c")
