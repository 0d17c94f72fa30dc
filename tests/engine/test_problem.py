"""How a problem reads: place, what is wrong, what to do, as far as each is known."""

from __future__ import annotations

import pytest

from ocpprov.engine.problem import Problem


@pytest.mark.parametrize(
    ("problem", "text", "placed"),
    [
        (Problem("a.yaml:3:4", "is missing", "write it"), "a.yaml:3:4: is missing; write it", "a.yaml:3:4: is missing"),
        (Problem("", "AWS is silent; it may come back", "wait"), "AWS is silent; it may come back; wait", None),
        (Problem("NO_PROXY", "is empty"), "NO_PROXY: is empty", "NO_PROXY: is empty"),
        (Problem("", "is empty"), "is empty", "is empty"),
    ],
)
def test_it_is_one_sentence(problem: Problem, text: str, placed: str | None) -> None:
    assert str(problem) == text
    assert problem.placed_detail == (placed or problem.detail)
