"""ocpprov.pyz: the whole of ocpprov in one file that Python runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from ocpprov import __version__
from tests.bundle.pythons import each_python, python
from tests.end_to_end.world import ROOT, everything
from tests.support.serving import plain_moto

PLAN = str(ROOT / "plans" / "restricted-3az.yaml")


@each_python
def test_it_runs_alone(bundle: Path, tmp_path: Path, version: str) -> None:
    interpreter = python(version)
    shutil.copy(bundle / "ocpprov.pyz", tmp_path)
    environ = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    environ |= {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}

    def run(*arguments: str) -> str:
        command = [interpreter, "ocpprov.pyz", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("--version") == f"ocpprov, version {__version__}\n"
    assert "96 resources" in run("validate", PLAN)
    with plain_moto() as environ["AWS_ENDPOINT_URL"]:
        # A server that has only just started takes longer to answer than an endpoint may.
        everything(environ["AWS_ENDPOINT_URL"])
        assert "95 to create" in run("plan", PLAN)
    assert [path.name.split("_")[0] for path in (tmp_path / ".cache" / "ocpprov").glob("o*")] == ["ocpprov.pyz"]


def test_a_python_that_is_too_old_ends_in_one_sentence() -> None:
    """As far as it can be had without one: the words are there, and the file that has them is understood by any."""
    text = (ROOT / "bundle" / "only_since.py").read_text()
    told = text.replace("sys.version_info < (3, 11)", "sys.version_info >= (3, 11)")
    done = subprocess.run([python("3.11"), "-c", told], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("ocpprov needs Python 3.11 or later, and this is 3.")
