"""The manual: a page for each command, in which there is all that its help has."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bundle.man_pages import pages, write_pages
from ocpprov.cli.verbs import main

PAGES = pages(main)


def plain(page: str) -> str:
    """A page's text as roff shows it."""
    shown = {"\\-": "-", "\\(aq": "'", "\\e": "\\"}
    for written, char in shown.items():
        page = page.replace(written, char)
    return re.sub(r"^\.\S+ ", "", page, flags=re.MULTILINE)


def test_each_command_has_a_page_and_the_program_names_them() -> None:
    inner = ["bootstrap-remove", *(f"sandbox-{word}" for word in ("start", "stop", "reset"))]
    commands = [*main.commands, *inner]
    assert sorted(PAGES) == sorted(["ocpprov", *(f"ocpprov-{word}" for word in commands)])
    assert all(f"ocpprov-{word}(1)" in plain(PAGES["ocpprov"]) for word in main.commands)
    assert plain(PAGES["ocpprov-apply"]).endswith("SEE ALSO\nocpprov(1)\n")


VERBS = [name for name, command in main.commands.items() if not isinstance(command, click.Group)]


@pytest.mark.parametrize("word", VERBS)
def test_what_the_help_says_is_in_the_page(word: str) -> None:
    said = " ".join(CliRunner().invoke(main, [word, "--help"]).stdout.split())
    page = " ".join(plain(PAGES[f"ocpprov-{word}"]).split())
    options = set(re.findall(r" (--[a-z-]+)", said))
    assert options == set(re.findall(r" (--[a-z-]+)", page))
    examples = said.partition("Examples:")[2].partition("Exit codes:")[0]
    assert examples
    codes = said.partition("Exit codes:")[2].split()
    assert {each for each in codes if each.isdigit()} == set(
        re.findall(r" (\d+) ", page.partition("EXIT STATUS")[2].partition("EXAMPLES")[0])
    )


def test_nothing_in_a_page_is_taken_for_a_request() -> None:
    known = (".TH", ".SH", ".TP", ".PP", ".B")
    for page in PAGES.values():
        for line in page.splitlines():
            assert not line.startswith("'")
            assert not line.startswith(".") or line.split()[0] in known, line


def test_pages_are_written_by_their_names(tmp_path: Path) -> None:
    write_pages(tmp_path / "man1")
    written = {path.name: path.read_text() for path in (tmp_path / "man1").iterdir()}
    assert written == {f"{name}.1": text for name, text in PAGES.items()}


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff isn't here")
def test_roff_has_nothing_to_say_against_them() -> None:
    text = "".join(PAGES.values())
    command = ["groff", "-man", "-Tutf8", "-ww", "-z"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    assert done.stderr == ""
