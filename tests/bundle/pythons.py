"""The Pythons that a bundle is for, as far as this machine has them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest

OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = ("3.11", "3.12", "3.13")

each_python = pytest.mark.parametrize(
    "version", [pytest.param(each, marks=[] if each == OWN else [pytest.mark.torture]) for each in VERSIONS]
)


def python(version: str) -> str:
    """The Python of a version; skips the test where there is none."""
    if version == OWN:
        return sys.executable
    where = [f"python{version}", "-c", "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2])"]
    with suppress(OSError):
        done = subprocess.run(where, capture_output=True, text=True, check=False)
        path, _, found = done.stdout.strip().rpartition(" ")
        if found == version:
            return path
    pytest.skip(f"there is no python{version} on PATH")
