"""The programs of others that make the parts: pip, setuptools, shiv, cyclonedx-py. Each is called in one place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from packaging.utils import NormalizedName, canonicalize_name

from bundle.fitness import PYTHONS

_FOR_ANY_MACHINE: Final = (
    "--platform",
    "any",
    "--implementation",
    "py",
    "--abi",
    "none",
    "--python-version",
    PYTHONS[0],
)
_DYNAMIC: Final = 'dynamic = ["version"]'
_SOURCES: Final = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "ocpprov")

Sums = Mapping[NormalizedName, str]
"""SHA-256 of wheels, by canonical name."""


class Failed(Exception):
    """A bundle can't be made; the text says why and what to do."""


def fetch(lock: Path, into: Path, *, compiled: bool) -> None:
    """Collect the wheels of a lock, and nothing but what it has the sums of, from pip's index: those that fit any
    machine, or with `compiled` those for this one. Raises Failed when some can't be had."""
    options = ("--require-hashes", "--only-binary=:all:", *(() if compiled else _FOR_ANY_MACHINE))
    try:
        _pip("download", *options, "--dest", into, "--requirement", lock)
    except Failed as error:
        kind = "" if compiled else "pure Python "
        raise Failed(
            f"no {kind}wheels for {lock.parent.name}/{lock.name}: {error}\n"
            "Where the index has none, ask for others in pyproject.toml and run `make lock`; where it isn't reached, "
            "see pip's settings."
        ) from error


def build_wheel(root: Path, scratch: Path, into: Path) -> None:
    """Build our own wheel from a copy of the sources, so that nothing is left beside them."""
    copy = scratch / "sources"
    copy.mkdir()
    for name in _SOURCES:
        if (root / name).is_dir():
            shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, copy)
    _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", into, copy)


def install(wheels: Path, requirements: Path, environment: Path) -> Path:
    """Make a virtual environment of just the wheels, without pip; returns its site-packages."""
    _run(sys.executable, "-m", "venv", "--without-pip", environment)
    options = ("--no-index", "--require-hashes", "--no-compile", "--find-links", wheels, "--requirement", requirements)
    _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        environment / "bin" / "python",
        "--isolated",
        "install",
        "--quiet",
        *options,
    )
    [packages] = environment.glob("lib/python*/site-packages")
    return packages


def single_file(packages: Path, preamble: Path, file: Path) -> None:
    """Put an installation into one file that Python runs. botocore reads its data from disk, so the file unpacks
    itself at its first start. The installation's own records go: they name the folder where it was made."""
    for record in packages.glob("*.dist-info/RECORD"):
        record.unlink()
    options = ("--compressed", "--reproducible", "--root", "~/.cache/ocpprov", "--preamble", preamble)
    entry = ("--entry-point", "ocpprov.cli:main", "--python", "/usr/bin/env python3")
    _run(sys.executable, "-m", "shiv", "--site-packages", packages, *options, *entry, "--output-file", file)


def bill_of_materials(root: Path, version: str, environment: Path, sums: Sums, file: Path) -> None:
    """Write what an environment consists of as CycloneDX JSON: names, versions, licences, what needs what, and the
    sum of the wheel of each. Raises Failed where one is missing."""
    # cyclonedx-py doesn't know where setuptools reads the version.
    project = environment / "pyproject.toml"
    project.write_text((root / "pyproject.toml").read_text().replace(_DYNAMIC, f'version = "{version}"'))
    options = ("--output-reproducible", "--of", "JSON", "--pyproject", project, "--output-file", file)
    _run(sys.executable, "-m", "cyclonedx_py", "environment", *options, environment / "bin" / "python")
    file.write_text(f"{json.dumps(with_sums(json.loads(file.read_text()), sums), indent=2)}\n")


def with_sums(bill: Mapping[str, Any], sums: Sums) -> Mapping[str, Any]:
    """The bill, with the sum of each component's wheel. Raises Failed where one is missing."""

    def summed(component: Mapping[str, Any]) -> Mapping[str, Any]:
        name = canonicalize_name(component["name"])
        if name not in sums:
            raise Failed(f"there is no wheel of {name}, which the bill of materials names")
        return {**component, "hashes": [{"alg": "SHA-256", "content": sums[name]}]}

    about = {**bill["metadata"], "component": summed(bill["metadata"]["component"])}
    return {**bill, "metadata": about, "components": [summed(each) for each in bill["components"]]}


def _pip(*arguments: str | Path) -> None:
    _run(sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments)


def _run(*command: str | Path) -> None:
    # What is built must not depend on who builds it.
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        umask=0o022,
        check=False,
    )
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip() and "WARNING" not in line]
        raise Failed("\n".join(said[-5:]) or f"{command[2]} ended with {done.returncode}")
