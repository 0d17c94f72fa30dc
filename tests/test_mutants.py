"""mutants/: which mistakes are drawn, what becomes of one, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mutants.candidates import candidates, shuffled
from mutants.equivalent import EQUIVALENT, Equivalent, argument_for, outdated
from mutants.report import Draw, difference, once
from mutants.runner import Runner
from mutants.source import Mutant, is_a_change, mutated
from mutants.trial import Copy, Verdict, suites_of

ROOT = Path(__file__).parents[1]


def _changed(text: str) -> list[str]:
    """A source, once for each mutant of it that is Python."""
    return [mutated(text, mutant) for mutant in candidates("a.py", text) if is_a_change(text, mutant)]


def _in_function(statement: str) -> list[str]:
    head = "def f():\n    "
    return [changed.removeprefix(head) for changed in _changed(head + statement)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a <= b", ["a < b", "a > b"]),
        ("a > b", ["a >= b", "a <= b"]),
        ("a >= b", ["a > b", "a < b"]),
        ("a == b", ["a != b"]),
        ("a != b", ["a == b"]),
        ("a is b", ["a is not b"]),
        ("a is not b", ["a is b"]),
        ("a in b", ["a not in b"]),
        ("a not in b", ["a in b"]),
        ("a < b == c", ["a <= b == c", "a >= b == c", "a < b != c"]),
        ("(\n    a  # is\n    is b\n)", ["(\n    a  # is\n    is not b\n)"]),
        ("a and b and c", ["a or b and c", "a and b or c"]),
        ("a or b", ["a and b"]),
        ("not a", ["a"]),
        ("not (a or b)", ["(a or b)", "not (a and b)"]),
        ("a if b else c", ["a if not b else c"]),
        ("[a for a in b if a.c]", ["[a for a in b if not a.c]"]),
        ("True", ["False"]),
        ("7", ["8"]),
        ("0.5", ["1.5"]),
        ("a == 'b'", ["a != 'b'", "a == 'b?'"]),
        ("a in ('b', 'c')", ["a not in ('b', 'c')", "a in ('b?', 'c')", "a in ('b', 'c?')"]),
        ("match a:\n    case 'b':\n        c", ["match a:\n    case 'b?':\n        c"]),
        ("f(a)", []),
        ("f(a, b)", ["f(a)"]),
        ("f(a, b, c=d)", ["f(a, b)", "f(a, c=d)"]),
        ("f(a=b, c=d)", ["f(a=b)", "f(c=d)"]),
        ("f(a=b)", ["f()"]),
        ("f(a for a in b)", []),
        ("isinstance(a, b)", []),
        ("a + b", ["a - b"]),
        ("a - b", ["a + b", "a | b"]),
        ("a | b", ["a & b"]),
        ("a & b", ["a | b"]),
        ("a * b", []),
        ("a += b", ["a -= b"]),
        ("min(a)", ["max(a)"]),
        ("max(a)", ["min(a)"]),
        ("any(a)", ["all(a)"]),
        ("all(a)", ["any(a)"]),
        ("é < 'ß'", ["é <= 'ß'", "é >= 'ß'", "é < 'ß?'"]),
    ],
)
def test_one_place_gives_exactly_these(source: str, found: list[str]) -> None:
    assert sorted(_changed(source)) == sorted(found)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("f(a)", ["pass"]),
        ("a |= b", ["pass", "a &= b"]),
        ("raise A", ["pass"]),
        ("del a[b]", ["pass"]),
        ("a.b = c", ["pass"]),
        ("a[b] = c", ["pass"]),
        ("a = b", []),
        ("while a: break", ["while not a: break", "while a: pass"]),
        ("return a", ["return None"]),
        ("return (\n        a\n    )", ["return (\n        None\n    )"]),
        ("return 'a'", ["return None"]),
        ("return True", ["return False"]),
        ("return None", []),
        ("return", []),
        ("yield a", ["yield None", "pass"]),
        ("yield from a", ["yield from ()", "pass"]),
    ],
)
def test_one_statement_gives_exactly_these(statement: str, found: list[str]) -> None:
    assert sorted(_in_function(statement)) == sorted(found)


@pytest.mark.parametrize(
    "source",
    [
        '"""a < b"""',
        "def f(a: b < c) -> d < e: ...",
        "a: b < c",
        "@a(b=c)\nclass D: ...",
        "@a(b=c)\ndef d(): ...",
        "f'{a < b}'",
        "class A:\n    def __repr__(self): return a < b",
        "class A(Protocol):\n    def f(self): return a < b",
        "class A(Protocol[T]):\n    def f(self): return a < b",
        "if TYPE_CHECKING:\n    a < b",
        "class A:\n    b = 'c'\n    'What it is.'",
        "f(a)",
    ],
)
def test_of_these_none_is_made(source: str) -> None:
    assert list(candidates("a.py", source)) == []


def test_what_is_left_out_ends_where_it_ends() -> None:
    source = (
        "if TYPE_CHECKING:\n    a < b\nelse:\n    a == b\n\ndef f(a: b = c == d, *, e=g == h): ...\n\ni: j = k == l"
    )
    assert [(each.line, each.text) for each in candidates("a.py", source)] == [
        (4, "!="),
        (6, "!="),
        (6, "!="),
        (8, "!="),
    ]


def test_what_is_no_python_or_the_same_is_no_change() -> None:
    def change(span: tuple[int, int], text: str) -> Mutant:
        return Mutant("a.py", 1, "any", span, text, "a = b", "")

    assert not is_a_change("a = b", change((2, 3), ""))
    assert not is_a_change("a = b", change((4, 5), "(b)"))
    assert is_a_change("a = b", change((4, 5), "c"))


def test_a_mutant_says_where_it_is_and_what_it_changes() -> None:
    source = "\n\nif a:\n    b = c(\n        d,\n        e,\n    )\n"
    *_, mutant = candidates("room/a.py", source)
    assert (mutant.file, mutant.line, mutant.before, mutant.after) == ("room/a.py", 5, "d,\ne,", "d,")
    assert difference(mutant) == "room/a.py:5 (argument dropped)\n    - d,\n    - e,\n    + d,"


def test_a_seed_draws_the_same_and_another_one_does_not() -> None:
    mutants = list(candidates("a.py", "\n".join(f"a{number} == b" for number in range(30))))
    assert len(mutants) == 30
    first = shuffled(1, mutants)
    assert (sorted(first, key=mutants.index), first[:2]) == (mutants, shuffled(1, mutants)[:2])
    assert first == shuffled(1, mutants) != shuffled(2, mutants)


MUTANT = Mutant("a.py", 7, "comparison", (0, 1), "!=", "if a == b:", "if a != b:")


def test_an_equivalent_is_known_wherever_its_line_moves() -> None:
    known = [Equivalent("a.py", "if a == b:", "if a != b:", "nobody can see it")]
    assert argument_for(replace(MUTANT, line=9, span=(3, 4)), known) == "nobody can see it"
    for other in (replace(MUTANT, file="b.py"), replace(MUTANT, before="if a == c:"), replace(MUTANT, after="if a:")):
        assert argument_for(other, known) == ""
        assert outdated([other], known) == known
    assert outdated([MUTANT], known) == []


def test_every_equivalent_is_one_still_and_has_its_argument() -> None:
    files = sorted({each.file for each in EQUIVALENT if (ROOT / each.file).exists()})
    there = [mutant for file in files for mutant in candidates(file, (ROOT / file).read_text())]
    assert outdated(there) == []
    assert [each for each in EQUIVALENT if len(each.because.split()) < 5] == []


def test_the_per_cent_is_of_those_that_count() -> None:
    verdicts = [Verdict.KILLED, Verdict.SURVIVED, Verdict.TIMED_OUT, Verdict.KILLED]
    drawn = {replace(MUTANT, line=line): verdict for line, verdict in enumerate(verdicts)}
    draw = Draw(1, drawn, {replace(MUTANT, line=9): "nobody sees it"}, 5, 1.0)
    assert draw.killed == 75.0
    assert draw.survivors() == [replace(MUTANT, line=1)]
    assert Draw(1, {}, {}, 0, 0.0).killed == 0.0
    again = replace(draw, seed=2, equivalent={replace(MUTANT, line=8): "nor this"})
    assert once([draw, again]) == (
        [replace(MUTANT, line=1)],
        {replace(MUTANT, line=8): "nor this", replace(MUTANT, line=9): "nobody sees it"},
    )


def test_the_nearest_tests_come_first() -> None:
    assert suites_of("ocpprov/engine/graph.py") == ("tests/engine/test_graph.py", ["tests/engine", "tests/reconcile"])
    assert suites_of("ocpprov/reconcile/wait.py") == (
        "tests/reconcile/test_wait.py",
        ["tests/reconcile", "tests/engine"],
    )


def test_a_copy_is_of_what_is_tested_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in (
        "ocpprov/engine/a.py",
        "tests/b.py",
        ".venv/c.py",
        "build/d.py",
        "ocpprov/__pycache__/a.pyc",
        "e.toml",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    copy = Copy.of(root, tmp_path / "copy")
    there = {str(path.relative_to(copy.folder)) for path in copy.folder.rglob("*") if path.is_file()}
    assert there == {"ocpprov/engine/a.py", "tests/b.py", "e.toml"}


STAND_IN = """\
#!/bin/sh
# Stands in for Python: what can't be imported, survives, is killed or hangs is told by the mutated line.
line=$(grep '!=' ocpprov/engine/a.py)
echo "$*" >> said
case "$*" in "-m pytest "*) ;; *) case $line in "a1 != b") exit 1 ;; *) exit 0 ;; esac ;; esac
case $line in "a2 != b") exit 0 ;; "a3 != b") exec sleep 60 ;; *) exit 1 ;; esac
"""


def _copy(folder: Path, line: str) -> tuple[Copy, Path]:
    python = folder / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    file = folder / "ocpprov" / "engine" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text(line)
    for tests in ("tests/engine", "tests/reconcile"):
        (folder / tests).mkdir(parents=True)
    return Copy(folder, str(python)), file


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("a0 == b\n", Verdict.KILLED),
        ("a1 == b\n", Verdict.NO_MUTANT),
        ("a2 == b\n", Verdict.SURVIVED),
        ("a3 == b\n", Verdict.TIMED_OUT),
    ],
)
def test_what_becomes_of_a_mutant(tmp_path: Path, line: str, verdict: Verdict) -> None:
    copy, file = _copy(tmp_path, line)
    compiled = file.parent / "__pycache__" / "a.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_text("of the original")
    [mutant] = candidates("ocpprov/engine/a.py", line)
    assert copy.verdict(mutant, limit=0.1 if verdict is Verdict.TIMED_OUT else 60) is verdict
    assert (file.read_text(), compiled.exists()) == (line, False)


def test_tests_that_are_named_after_the_module_come_first_and_may_be_enough(tmp_path: Path) -> None:
    copy, file = _copy(tmp_path, "a0 == b\n")
    (tmp_path / "tests" / "engine" / "test_a.py").write_text("")
    [mutant] = candidates("ocpprov/engine/a.py", file.read_text())
    assert copy.verdict(mutant, limit=60) is Verdict.KILLED
    [imported, named] = (tmp_path / "said").read_text().splitlines()
    assert "import sys, ocpprov.engine.a as module" in imported
    assert named.endswith(" tests/engine/test_a.py")


def test_a_draw_goes_on_until_enough_are_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, file = _copy(tmp_path, "".join(f"a{number} == b\n" for number in (0, 1, 2, 4, 5)))
    mutants = list(candidates("ocpprov/engine/a.py", file.read_text()))
    known = [Equivalent("ocpprov/engine/a.py", "a4 == b", "a4 != b", "nobody can see it")]
    runner = Runner([copy], limit=60, known=known)
    try:
        draw = runner.draw(2, mutants, 3)
    finally:
        runner.close()
    assert (set(draw.verdicts), set(draw.equivalent), draw.no_mutant) == (
        {mutants[0], mutants[2], mutants[4]},
        {mutants[3]},
        1,
    )
    assert sorted(capsys.readouterr().err) == sorted("-.S.")
