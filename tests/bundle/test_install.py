"""install.sh: what it says when it can't, and that it leaves nothing half done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundle.pythons import each_python, python
from tests.support.warm import Finished

NEEDS = ("cat", "dirname", "ls", "rm")
"""What the script calls besides the shell and Python."""


def _install(bundle: Path, *arguments: str | Path, path: Path | None = None) -> Finished:
    environ = {"PATH": str(path or "/usr/bin:/bin"), "HOME": "/nonexistent", "PIP_INDEX_URL": "https://nowhere.test/"}
    command = ["/bin/sh", str(bundle / "install.sh"), *map(str, arguments)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def _linked(bundle: Path, folder: Path) -> Path:
    """A copy of the bundle that costs nothing: what is to be changed in it has to be unlinked first."""
    shutil.copytree(bundle, folder, copy_function=_link)
    return folder


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _stand_in(file: Path, text: str) -> Path:
    """Something that is called like a Python."""
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def _bare_path(folder: Path) -> Path:
    folder.mkdir()
    for name in NEEDS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def test_a_python_that_is_too_old_is_named(bundle: Path, tmp_path: Path) -> None:
    old = _stand_in(tmp_path / "python3.9", "echo 3.9")
    done = _install(bundle, "--python", old, tmp_path / "there")
    said = f"install.sh: {old} is Python 3.9, and this needs 3.11, 3.12 or 3.13; name another one with --python\n"
    assert (done.code, done.err) == (1, said)
    assert not (tmp_path / "there").exists()


def test_where_no_python_fits_it_says_which_were_found_and_what_to_install(bundle: Path, tmp_path: Path) -> None:
    path = _bare_path(tmp_path / "bin")
    none = _install(bundle, tmp_path / "there", path=path)
    assert "no Python 3.11, 3.12 or 3.13 on PATH (looked for python3.13" in none.err
    _stand_in(path / "python3", "echo 3.6")
    old = _install(bundle, tmp_path / "there", path=path)
    assert "on PATH (found: python3 is 3.6, looked for python3.13" in old.err
    assert "dnf install python3.11" in old.err
    assert (none.code, old.code) == (1, 1)


def test_something_else_than_a_python_is_named(bundle: Path, tmp_path: Path) -> None:
    done = _install(bundle, "--python", _stand_in(tmp_path / "snake", "exit 1"), tmp_path / "there")
    assert (done.code, "doesn't run as a Python" in done.err) == (1, True)
    done = _install(bundle, "--python", tmp_path / "nothing", tmp_path / "there")
    assert (done.code, f"there is no {tmp_path}/nothing here" in done.err) == (1, True)


def test_a_python_without_venv_is_named_with_its_package(bundle: Path, tmp_path: Path) -> None:
    crippled = f'case "$*" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"'
    done = _install(bundle, "--python", _stand_in(tmp_path / "python3", crippled), tmp_path / "there")
    assert done.code == 1
    assert "can't make virtual environments" in done.err
    assert "apt install python3-venv" in done.err
    assert "ocpprov.pyz" in done.err


@pytest.mark.parametrize("name", ["wheels/tenacity", "plans/govcloud.yaml", "requirements.txt"])
def test_a_file_that_is_not_what_it_was_is_named(bundle: Path, tmp_path: Path, name: str) -> None:
    copy = _linked(bundle, tmp_path / "copy")
    [file] = copy.glob(f"{name}*")
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:-1] + b"?")
    changed = _install(copy, "--python", sys.executable, tmp_path / "there")
    file.unlink()
    gone = _install(copy, "--python", sys.executable, tmp_path / "there")
    for done in (changed, gone):
        assert done.code == 1
        assert "not what they were when the bundle was made" in done.err
        assert done.err.count("\n    ") == 1
        assert f"\n    {file.relative_to(copy)}" in done.err
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("sums", ["", "half"])
def test_a_list_of_sums_that_is_not_whole_vouches_for_nothing(bundle: Path, tmp_path: Path, sums: str) -> None:
    copy = _linked(bundle, tmp_path / "copy")
    lines = (copy / "SHA256SUMS").read_text().splitlines(keepends=True)
    (copy / "SHA256SUMS").unlink()
    (copy / "SHA256SUMS").write_text("".join(lines[: len(lines) // 2]) if sums else "")
    done = _install(copy, "--python", sys.executable, tmp_path / "there")
    assert (done.code, "not of the bundle" in done.err) == (1, True)
    assert not (tmp_path / "there").exists()


def test_a_python_may_be_named_from_where_one_stands(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "py thon").symlink_to(sys.executable)
    command = ["/bin/sh", str(bundle / "install.sh"), "--python", "./py thon", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    assert f"{tmp_path} is there already" in done.stderr


def test_a_folder_that_is_there_already_is_left_alone(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("my own")
    done = _install(bundle, "--python", sys.executable, tmp_path)
    assert done.err == f"install.sh: {tmp_path} is there already; remove it first, or name another folder\n"
    assert (done.code, [path.name for path in tmp_path.iterdir()]) == (1, ["mine"])
    file = _install(bundle, "--python", sys.executable, tmp_path / "mine")
    assert (file.code, "is there already" in file.err) == (1, True)


def test_without_a_place_it_says_how_it_is_used(bundle: Path) -> None:
    for arguments in ([], ["--nonsense"], ["one", "two"], ["--python"]):
        assert _install(bundle, *arguments).code == 2
    shown = _install(bundle, "--help")
    assert (shown.code, shown.out.startswith("usage: ./install.sh")) == (0, True)


@pytest.mark.torture
def test_a_wheel_that_is_not_the_pinned_one_leaves_no_half_installation(bundle: Path, tmp_path: Path) -> None:
    copy = _linked(bundle, tmp_path / "copy")
    pins = (copy / "requirements.txt").read_text()
    (copy / "requirements.txt").unlink()
    (copy / "requirements.txt").write_text(pins.replace("sha256:", "sha256:0", 1)[:-2] + "\n")
    (copy / "SHA256SUMS").unlink()
    sums = "find . -type f ! -name SHA256SUMS | sed 's,^\\./,,' | sort | xargs sha256sum > SHA256SUMS"
    subprocess.run(["/bin/sh", "-c", sums], cwd=copy, check=True)
    done = _install(copy, "--python", sys.executable, tmp_path / "there")
    assert (done.code, "pip could not install the wheels" in done.err) == (1, True)
    assert not (tmp_path / "there").exists()


@each_python
def test_it_installs_for_each_python(bundle: Path, tmp_path: Path, version: str) -> None:
    done = _install(bundle, "--python", python(version), tmp_path / "there")
    assert (done.code, done.err) == (0, "")
    assert f"is installed in {tmp_path}/there" in done.out
    ocpprov, plan = tmp_path / "there" / "bin" / "ocpprov", bundle / "plans" / "restricted-3az.yaml"
    subprocess.run([ocpprov, "validate", plan], check=True, timeout=60)
    [packages] = (tmp_path / "there").glob("lib/python*/site-packages/ocpprov")
    assert packages.parents[1].name == f"python{version}"
    share = tmp_path / "there" / "share"
    installed = sorted(str(path.relative_to(share)) for path in share.rglob("*") if path.is_file())
    assert [name for name in installed if not name.startswith("man/")] == [
        "bash-completion/completions/ocpprov",
        "fish/vendor_completions.d/ocpprov.fish",
        "zsh/site-functions/_ocpprov",
    ]
    assert {"man/man1/ocpprov.1", "man/man1/ocpprov-apply.1"} <= set(installed)
    assert all((share / name).stat().st_size for name in installed)
