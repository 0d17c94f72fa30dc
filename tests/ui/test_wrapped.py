"""Lines of at most eighty columns."""

from __future__ import annotations

import pytest

from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wrapped import WIDTH, remedy_lines, wrapped


def test_what_fits_is_one_line_and_what_does_not_goes_on_below() -> None:
    assert list(wrapped("a" * 76, first="  - ", rest="    ")) == [Line("  - " + "a" * 76)]
    longer = f"{'a' * 70} to-be b"
    assert list(wrapped(longer, Tone.DANGER, first="  - ", rest="    ")) == [
        Line("  - " + "a" * 70 + " to-be", Tone.DANGER),
        Line("    b", Tone.DANGER),
    ]


def test_a_word_that_is_longer_than_the_line_stays_whole() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/" + "a" * 40
    assert [line.text for line in wrapped(f"see {arn} there", rest="  ")] == ["see", f"  {arn}", "  there"]


def test_a_word_that_has_no_place_beside_the_head_stands_below_it() -> None:
    head, word = "fail  LB-REACH  ", "a" * 64
    assert [line.text for line in wrapped(f"{word} b", first=head, rest="  ")] == [f"{head}{word}", "  b"]
    assert [line.text for line in wrapped(f"{word}a b", first=head, rest="  ")] == [head.rstrip(), f"  {word}a b"]
    assert [line.text for line in wrapped("a b " * 10 + "b", first=head, rest="  ")] == [f"{head}{'a b ' * 10}b"]
    longer = "a" * 79
    assert [line.text for line in wrapped(longer, first=head, rest="  ")] == [f"{head}{longer}"]


def test_nothing_is_one_line_without_blanks_at_its_end() -> None:
    assert list(wrapped("", Tone.ASIDE, first="pass  ")) == [Line("pass", Tone.ASIDE)]


@pytest.mark.parametrize("text", ["a\nb\tc", "a\x1b[2Jb"])
def test_what_others_wrote_stays_to_be_filtered(text: str) -> None:
    assert [line.text for line in wrapped(text)] == [text]


@pytest.mark.parametrize("program", ["ocpprov", "aws"])
def test_a_command_stays_on_its_line(program: str) -> None:
    command = f"{program} {'word ' * 30}end"
    assert list(remedy_lines(command, "  ")) == [Line(f"  -> {command}", Tone.ASIDE)]


def test_another_remedy_is_in_lines_that_all_fit() -> None:
    lines = list(remedy_lines("give it a word " * 12, "  "))
    assert [line.text[:6] for line in lines] == ["  -> g", *["    " + line.text[4:6] for line in lines[1:]]]
    assert max(len(line.text) for line in lines) <= WIDTH
    assert " ".join(line.text.strip().removeprefix("-> ") for line in lines) == ("give it a word " * 12).strip()


def test_a_command_in_backticks_is_not_torn() -> None:
    text = "whoever has the permissions that the policy of `ocpprov policy --for plan prod.yaml` has may read it"
    assert [line.text for line in wrapped(text, rest="  ")] == [
        "whoever has the permissions that the policy of",
        "  `ocpprov policy --for plan prod.yaml` has may read it",
    ]
    assert next(line.text for line in wrapped(f"{text} a\0b", rest="  ")).endswith("`ocpprov policy --for plan")


def test_commands_among_other_remedies_stand_alone() -> None:
    quoted = "aws iam put --document '{1; 2}'"
    text = f"a VPC's rule; or another; ocpprov apply p.yaml; {quoted}; and wait"
    assert [line.text for line in remedy_lines(text, "")] == [
        "-> a VPC's rule; or another",
        "-> ocpprov apply p.yaml",
        f"-> {quoted}",
        "-> and wait",
    ]
    assert [line.text for line in remedy_lines("aws odd 'x; y", "")] == ["-> aws odd 'x; y"]
    assert list(remedy_lines("", "")) == []
