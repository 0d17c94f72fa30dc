"""What verify says on a terminal of eighty columns: no line goes on in the next one."""

from __future__ import annotations

import os
import re
from typing import Final

import pytest

from tests.end_to_end.world import ROOT, Operator
from tests.support.screen import OnScreen

_BEGIN: Final = re.compile(r"(pass|fail|warn)  .*|not as it should be: .*|nothing is open.*|\d+ pass(, .*)?")


@pytest.mark.torture
@pytest.mark.parametrize("command", ["verify", "preflight"])
def test_no_row_is_cut_on_a_terminal(operator: Operator, command: str) -> None:
    """Of a plan that nothing is there of, most rows fail; AWS's ids and commands alone may be longer than a line."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **operator.environ}
    (operator.folder / "p.yaml").write_text((ROOT / "plans" / "public-3az.yaml").read_text())
    shown = OnScreen([command, "p.yaml", "--sandbox"], operator.folder, environ)
    code = shown.ended(60)
    rows = shown.screen.rows()
    assert code == (1 if command == "verify" else 0), rows
    told = [row for row in rows if row.startswith(("  fail  ", "pass  ", "warn  "))]
    assert len(told) > 15
    assert [row for row in rows if row[:1] != " " and not _BEGIN.fullmatch(row)] == []
