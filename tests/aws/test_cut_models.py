"""botocore's descriptions that were cut to what is called: all that is called is there, as botocore has it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import botocore
import botocore.session
import pytest
from botocore.loaders import Loader

from bundle.cut_models import ROOT, cut, cut_endpoints, without_documentation, words_of
from ocpprov.aws.service_models import CUT, CUT_FROM, ServiceModels, with_cut
from ocpprov.aws.services import SERVICES

WHOLE: Final = Loader()
WHAT_TO_DO: Final = "run `make models`"
OWN: Final = Loader.BUILTIN_DATA_PATH


@pytest.fixture(scope="module")
def words() -> frozenset[str]:
    return words_of(ROOT / "ocpprov")


def cut_models() -> ServiceModels:
    return ServiceModels.of(botocore.session.Session())


def test_it_is_of_the_botocore_in_use() -> None:
    assert json.loads((CUT / CUT_FROM).read_text())["botocore"] == botocore.__version__, WHAT_TO_DO


def test_its_licence_is_kept() -> None:
    """Apache-2.0, section 4: whose it was, and that it was changed, goes wherever it goes."""
    theirs = metadata.distribution("botocore").read_text("NOTICE") or ""
    [name, copyright] = theirs.splitlines()[:2]
    notice = (ROOT / "NOTICE").read_text()
    assert name in notice
    assert copyright in notice
    assert copyright.startswith("Copyright")
    assert "NOTICE" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license-files"]
    origin = json.loads((CUT / CUT_FROM).read_text())
    assert (origin["license"], origin["changed"][:6]) == ("Apache-2.0", "cut to")


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_called_is_there_as_botocore_has_it(service: str, words: frozenset[str]) -> None:
    whole: Mapping[str, Any] = WHOLE.load_service_model(service, "service-2")
    found: Mapping[str, Any] = cut_models().load_service_model(service, "service-2")
    needed = cut(whole, words)
    for part in ("operations", "shapes"):
        assert needed[part].keys() <= found[part].keys(), WHAT_TO_DO
        kept = {name: without_documentation(whole[part][name]) for name in found[part]}
        assert {name: without_documentation(each) for name, each in found[part].items()} == kept, WHAT_TO_DO
    assert found["metadata"] == whole["metadata"]


def test_the_endpoints_are_botocores_own() -> None:
    models = cut_models()
    table, path = models.load_data_with_path("endpoints")
    assert table == cut_endpoints(WHOLE.load_data("endpoints")), WHAT_TO_DO
    assert path.startswith(str(CUT))
    assert models.is_builtin_path(path)


def test_a_cut_has_an_operation_with_all_that_it_refers_to() -> None:
    model: dict[str, Any] = {
        "metadata": {"x": 1},
        "operations": {
            "GetThing": {"input": {"shape": "In"}, "errors": [{"shape": "No"}], "documentation": "words"},
            "PutThing": {"input": {"shape": "Other"}},
        },
        "shapes": {
            "In": {"type": "structure", "members": {"documentation": {"shape": "Text"}, "All": {"shape": "Map"}}},
            "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "List"}},
            "List": {"type": "list", "member": {"shape": "In", "documentation": "words"}},
            "Text": {"type": "string", "documentation": "words"},
            "No": {"type": "structure", "members": {}},
            "Other": {"type": "string"},
        },
    }
    found = cut(model, frozenset({"get_thing"}))
    assert found["operations"] == {"GetThing": {"input": {"shape": "In"}, "errors": [{"shape": "No"}]}}
    assert found["shapes"].keys() == {"In", "Map", "List", "Text", "No"}
    assert found["shapes"]["In"] == model["shapes"]["In"]
    assert found["shapes"]["Text"] == {"type": "string"}
    assert found["metadata"] == {"x": 1}


def test_folders_of_the_users_come_before_it() -> None:
    assert with_cut(["/theirs", OWN]) == ["/theirs", str(CUT), OWN]


@pytest.mark.parametrize("content", [None, "{}", "no JSON", '{"botocore": "1.0.0"}'])
def test_of_another_botocore_it_isnt_used(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / CUT_FROM).write_text(content)
    assert with_cut(["/theirs", OWN], tmp_path) == ["/theirs", OWN]


def test_without_botocores_own_it_isnt_used() -> None:
    assert with_cut(["/theirs"]) == ["/theirs"]
