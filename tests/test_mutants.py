"""mutants/: which mistakes are drawn, what becomes of one, and what is told of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mutants.candidates import candidates, shuffled
from mutants.equivalent import EQUIVALENT, Equivalent, argument_for, outdated
from mutants.exchange import OutOfReach, changed_functions, exchange, exchangeable, functions_in
from mutants.forked import Forked
from mutants.report import Draw, difference, once
from mutants.runner import Runner
from mutants.source import Mutant, is_a_change, mutated
from mutants.trial import Broken, Copy, Verdict, limit_for, suites_of

ROOT = Path(__file__).parents[1]
ROOMS_TESTS = ("tests/engine", "tests/reconcile")


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


def test_the_time_for_a_trial_is_some_times_what_the_tests_take() -> None:
    assert [limit_for(seconds) for seconds in (0.0, 6.0, 7.0)] == [30.0, 30.0, 35.0]


def test_the_nearest_tests_come_first() -> None:
    both = ["tests/engine", "tests/reconcile"]
    assert suites_of("ocpprov/engine/graph.py", both) == ("tests/engine/test_graph.py", both)
    assert suites_of("ocpprov/reconcile/wait.py", both) == ("tests/reconcile/test_wait.py", [*reversed(both)])
    assert suites_of("ocpprov/kinds/ec2/vpc.py", ["tests/kinds"]) == ("tests/kinds/test_vpc.py", ["tests/kinds"])


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
    copy = Copy.of(root, tmp_path / "copy", ROOMS_TESTS)
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
    for tests in ROOMS_TESTS:
        (folder / tests).mkdir(parents=True)
    return Copy(folder, ROOMS_TESTS, str(python)), file


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


@pytest.mark.parametrize("found", [Verdict.KILLED, Verdict.TIMED_OUT])
def test_what_a_quick_trial_finds_is_believed_but_not_that_one_survives(tmp_path: Path, found: Verdict) -> None:
    copy, file = _copy(tmp_path, "a2 == b\n")
    [mutant] = candidates("ocpprov/engine/a.py", file.read_text())
    asked: list[tuple[Mutant, str, float, str]] = []

    def quickly(answer: Verdict | None) -> Verdict:
        def trial(one: Mutant, text: str, limit: float) -> Verdict | None:
            asked.append((one, text, limit, file.read_text()))
            return answer

        return copy.verdict(mutant, 60, trial)

    assert quickly(found) is found
    assert asked == [(mutant, "a2 == b\n", 60, "a2 != b\n")]
    assert "-m pytest" not in (tmp_path / "said").read_text()
    assert quickly(None) is Verdict.SURVIVED
    assert "-m pytest" in (tmp_path / "said").read_text()


def test_what_cannot_be_imported_is_no_mutant_whatever_a_quick_trial_finds(tmp_path: Path) -> None:
    copy, file = _copy(tmp_path, "a1 == b\n")
    [mutant] = candidates("ocpprov/engine/a.py", file.read_text())
    assert copy.verdict(mutant, 60, lambda *_: Verdict.KILLED) is Verdict.NO_MUTANT


OF_FORKS = """\
LIMIT = 2 < 3


def least(a, b):
    return min(a, b)


def slow(a):
    while a < 0:
        pass


def inner(a):
    return [each for each in a if each == 1]


def untested(a):
    return a == 1


def early(a):
    return a == 1


EARLY = early(2)
"""
TESTS_OF_FORKS = """\
from ocpprov.engine import a


def test_least():
    assert a.least(1, 2) == 1


def test_slow():
    a.slow(1)


def test_inner():
    assert len(a.inner([1])) == 1


def test_limit():
    assert a.LIMIT
