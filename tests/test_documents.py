"""The documents say what is so: their links lead somewhere, their plan is a plan, their policy is complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main

ROOT: Final = Path(__file__).parents[1]
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of one language in a document, given by its path from the root."""
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())
    assert [each for each in targets if "://" not in each and not (document.parent / each).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "docs/how-to/write-a-plan.md"])
def test_its_plan_is_valid(document: str, tmp_path: Path) -> None:
    plan = tmp_path / "prod.yaml"
    plan.write_text("\n".join(blocks(document, "yaml")))
    run = CliRunner().invoke(main, ["validate", str(plan)])
    assert run.exit_code == 0, run.stderr[-2000:]


HOW_TOS: Final = [path.stem for path in DOCUMENTS if path.parent.name == "how-to" and path.stem != "write-a-plan"]


@pytest.mark.parametrize("name", [each for each in HOW_TOS if blocks(f"docs/how-to/{each}.md", "yaml")])
def test_the_keys_of_a_how_to_are_those_of_a_plan(name: str, tmp_path: Path) -> None:
    plan = tmp_path / "prod.yaml"
    head = "name: prod\nregion: eu-west-1\nopenshift: {clusterName: prod, baseDomain: example.com}\n"
    plan.write_text(head + "".join(blocks(f"docs/how-to/{name}.md", "yaml")))
    run = CliRunner().invoke(main, ["validate", str(plan)])
    assert run.exit_code == 0, run.stderr[-2000:]


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_the_modules_that_it_names_exist(document: Path) -> None:
    """But for the history, in which they keep the names that they had."""
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", document.read_text())) if document.name != "CHANGELOG.md" else set()
    folders = (ROOT, ROOT / "ocpprov", ROOT / "ocpprov" / "sandbox")
    assert [each for each in named if not any((folder / each).exists() for folder in folders)] == []


def test_what_the_architecture_names_in_a_module_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    named = re.findall(r"`(\w+)(?:\.\w+)?` in `([\w/]+\.py)`", page)
    assert [name for name, path in named if name not in (ROOT / "ocpprov" / path).read_text()] == []
    assert len(named) > 5


def test_the_glossary_is_short_and_its_names_are_those_of_the_code() -> None:
    _, glossary = (ROOT / "docs" / "architecture.md").read_text().split("## Glossary")
    rows = [line for line in glossary.splitlines() if line.startswith("| ")][1:]
    assert len(rows) <= 25
    sources = "".join(path.read_text() for path in (ROOT / "ocpprov" / "engine").glob("*.py"))
    assert [name for name in re.findall(r"`([A-Z]\w+)`", glossary) if f"class {name}" not in sources] == []


def test_the_makefile_explains_each_command_that_the_documents_name() -> None:
    explained = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for document in DOCUMENTS for name in re.findall(r"`make ([a-z-]+)", document.read_text())}
    assert named - explained == set()
