"""What is in the bundle, and that it is the same whoever makes it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bundle.archive import sha256
from ocpprov import __version__
from tests.support.lock import pins, read_lock

ROOT = Path(__file__).parents[2]


def test_every_file_has_its_sum_and_nothing_else_has_one(bundle: Path) -> None:
    lines = [line.split("  ") for line in (bundle / "SHA256SUMS").read_text().splitlines()]
    sums = {name: sum for sum, name in lines}
    files = {str(path.relative_to(bundle)): path for path in bundle.rglob("*") if path.is_file()}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if name in sums} == sums
    assert set(files) - set(sums) == {"SHA256SUMS"}


def test_wheels_are_pure_and_pinned_by_their_sums(bundle: Path) -> None:
    wheels = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (bundle / "wheels").iterdir()}
    assert all(name.endswith("-none-any.whl") for name in wheels)
    assert f"ocpprov-{__version__}-py3-none-any.whl" in wheels
    pins = re.findall(
        r"^([a-z0-9-]+)==(\S+) --hash=sha256:(\w{64})$", (bundle / "requirements.txt").read_text(), re.MULTILINE
    )
    assert sorted(sum for _, _, sum in pins) == sorted(wheels.values())
    assert not any(name == "moto" for name, _, _ in pins)


def test_its_wheels_are_those_of_the_lock(bundle: Path) -> None:
    carried = {(pin.name, pin.version): pin.sums for pin in pins((bundle / "requirements.txt").read_text())}
    assert carried.pop(("ocpprov", __version__))
    locked = {(pin.name, pin.version): pin.sums for pin in pins(read_lock("runtime"))}
    assert set(carried) == set(locked)
    assert [name for name, sums in carried.items() if not sums <= locked[name]] == []


def test_the_bill_of_materials_names_what_is_in_it(bundle: Path) -> None:
    bill = json.loads((bundle / "sbom.cdx.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert (bill["metadata"]["component"]["name"], bill["metadata"]["component"]["version"]) == ("ocpprov", __version__)
    parts = {(part["name"].lower().replace(".", "-"), part["version"]) for part in bill["components"]}
    pins = (bundle / "requirements.txt").read_text().splitlines()
    assert {("ocpprov", __version__), *parts} == {tuple(pin.split()[0].split("==")) for pin in pins}
    assert all(part["licenses"] for part in bill["components"])


def test_it_has_the_sum_of_each_wheel_and_the_lock_they_come_from(bundle: Path) -> None:
    bill = json.loads((bundle / "sbom.cdx.json").read_text())
    parts = [bill["metadata"]["component"], *bill["components"]]
    [kinds] = {tuple(each["alg"] for each in part["hashes"]) for part in parts}
    assert kinds == ("SHA-256",)
    wheels = {sha256(wheel) for wheel in (bundle / "wheels").iterdir()}
    assert {part["hashes"][0]["content"] for part in parts} == wheels
    assert (bundle / "lock.txt").read_text() == read_lock("runtime")


def test_documents_and_plans_are_in_it_and_nobody_is_named(archive: Path) -> None:
    with tarfile.open(archive) as packed:
        members = packed.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names, key=lambda name: Path(name).parts)
    top = f"ocpprov-{__version__}"
    wanted = {
        "README.md",
        "LICENSE",
        "NOTICE",
        "CHANGELOG.md",
        "docs/architecture.md",
        "plans/restricted-3az.yaml",
        "install.sh",
        "html/index.html",
    }
    assert {f"{top}/{name}" for name in wanted} <= set(names)
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    assert len({member.mtime for member in members}) == 1
    runs = {f"{top}/install.sh", f"{top}/ocpprov.pyz"}
    assert {member.name for member in members if member.mode == 0o755} == runs
    assert {member.mode for member in members if member.name not in runs} == {0o644}


@pytest.mark.torture
def test_another_folder_and_another_umask_make_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "build" / "wheels", tmp_path / "wheels")
    command = [sys.executable, "-m", "bundle", "--into", str(tmp_path)]
    # The archive may be older than the last commit, whose time it would have now.
    with tarfile.open(archive) as packed:
        environ = {**os.environ, "SOURCE_DATE_EPOCH": str(packed.getmembers()[0].mtime)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, umask=0o077, env=environ, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / archive.name).read_bytes() == archive.read_bytes()


def test_its_pages_fetch_nothing_from_elsewhere(bundle: Path) -> None:
    html = bundle / "html"
    pages = {str(path.relative_to(html)): path.read_text() for path in html.rglob("*.html")}
    assert {"index.html", "docs/tutorial.html", "docs/reference/plan-keys.html"} <= set(pages)
    fetching = r"<(?:script|img|iframe|link(?![^>]*rel=\"canonical\"))\b[^>]*(?:src|href)=\"(?:https?:)?//[^>]*>"
    assert {name: found for name, text in pages.items() if (found := re.findall(fetching, text))} == {}
    styles = "".join(path.read_text() for path in html.rglob("*.css"))
    assert re.findall(r"url\([\"']?(?:https?:)?//[^)]*\)", styles) == []
