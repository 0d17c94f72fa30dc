"""Who asks: preflight finds it out once, so that it can't go wrong unheard a second time."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.aws.identity import check_account
from tests.end_to_end.preflighting import cluster_plan, preflight, said
from tests.end_to_end.world import Operator


def test_the_identity_is_asked_for_once(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def counted(*arguments: Any) -> Any:
        asked.append(arguments)
        return check_account(*arguments)

    monkeypatch.setattr("ocpprov.commands.preflight.check_account", counted)
    [(status, detail)] = said(preflight(operator, cluster_plan()), "identity")
    assert (status, detail.rpartition(" ")[2]) == ("pass", "123456789012")
    assert len(asked) == 1
