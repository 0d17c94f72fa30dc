"""The documents as HTML, by MkDocs: for a bastion without internet, so nothing in it is fetched from elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_PAGES: Final = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "docs", "plans")


class Broken(Exception):
    """A page is missing, or a link leads nowhere; the text is MkDocs' own."""


def build(into: Path) -> None:
    """Make the site in a folder, which is emptied first. Raises Broken."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        pages = folder / "pages"
        pages.mkdir()
        for name in _PAGES:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, pages / name)
        shutil.copy(ROOT / "documents" / "site.css", pages)
        shutil.copy(ROOT / "documents" / "mkdocs.yml", folder)
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--clean", "--site-dir", str(into.resolve())]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(done.stderr.strip() or done.stdout.strip())
