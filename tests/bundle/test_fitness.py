"""A bundle is refused when it wouldn't install alike on every machine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bundle.fitness import problems, read_wheel

PURE = "py3-none-any"


def _wheel(folder: Path, name: str, *requires: str, tag: str = PURE, python: str = ">=3.8") -> Path:
    file = folder / f"{name}-1.0-{tag}.whl"
    fields = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", f"Requires-Python: {python}"]
    fields += [f"Requires-Dist: {each}" for each in requires]
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(fields) + "\n")
    return file


def _found(folder: Path) -> list[str]:
    return problems([read_wheel(file) for file in sorted(folder.iterdir())], "ours")


def test_wheels_that_need_one_another_and_nothing_else_are_good(tmp_path: Path) -> None:
    _wheel(tmp_path, "ours", "Some.Thing[fast]>=1,<2")
    _wheel(tmp_path, "some_thing", "quick; extra == 'fast'", "slow; extra == 'other'", "old; python_version < '3.11'")
    _wheel(tmp_path, "quick", "some-thing", tag="py2.py3-none-any")
    assert _found(tmp_path) == []


@pytest.mark.parametrize("tag", ["cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", "py3-none-linux_s390x"])
def test_what_is_compiled_is_named(tmp_path: Path, tag: str) -> None:
    _wheel(tmp_path, "ours", "quick")
    _wheel(tmp_path, "quick", tag=tag)
    assert _found(tmp_path) == [
        f"quick-1.0-{tag}.whl isn't pure Python (its name doesn't end in -none-any.whl), so it would fit one platform "
        "only: ask in pyproject.toml for a version of quick that is, or do without it"
    ]


@pytest.mark.parametrize(
    ("marker", "missing_on"),
    [
        ("python_version >= '3.13'", "Python 3.13 on Linux s390x"),
        ("python_version < '3.12'", "Python 3.11 on Linux x86_64"),
        ("platform_machine == 'aarch64'", "Python 3.12 on Linux aarch64"),
        ("sys_platform == 'darwin'", "Python 3.13 on Darwin arm64"),
    ],
)
def test_what_only_some_machines_need_is_named_whether_it_is_there_or_not(
    tmp_path: Path, marker: str, missing_on: str
) -> None:
    _wheel(tmp_path, "ours", f"quick; {marker}")
    same = "what is asked for in pyproject.toml has to come to the same wheels everywhere"
    assert f"quick is needed on {missing_on}: {same}" in _found(tmp_path)
    _wheel(tmp_path, "quick")
    without = _found(tmp_path)
    assert without
    assert {each.partition(" on ")[0] for each in without} == {"quick-1.0-py3-none-any.whl isn't needed"}
    assert not any(missing_on in each for each in without)


def test_a_wheel_of_another_version_or_for_other_pythons_is_named(tmp_path: Path) -> None:
    _wheel(tmp_path, "ours", "quick>=2", "new")
    _wheel(tmp_path, "quick")
    _wheel(tmp_path, "new", python=">=3.13")
    found = _found(tmp_path)
    assert "ours-1.0-py3-none-any.whl wants quick>=2 on Python 3.13 on Linux x86_64, not 1.0" in found
    assert {each for each in found if each.startswith("new")} >= {
        "new-1.0-py3-none-any.whl wants Python >=3.13, which Python 3.12 on Linux x86_64 is not"
    }
    assert not any(each.startswith("new") and "Python 3.13 on" in each for each in found)
