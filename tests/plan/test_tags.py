"""Tags as the strictest service that gets them takes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.top_level import strange_in_tags, user_tag_problems
from tests.plan.marks import HEAD, Broken, marked

FILES = Path(__file__).parent / "files"


def loaded(text: str, base: Path = FILES) -> Plan:
    return load(text, "plan.yaml", Inputs(KINDS, base=base))


def role(tags: str) -> str:
    trust = "{Version: '2012-10-17', Statement: []}"
    properties = f"AssumeRolePolicyDocument: {trust}, {tags}"
    return f"Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{{properties}}}}}}}\n"


BROKEN: tuple[Broken, ...] = (
    marked(HEAD + "userTags: {Owner: a, §owner: b}\n", "owner is Owner to IAM"),
    marked(HEAD + "userTags: {a: x, §A: y, b: x, §B: y}\n", "A is a to IAM", "B is b to IAM"),
    marked(HEAD + "userTags: {STRASSE: a, §straße: b}\n", "straße is STRASSE to IAM"),
    *(
        marked(HEAD + f"userTags: {{§'{key}': x}}\n", f"{key} can't be a user tag")
        for key in ("name", "NAME", "AWS:x", "Aws:x", "OCPPROV:plan", "Kubernetes.IO/cluster/prod", "OpenShift.io/x")
    ),
    marked(HEAD + "userTags: {team: a, §unit: R&D (all)}\n", "& and ( and ) can't be in a tag's value"),
    *(
        marked(HEAD + f"userTags: {{§{key}: {value}}}\n", said)
        for key, value, said in (
            ("' a'", "b", "a tag's key can't begin or end with a space"),
            ("a", "'b '", "a tag's value can't begin or end with a space"),
            ("a", "AWS:b", "a tag's value can't begin with aws:"),
        )
    ),
    *(
        marked(
            HEAD + "Resources: {X: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: TCP, "
            f"Port: 1, VpcId: v, §Tags: [{{Key: {key}, Value: {value}}}]}}}}}}\n",
            said,
        )
        for key, value, said in (
            ("' a'", "b", "a tag here can't begin or end with a space"),
            ("a", "' '", "a tag here can't begin or end with a space"),
            ("a", "aws:b", "a tag here can't begin with aws:"),
            ("aws:a", "b", "aws:a can't be a tag"),
        )
    ),
    marked(HEAD + "userTags: {§'a,b': x}\n", ", can't be in a tag's key"),
    marked(HEAD + "userTags: {§x: 'to the \U0001f680'}\n", "\U0001f680 can't be in a tag's value"),
    marked(HEAD + 'userTags: {§x: "a\\tb"}\n', "U+0009 can't be in a tag's value"),
    marked(HEAD + f"userTags: {{§{'k' * 129}: x, b: y, §c: {'v' * 257}}}\n", "1 to 128", "1 to 256"),
    marked(HEAD + "userTags: {§name: a, §'AWS:x': b, §c: d#}\n", "name can't be", "AWS:x can't be", "# can't be"),
    marked(HEAD + role("§Tags: [{Key: Owner, Value: a}, {Key: owner, Value: b}]"), "owner and Owner are one tag"),
    marked(HEAD + role("§Tags: [{Key: name, Value: a}]"), "name and Name are one tag to IAM"),
    marked(HEAD + "userTags: {Team: a}\n" + role("§Tags: [{Key: team, Value: a}]"), "team and Team are one tag to IAM"),
    marked(HEAD + role("§Tags: [{Key: a, Value: R&D}]"), "& can't be in a tag here"),
    marked(
        HEAD + "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, "
        "§Tags: [{Key: 'AWS:a', Value: b}]}}}\n",
        "AWS:a can't be a tag",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_a_tag_that_some_service_refuses_is_an_error_at_its_place(
    text: str, expected: list[tuple[int, int, str]]
) -> None:
    with pytest.raises(PlanErrors) as caught:
        loaded(text)
    found = [(error.position.line, error.position.column) for error in caught.value.errors]
    assert found == [(line, column) for line, column, _ in expected]
    for error, (_, _, fragment) in zip(caught.value.errors, expected, strict=True):
        assert fragment in str(error)


@pytest.mark.parametrize(
    "tags",
    [
        "{Owner: a, team: b}",
        "{costCentre: '4711'}",
        "{Straße: Köln Süd, 部署: 東京, 'a b': 'x_.:/=+-@9'}",
        f"{{{'k' * 128}: {'v' * 256}}}",
        "{fullname: x, names: y, awsome: z}",
    ],
)
def test_what_every_service_takes_is_good(tags: str) -> None:
    assert loaded(HEAD + f"userTags: {tags}\n").user_tags


@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: R&D, Value: '#1'}]}}",
        "{Type: AWS::EC2::InternetGateway, Properties: {Tags: [{Key: ' a', Value: 'aws:x '}]}}",
        "{Type: AWS::EC2::InternetGateway, Properties: {Tags: [{Key: a, Value: x}, {Key: A, Value: y}]}}",
    ],
)
def test_a_resource_has_the_rules_of_its_own_service(resource: str) -> None:
    assert loaded(HEAD + f"Resources: {{X: {resource}}}\n").resources


def test_a_role_may_repeat_a_key_of_the_users_in_the_same_case() -> None:
    tags = "[{Key: Team, Value: b}, {Key: Name, Value: c}]"
    assert loaded(HEAD + "userTags: {Team: a}\n" + role(f"Tags: {tags}")).resources


def test_the_install_configs_tags_are_held_to_the_same_rules(tmp_path: Path) -> None:
    config = (FILES / "install-config.yaml").read_text().replace("costCentre:", "name:")
    (tmp_path / "install-config.yaml").write_text(config)
    with pytest.raises(PlanErrors) as caught:
        loaded("name: a\nopenshift: {installConfig: install-config.yaml}\n", tmp_path)
    [error] = caught.value.errors
    assert f"{tmp_path / 'install-config.yaml'}:14:7: userTags.name: name can't be a user tag" in str(error)


@given(st.text(max_size=20))
def test_letters_digits_and_spaces_of_any_script_are_the_ones_that_pass(text: str) -> None:
    expected = all(char.isalpha() or char.isspace() or char.isnumeric() or char in "_.:/=+-@" for char in text)
    if not strange_in_tags(text):
        assert expected
    assert not set(strange_in_tags(text)) & set("_.:/=+-@")
    assert not strange_in_tags("".join(char for char in text if char not in strange_in_tags(text)))


@given(st.dictionaries(st.sampled_from(["Owner", "owner", "OWNER", "team", "Team"]), st.just("x")))
def test_keys_that_differ_in_case_alone_are_told_apart_once_each(tags: dict[str, str]) -> None:
    assert len(list(user_tag_problems(tags))) == len(tags) - len({key.casefold() for key in tags})
