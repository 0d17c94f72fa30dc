"""When lines have colours."""

from __future__ import annotations

import pytest

from ocpprov.ui.lines import STYLES, ColourChoice, Tone, wants_colour


@pytest.mark.parametrize(
    ("choice", "environ", "is_terminal", "wanted"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_the_option_decides_then_the_environment_then_the_terminal(
    choice: ColourChoice, environ: dict[str, str], is_terminal: bool, wanted: bool
) -> None:
    assert wants_colour(choice, environ, is_terminal=is_terminal) is wanted


def test_every_tone_has_a_style() -> None:
    assert set(STYLES) == set(Tone)
