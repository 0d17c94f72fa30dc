"""`list`: which region is meant, and how old something is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.list_plans import _age, _region
from ocpprov.commands.options import Options


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7_199, "1 h"), (200_000, "2 d"), (-5, "0 s")]
)
def test_an_age_is_in_the_largest_unit(seconds: float, said: str) -> None:
    assert _age(1000.0, 1000.0 + seconds) == said


def test_the_region_is_given_configured_or_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    given = Options(directory=tmp_path)
    with pytest.raises(Refused, match=r"^--region: no region is given, and none is configured; give one"):
        _region(given)
    folder = tmp_path / ".ocpprov" / "lab"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "plan.json").write_text(json.dumps({"name": "lab", "region": "eu-west-3"}))
    assert _region(given) == "eu-west-3"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert _region(given) == "eu-west-2"
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert _region(given) == "eu-west-1"
    assert _region(Options(region="eu-north-1")) == "eu-north-1"
    with pytest.raises(Refused, match=r"^--region eu: no region has such a name"):
        _region(Options(region="eu"))
