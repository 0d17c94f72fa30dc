"""`python -m bundle`: makes build/ocpprov-<version>.tar.gz."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from bundle import tools
from bundle.archive import pack, sha256, write_sums
from bundle.fitness import PYTHONS, problems, read_wheel
from bundle.man_pages import write_pages
from documents import site
from ocpprov import __version__

ROOT: Final = Path(__file__).resolve().parents[1]
_DOCUMENTS: Final = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    "NOTICE",
    "docs",
    "plans",
)
_EARLIEST: Final = 315532800
"""1980, before which wheels, being zip files, know no time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the archive is there, 1 when it can't be made."""
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "build", help="where the archive goes")
    parser.add_argument(
        "--with-sandbox", action="store_true", help="with the sandbox, for this Python and platform only"
    )
    options = parser.parse_args(arguments)
    try:
        file = make(options.into.resolve(), sandbox=options.with_sandbox)
    except tools.Failed as error:
        print(f"no bundle: {error}", file=sys.stderr)
        return 1
    print(f"{sha256(file)}  {file}")
    return 0


def make(into: Path, *, sandbox: bool) -> Path:
    """Make the archive. Wheels that were fetched once for the same lock are taken again. Raises Failed."""
    epoch = _epoch()
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    os.environ.pop("PYTHONPATH", None)
    fetched = _fetched(into, sandbox)
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        folder = scratch / f"ocpprov-{__version__}{_fits_only() if sandbox else ''}"
        _fill(folder, scratch, fetched, sandbox)
        file = into / f"{folder.name}.tar.gz"
        write_sums(folder)
        pack(folder, file, epoch)
    return file


def _fill(folder: Path, scratch: Path, fetched: Path, sandbox: bool) -> None:
    wheels = folder / "wheels"
    shutil.copytree(fetched, wheels)
    tools.build_wheel(ROOT, scratch, wheels)
    found = sorted((read_wheel(file) for file in wheels.iterdir()), key=lambda wheel: wheel.name)
    if not sandbox and (wrong := problems(found, "ocpprov")):
        raise tools.Failed("\n".join(wrong))
    pins = folder / "requirements.txt"
    pins.write_text("".join(f"{each.name}=={each.version} --hash=sha256:{sha256(each.file)}\n" for each in found))
    environment = scratch / "environment"
    packages = tools.install(wheels, pins, environment)
    sums = {canonicalize_name(each.name): sha256(each.file) for each in found}
    tools.bill_of_materials(ROOT, __version__, environment, sums, folder / "sbom.cdx.json")
    shutil.copy(_lock(sandbox), folder / "lock.txt")
    if sandbox:
        (folder / "python-version").write_text(f"{platform.python_version().rpartition('.')[0]}\n")
    else:
        tools.single_file(packages, ROOT / "bundle" / "only_since.py", folder / "ocpprov.pyz")
    shutil.copy(ROOT / "bundle" / "install.sh", folder)
    write_pages(folder / "man" / "man1")
    for name in _DOCUMENTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    try:
        site.build(folder / "html")
    except site.Broken as error:
        raise tools.Failed(str(error)) from error


def _fetched(into: Path, sandbox: bool) -> Path:
    """The folder of wheels of our lock, fetched if it isn't there."""
    lock = _lock(sandbox)
    wanted = "\n".join([lock.read_text(), _fits_only() if sandbox else " ".join(PYTHONS)])
    folder = into / "wheels" / hashlib.sha256(wanted.encode()).hexdigest()[:16]
    if not folder.exists():
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        tools.fetch(lock, partial, compiled=sandbox)
        partial.replace(folder)
    return folder


def _lock(sandbox: bool) -> Path:
    return ROOT / "requirements" / ("sandbox.txt" if sandbox else "runtime.txt")


def _fits_only() -> str:
    """The end of the name of a bundle that fits this Python and platform only."""
    return f"-sandbox-py{platform.python_version().rpartition('.')[0]}-{sysconfig.get_platform()}"


def _epoch() -> int:
    """The time that all files of the bundle have: SOURCE_DATE_EPOCH, else that of the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return max(int(given), _EARLIEST)
    git = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    done = subprocess.run(git, capture_output=True, text=True, check=False) if shutil.which("git") else None
    return int(done.stdout) if done and done.returncode == 0 and done.stdout.strip() else _EARLIEST


if __name__ == "__main__":
    sys.exit(main())
