"""The templates of plans, as `ocpprov render --template --json` prints them: what the bound is worked out from."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ocpprov.cli.verbs import main

_COUNTED = re.compile(r"^  zones: 3\b.*$", re.MULTILINE)
_NAMED = "  zones: [eu-west-1a, eu-west-1b, eu-west-1c]"


def template_of(plan: Path) -> Mapping[str, Any]:
    """A plan's template. Its zones are named, so that AWS isn't asked for their names: the rest is the same."""
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / plan.name
        named.write_text(_COUNTED.sub(_NAMED, plan.read_text()))
        run = CliRunner().invoke(main, ["render", str(named), "--template", "--json"])
    if run.exit_code:
        raise RuntimeError(run.output)
    template: Mapping[str, Any] = json.loads(run.stdout)
    return template