"""


def _small_repository(folder: Path) -> Path:
    """A module of a few lines, its tests, and the code that tries mutants of it."""
    for name, text in (
        ("ocpprov/engine/a.py", OF_FORKS),
        ("tests/engine/test_a.py", TESTS_OF_FORKS),
        ("pytest.ini", "[pytest]\npythonpath = ."),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "mutants").symlink_to(ROOT / "mutants")
    return folder


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Forked, Path]]:
    """A process that has collected the tests of a small module."""
    folder = _small_repository(tmp_path_factory.mktemp("forked").resolve())
    with Forked(Copy(folder, ["tests/engine"]), folder / "seen.json") as found:
        yield found, folder


def _mutant_of_forks(rule: str, line: int) -> Mutant:
    mutants = candidates("ocpprov/engine/a.py", OF_FORKS)
    return [each for each in mutants if (each.rule, each.line) == (rule, line)][-1]


@pytest.mark.parametrize(
    ("rule", "line", "verdict"),
    [
        ("min, max, any, all", 5, Verdict.KILLED),
        ("comparison", 9, Verdict.TIMED_OUT),
        ("comparison", 14, Verdict.KILLED),
        ("comparison", 18, Verdict.SURVIVED),
        ("comparison", 22, None),
        ("comparison", 1, None),
    ],
)
def test_a_fork_has_the_mistake_and_runs_who_enters_it(
    forked: tuple[Forked, Path], rule: str, line: int, verdict: Verdict | None
) -> None:
    limit = 0.5 if verdict is Verdict.TIMED_OUT else 60
    assert forked[0].tried(_mutant_of_forks(rule, line), OF_FORKS, limit) is verdict


def test_it_is_remembered_who_enters_what(forked: tuple[Forked, Path]) -> None:
    seen = json.loads((forked[1] / "seen.json").read_text())
    assert seen["entering"]["ocpprov/engine/a.py:4"] == ["tests/engine/test_a.py::test_least"]
    assert len(seen["seconds"]) == 4


@pytest.mark.parametrize("said", ['{"passed": false, "seconds": 0.0}', ""])
def test_where_the_tests_fail_by_themselves_nothing_can_be_told(tmp_path: Path, said: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{said}'\n" if said else "#!/bin/sh\n")
    python.chmod(0o755)
    with pytest.raises(Broken, match="without any mutant, tests/engine and tests/reconcile fail"):
        Forked(Copy(tmp_path, ROOMS_TESTS, str(python)), tmp_path / "seen.json")


@pytest.mark.torture
@pytest.mark.parametrize("test", ["def test_a(): assert False", "import nothing_like_it", ""])
def test_tests_that_fail_by_themselves_are_told(tmp_path: Path, test: str) -> None:
    """A process of pytest for each."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(test)
    (tmp_path / "mutants").symlink_to(ROOT / "mutants")
    with pytest.raises(Broken, match="without any mutant, tests fail"):
        Forked(Copy(tmp_path, ["tests"]), tmp_path / "seen.json")


def _exchanged(source: str, changed: str, name: str) -> Callable[..., object]:
    """A function of a module after the mistake was put into it."""
    module: dict[str, Any] = {}
    exec(compile(source, "/of/a.py", "exec"), module)
    [mutant] = [each for each in candidates("a.py", source) if mutated(source, each) == changed]
    exchange(exchangeable(changed_functions("/of/a.py", source, mutant), functions_in("/of")))
    found: Callable[..., object] = module[name]
    return found


@pytest.mark.torture
def test_whoever_stops_in_the_middle_leaves_no_fork_behind(tmp_path: Path) -> None:
    """It waits some seconds for the process to end by itself."""
    folder = _small_repository(tmp_path.resolve())

    def there() -> int:
        return sum(link.is_symlink() and link.resolve() == folder for link in Path("/proc").glob("[0-9]*/cwd"))

    with Forked(Copy(folder, ["tests/engine"]), folder / "seen.json") as process:
        trial = threading.Thread(target=process.tried, args=(_mutant_of_forks("comparison", 9), OF_FORKS, 600))
        trial.start()
        while there() < 2:
            trial.join(0.1)
    trial.join(10)
    assert not trial.is_alive()
    assert there() == 0


def test_a_function_has_the_mistake_wherever_it_is_held() -> None:
    source = "def f(a):\n    return a < 1\n\ng = f\nclass A:\n    def f(self, a): return a == 1\nh = A().f"
    assert _exchanged(source, source.replace("<", ">="), "g")(1) is True
    assert _exchanged(source, source.replace("== 1", "!= 1"), "h")(2) is True


def test_so_has_a_function_that_another_one_makes() -> None:
    source = "def f(a):\n    def g(b):\n        return a == b\n    return g\nh = f(1)"
    assert _exchanged(source, source.replace("==", "!="), "h")(1) is False
    assert _exchanged(source, source.replace("==", "!="), "f")(1)(1) is False  # type: ignore[operator]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("LIMIT = 2\ndef f(): return LIMIT == 3", "LIMIT = 3\ndef f(): return LIMIT == 3"),
        ("def f(a=1): return a", "def f(a=2): return a"),
        ("class A:\n    b = 1\ndef f(): return A.b == 3", "class A:\n    b = 2\ndef f(): return A.b == 3"),
        ("f = all([a == 1 for a in (1, 2)])", "f = all([a != 1 for a in (1, 2)])"),
    ],
)
def test_what_was_done_at_import_is_out_of_reach(before: str, after: str) -> None:
    with pytest.raises(OutOfReach):
        _exchanged(before, after, "f")


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
