"""By what a cluster's things are recognised: names, tags, and how much they weigh."""

from __future__ import annotations

import pytest

from ocpprov.openshift.found_marks import Candidates, Machine, Marked, heaviest, infra_ids, is_infra_id, named_for
from tests.openshift.surveys import named_groups, survey, surveyed, untagged


@pytest.mark.parametrize(
    ("word", "cluster", "is_one"),
    [
        ("prod-x7k2p", "prod", True),
        ("prod", "prod", True),
        ("prod-eu-x7k2p", "prod", False),
        ("prod-x7k2pp", "prod", False),
        ("production-x7k2p", "prod", False),
        ("a-cluster-with-a-long-x7k2p", "a-cluster-with-a-long-name", True),
        ("twenty-characters-and-x7k2p", "twenty-characters-and-more", True),
        ("prod-X7K2P", "prod", False),
    ],
)
def test_an_infra_id_is_the_clusters_name_and_five_characters(word: str, cluster: str, is_one: bool) -> None:
    assert is_infra_id(word, cluster) is is_one


@pytest.mark.parametrize(
    ("machine", "name", "weight"),
    [
        (Machine.CONTROL_PLANE, "stack-MasterSecurityGroup-1A2B", 2),
        (Machine.CONTROL_PLANE, "stack-MasterInstanceProfile-1A2B", 2),
        (Machine.CONTROL_PLANE, "ocp masters", 1),
        (Machine.CONTROL_PLANE, "ocp_control_plane", 1),
        (Machine.CONTROL_PLANE, "controlplane", 1),
        (Machine.CONTROL_PLANE, "webmaster", 0),
        (Machine.COMPUTE, "ocp-nodes", 1),
        (Machine.COMPUTE, "WorkerIamRole", 2),
        (Machine.COMPUTE, "networker", 0),
        (Machine.BOOTSTRAP, "ocp-bootstrap-sg", 1),
        (Machine.BOOTSTRAP, "bootstrapped", 0),
    ],
)
def test_names_tell_by_whole_words_and_the_templates_by_more(machine: Machine, name: str, weight: int) -> None:
    assert named_for(machine, name) == weight


def test_the_heaviest_are_the_candidates_and_those_of_one_weight_are_all() -> None:
    found = [Marked("b", 2), Marked("a", 2), Marked("c", 1)]
    assert heaviest(found, "names") == Candidates(["a", "b"], "names")
    assert heaviest(found, "names").one == ""
    assert heaviest([Marked("c", 1)], "names").one == "c"
    assert heaviest([Marked("c", 1)], "names", least=2).ids == []
    assert heaviest([Marked("c", 0)], "names", unclaimed=["c"]) == Candidates([], "names", ["c"])


def test_tags_tell_the_infra_id_and_names_where_there_are_none() -> None:
    names = ["prod-abcde-int", "other-abcde-int", "prod-fghij-master-sg", "prod-lmnop-sg"]
    assert infra_ids(survey(), "prod", names) == ["prod-x7k2p"]
    assert infra_ids(survey(subnets=untagged()), "prod", names) == ["prod-abcde", "prod-fghij"]
    assert infra_ids(survey(subnets=untagged()), "elsewhere", names) == []


def test_tags_of_groups_and_of_other_clusters_are_looked_at_too() -> None:
    other = {"kubernetes.io/cluster/other-abcde": "owned", "kubernetes.io/cluster/prod-fghij": "owned"}
    subnets = {**untagged(), "subnet-private-a": surveyed("subnet-private-a", tags=other)}
    assert infra_ids(survey(subnets=subnets, groups=named_groups(master="m")), "prod", []) == ["prod-fghij"]
