"""Edits of YAML texts: what changes, what stays as it was written, and what can't be edited."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ocpprov.installer.yaml_edits import Edit, Put, Remove, edited, unified_diff
from ocpprov.plan.nodes import parse
from ocpprov.plan.problems import PlanErrors

NAME: Final = "install-config.yaml"
TEXT: Final = """\
# the lab
apiVersion: v1
metadata:
  name: "lab"   # quoted
platform:
  aws:
    region: eu-west-1
    # what the network team said
    subnets:
    - subnet-1 # a
    - subnet-2
compute:
- name: worker
  replicas: 3  # three
networking: {machineNetwork: [{cidr: 10.0.0.0/16}]}
proxy:   # later
publish: External
additionalTrustBundle: |
  BEGIN
  END

# the end
sshKey: 'ssh-rsa x'
"""


def changes(edit: Edit, text: str = TEXT) -> list[str]:
    """The lines that an edit takes and puts, without their places."""
    rows = unified_diff(text, edited(text, [edit], NAME), NAME)[2:]
    return [row for row in rows if not row.startswith((" ", "@@"))]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("publish",), "Internal", ["-publish: External", "+publish: Internal"]),
        (("metadata", "name"), "prod", ['-  name: "lab"   # quoted', "+  name: prod   # quoted"]),
        (("compute", 0, "replicas"), 0, ["-  replicas: 3  # three", "+  replicas: 0  # three"]),
        (("credentialsMode",), "Manual", ["+credentialsMode: Manual"]),
        (("platform", "aws", "hostedZone"), "Z1", ["+    hostedZone: Z1"]),
        (("proxy", "noProxy"), "a,b", ["+  noProxy: a,b"]),
        (("compute", 1), {"name": "edge"}, ["+- name: edge"]),
        (
            ("platform", "aws", "subnets"),
            ["subnet-3"],
            ["-    - subnet-1 # a", "-    - subnet-2", "+    - subnet-3"],
        ),
        (
            ("platform", "aws", "vpc", "subnets"),
            [{"id": "s", "roles": [{"type": "ClusterNode"}]}],
            ["+    vpc:", "+      subnets:", "+      - id: s", "+        roles:", "+        - type: ClusterNode"],
        ),
        (
            ("networking", "networkType"),
            "OVNKubernetes",
            [
                "-networking: {machineNetwork: [{cidr: 10.0.0.0/16}]}",
                "+networking: {machineNetwork: [{cidr: 10.0.0.0/16}], networkType: OVNKubernetes}",
            ],
        ),
        (
            ("networking", "machineNetwork", 1),
            {"cidr": "10.1.0.0/16"},
            [
                "-networking: {machineNetwork: [{cidr: 10.0.0.0/16}]}",
                "+networking: {machineNetwork: [{cidr: 10.0.0.0/16}, {cidr: 10.1.0.0/16}]}",
            ],
        ),
        (("additionalTrustBundle",), "BEGIN\nX\nEND\n", ["+  X"]),
        (("sshKey",), "one\ntwo", ["-sshKey: 'ssh-rsa x'", "+sshKey: |-", "+  one", "+  two"]),
        (("publish",), "a\n\n", ["-publish: External", "+publish: |+", "+  a", "+"]),
        (("metadata", "name"), "a\nb\n", ['-  name: "lab"   # quoted', "+  name: |   # quoted", "+    a", "+    b"]),
        (("compute",), [], ["-compute:", "-- name: worker", "-  replicas: 3  # three", "+compute: []  # three"]),
        (("platform", "aws", "propagate"), "yes", ["+    propagate: 'yes'"]),
        (("platform", "aws", "propagate"), "4.10", ["+    propagate: '4.10'"]),
        (("publish",), None, ["-publish: External", "+publish: null"]),
        (("metadata", "labels"), {"a": "1\n2\n"}, ["+  labels:", "+    a: |", "+      1", "+      2"]),
    ],
)
def test_put(path: tuple[str | int, ...], value: Any, expected: list[str]) -> None:
    assert changes(Put(path, value)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("publish",), ["-publish: External"]),
        (("platform", "aws", "subnets"), ["-    subnets:", "-    - subnet-1 # a", "-    - subnet-2"]),
        (("metadata", "name"), ["-metadata:", '-  name: "lab"   # quoted', "+metadata: {}   # quoted"]),
        (("compute", 0, "name"), ["-- name: worker", "-  replicas: 3  # three", "+- replicas: 3  # three"]),
        (
            ("networking", "machineNetwork"),
            ["-networking: {machineNetwork: [{cidr: 10.0.0.0/16}]}", "+networking: {}"],
        ),
        (("additionalTrustBundle",), ["-additionalTrustBundle: |", "-  BEGIN", "-  END"]),
        (("sshKey",), ["-sshKey: 'ssh-rsa x'"]),
        (("fips",), []),
        (("publish", "fips"), []),
    ],
)
def test_remove(path: tuple[str | int, ...], expected: list[str]) -> None:
    assert changes(Remove(path)) == expected


@pytest.mark.parametrize("key", ["a", "b", "c"])
def test_remove_of_a_flow(key: str) -> None:
    text = "x: {a: 1, b: [2, 3], c: {d: 4}}\n"
    assert parse(edited(text, [Remove(("x", key))], NAME), NAME).plain() == {
        "x": {name: value for name, value in {"a": 1, "b": [2, 3], "c": {"d": 4}}.items() if name != key}
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", "a:\n  x: 1\n  y: 2\n  bootstrap: false\n"),
        ("  bootstrap: true   # for now\n", "a:\n  x: 1\n  bootstrap: false   # for now\n  y: 2\n"),
        ("  bootstrap: {address: 10.0.0.1}  # it\n", "a:\n  x: 1\n  bootstrap: false  # it\n  y: 2\n"),
        ("  bootstrap:\n    address: 10.0.0.1\n", "a:\n  x: 1\n  bootstrap: false\n  y: 2\n"),
        (
            "  bootstrap:  # the machine\n    # of the team\n    address: '# 1'   # fixed\n    from: x#y\n\n  # next\n",
            "a:\n  x: 1\n  bootstrap: false  # the machine\n    # of the team\n    # fixed\n\n  # next\n  y: 2\n",
        ),
        (
            "  bootstrap:\n    # one\n    address: 10.0.0.1\n    ignition: b.ign  # two\n",
            "a:\n  x: 1\n  bootstrap: false\n    # one\n    # two\n  y: 2\n",
        ),
        (
            "  bootstrap:\n    address: 10.0.0.1  # one\n",
            "a:\n  x: 1\n  bootstrap: false  # one\n  y: 2\n",
        ),
    ],
)
def test_lines_become_a_word_and_leave_their_comments(written: str, expected: str) -> None:
    text = f"a:\n  x: 1\n{written}  y: 2\n"
    after = edited(text, [Put(("a", "bootstrap"), False)], NAME)
    assert after == expected


def test_several_edits_follow_each_other() -> None:
    edits: list[Edit] = [Put(("a", "b"), 1), Put(("a", "c"), 2), Remove(("a", "b")), Put(("x",), 0)]
    assert edited("x: 1\n", edits, NAME) == "x: 0\na:\n  c: 2\n"


@pytest.mark.parametrize("edit", [Put(("publish",), "External"), Put(("compute", 0, "replicas"), 3), Remove(("fips",))])
def test_what_is_so_already_stays(edit: Edit) -> None:
    assert edited(TEXT, [edit], NAME) == TEXT


def test_a_list_is_indented_as_the_files_others_are() -> None:
    assert edited("a:\n  - 1\nb: 2\n", [Put(("c",), [{"d": [3]}])], NAME) == (
        "a:\n  - 1\nb: 2\nc:\n  - d:\n      - 3\n"
    )
    assert edited("a:\n  - 1\nb: 2\n", [Put(("a",), [3])], NAME) == "a:\n  - 3\nb: 2\n"


def test_json_stays_json() -> None:
    text = '{\n  "openshift": {\n    "zones": 1\n  }\n}\n'
    after = edited(text, [Put(("openshift", "bootstrap"), False), Put(("x",), {"y": "z"})], NAME)
    assert after == '{\n  "openshift": {\n    "zones": 1, "bootstrap": false\n  }, "x": {"y": "z"}\n}\n'


def test_the_files_ends_of_lines_are_kept() -> None:
    assert edited("a: 1\r\nb:\r\n  c: 2", [Put(("b", "d"), [1]), Put(("e",), "x\ny\n")], NAME) == (
        "a: 1\r\nb:\r\n  c: 2\r\n  d:\r\n  - 1\r\ne: |\r\n  x\r\n  y\r\n"
    )


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("a: 1\nb: |\n  x\n  y", Put(("c",), 2), "a: 1\nc: 2\nb: |\n  x\n  y"),
        ("a: 1\nb: >\n  x", Put(("c",), [2]), "a: 1\nc:\n- 2\nb: >\n  x"),
        ("a: 1\nb: |+ # k\n  x\n\n", Put(("c",), 2), "a: 1\nc: 2\nb: |+ # k\n  x\n\n"),
        ("a: 1\nb: # c\n  d: |\n    x", Put(("b", "c"), 2), "a: 1\nb: # c\n  c: 2\n  d: |\n    x"),
        ("a: 1\nb:\n  d: |\n    x", Put(("c", "e"), 2), "a: 1\nc:\n  e: 2\nb:\n  d: |\n    x"),
        ("a: 1\nb: | # + not\n  x+\n", Put(("c",), 2), "a: 1\nb: | # + not\n  x+\nc: 2\n"),
        ("a: 1\nb: |-\n  x\n", Put(("c",), 2), "a: 1\nb: |-\n  x\nc: 2\n"),
        ("a: 1\nb: 'x'", Put(("c",), 2), "a: 1\nb: 'x'\nc: 2\n"),
        ("a: 1\nb: x", Put(("b",), "k\nl\n"), "a: 1\nb: |\n  k\n  l\n"),
        ("a: 1\nb: |\n  x", Put(("b",), "k\nl\n"), "a: 1\nb: |\n  k\n  l\n"),
        ("a: 1\nb: x # y", Put(("b",), "k\nl"), "a: 1\nb: |- # y\n  k\n  l\n"),
    ],
)
def test_a_last_text_of_several_lines_stays_what_it_is(text: str, edit: Edit, expected: str) -> None:
    assert edited(text, [edit], NAME) == expected


def test_what_ends_in_lines_of_its_own_kind_is_refused_and_no_traceback() -> None:
    with pytest.raises(PlanErrors, match="can't be edited here"):
        edited("a: 1\rb: 2\r", [Remove(("b",))], NAME)


def test_what_can_not_be_edited_is_refused_with_its_place() -> None:
    with pytest.raises(PlanErrors) as raised:
        edited("x: 1\na: &one {b: 1}\nc: *one\n", [Put(("c", "b"), 2)], NAME)
    (error,) = raised.value.errors
    assert (error.position.file, error.position.line, error.path) == (NAME, 2, "c.b")
    assert "can't be edited here" in error.message
    assert "by hand" in error.hint


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("publish", "x"), "17:10: publish: expected a mapping, got 'External'"),
        (("publish", 0), "17:10: publish: expected a list, got 'External'"),
        (("compute", "x"), "13:1: compute: expected a mapping, got a list"),
        (("metadata", 0), "4:3: metadata: expected a list, got a mapping"),
    ],
)
def test_what_is_of_another_kind_is_refused(path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(PlanErrors) as raised:
        edited(TEXT, [Put(path, 2)], NAME)
    assert [str(each) for each in raised.value.errors] == [f"{NAME}:{message}"]


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(PlanErrors, match="not YAML"):
        edited("a: [", [], NAME)


def test_a_diff_names_the_file_and_has_no_ends_of_lines() -> None:
    assert unified_diff("a\n", "a\n", NAME) == []
    assert unified_diff("a\nb\n", "a\nc", NAME) == [f"--- {NAME}", f"+++ {NAME}", "@@ -1,2 +1,2 @@", " a", "-b", "+c"]


_SCALARS = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-9, 99),
    some.sampled_from(["x", "no", "0.5", "a: b", "# c", "", "l\nm\n"]),
)
_DATA = some.recursive(
    _SCALARS,
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(some.sampled_from("pqr"), inner, max_size=2),
    max_leaves=5,
)
_PATHS = some.sampled_from(
    [("platform", "aws", "p"), ("p",), ("metadata", "name"), ("compute", 0, "p"), ("compute", 1), ("proxy", "p", "q")]
)


@given(path=_PATHS, value=_DATA)
@settings(max_examples=15, deadline=None)
def test_whatever_is_put_is_read_back_and_no_comment_is_lost(path: tuple[str | int, ...], value: Any) -> None:
    after = edited(TEXT, [Put(path, value)], NAME)
    found: Any = parse(after, NAME).plain()
    for part in path:
        found = found[part]
    assert found == value
    assert [
        each
        for each in ("# the lab", "# quoted", "# what", "# a", "# three", "# later", "# the end")
        if each not in after
    ] == []
