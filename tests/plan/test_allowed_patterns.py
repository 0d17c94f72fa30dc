"""`AllowedPattern`: judged, whatever it is and whatever it is held against, within seconds."""

from __future__ import annotations

import time

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.plan import allowed_patterns
from ocpprov.plan.allowed_patterns import Fit, Invalid, judged
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.problems import PlanErrors

ENDLESS = "(a+)+$"
VALUE = "a" * 40 + "!"


def test_each_pair_has_its_verdict_and_none_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after the one that takes for ever isn't judged either."""
    monkeypatch.setattr(allowed_patterns, "SECONDS", 2)
    pairs = [("a+", "aa"), ("a+", "ab"), ("(", "x"), ("[a-z]+", "\u00e4"), (ENDLESS, VALUE), ("a", "a")]
    began = time.process_time()
    assert judged(pairs) == {
        pairs[0]: Fit.FITS,
        pairs[1]: Fit.DIFFERS,
        pairs[2]: Invalid("missing ), unterminated subpattern"),
        pairs[3]: Fit.DIFFERS,
        pairs[4]: Fit.TOO_SLOW,
        pairs[5]: Fit.TOO_SLOW,
    }
    assert time.process_time() - began < 0.5


def test_no_pair_no_process() -> None:
    assert judged([]) == {}


@pytest.mark.parametrize("given", [{}, {"P": VALUE}], ids=["default", "command line"])
def test_a_pattern_that_takes_too_long_is_an_error_at_its_place(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowed_patterns, "_asked", lambda pairs: "")
    text = (
        "name: a\nregion: eu-west-1\nParameters:\n"
        f"  P: {{Type: String, Default: '{VALUE}', AllowedPattern: '{ENDLESS}'}}\n"
    )
    with pytest.raises(PlanErrors) as caught:
        load(text, "plan.yaml", Inputs(KINDS, parameters=given))
    assert [str(error) for error in caught.value.errors] == [
        f"plan.yaml:4:{text.splitlines()[3].index(ENDLESS)}: Parameters.P.AllowedPattern: takes longer than 4 s to "
        "hold against the value; write it without a repetition inside a repetition"
    ]
