"""What a run leaves in the current folder: `.ocpprov/<name>/`, for its owner's eyes only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocpprov.runs.private_files import Untrusted, make_folders, read_private, write_private


@dataclass(frozen=True)
class RunFolder:
    """The folder of one plan. Files have mode 0600, it and `.ocpprov` 0700. No secrets are ever written to it."""

    path: Path

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def log(self) -> Path:
        return self.path / "log.jsonl"

    @property
    def events(self) -> Path:
        """What happened in all runs, for their reports."""
        return self.path / "runs.jsonl"

    @property
    def preflight(self) -> Path:
        """The rows of the last preflight."""
        return self.path / "preflight.json"

    @property
    def verification(self) -> Path:
        """The rows and flows of the last verification."""
        return self.path / "verification.json"

    def report(self, run: str) -> Path:
        """The report of a run."""
        return self.path / f"report-{run}.html"

    @property
    def outputs(self) -> Path:
        return self.path / "outputs.json"

    @property
    def last_plan(self) -> Path:
        return self.path / "plan.json"

    @property
    def durations(self) -> Path:
        """How long AWS took to get things ready, in seconds, by account, region and type."""
        return self.path / "durations.json"

    @property
    def bootstrap(self) -> Path:
        """Which machine the bootstrap was, for a removal that goes on."""
        return self.path / "bootstrap.json"

    @property
    def handover(self) -> Path:
        """What somebody else has to make: a template."""
        return self.path / "handover.yaml"

    @property
    def handover_policy(self) -> Path:
        """What that takes to be allowed: a policy of IAM."""
        return self.path / "handover-policy.json"

    def create(self) -> None:
        """Make the folder, and `.ocpprov` above it. Raises OSError."""
        make_folders(self.journal)

    def write(self, path: Path, content: Any) -> None:
        """Write JSON whole: a reader sees the old or the new content. Raises OSError."""
        self.write_text(path, json.dumps(content, indent=2, sort_keys=True) + "\n")

    def write_text(self, path: Path, content: str) -> None:
        """The same for text."""
        write_private(path, content)

    def read(self, path: Path) -> Any:
        """The JSON in a file of the folder; None where there is none that can be read. Raises Untrusted for what
        somebody else may have put there."""
        try:
            return json.loads(read_private(path))
        except Untrusted:
            raise
        except (OSError, ValueError, RecursionError):
            return None


def run_folder(base: Path, name: str) -> RunFolder:
    """The folder of the plan `name` below `base` (the current folder, or `--dir`)."""
    return RunFolder(base / ".ocpprov" / name)


def known_plans(base: Path) -> list[tuple[str, str]]:
    """Name and region of every plan applied from this folder, sorted. Raises Untrusted."""
    found = []
    for folder in sorted((base / ".ocpprov").glob("*/plan.json")):
        content = RunFolder(folder.parent).read(folder)
        if isinstance(content, dict) and "name" in content and "region" in content:
            found.append((str(content["name"]), str(content["region"])))
    return found
