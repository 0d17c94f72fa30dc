"""Openings for a reader."""

from __future__ import annotations

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.ui.exposure_view import exposure_lines
from ocpprov.ui.lines import Line, Tone

WIDE = Exposure(
    "sg-0a1b2c3d4e5f60718",
    "MasterSecurityGroup",
    "tcp 0-65535 from anywhere",
    "the control plane to everybody in the VPC; from outside of it no route leads there",
    "tcp 22 from 10.0.0.0/16 (SG-MASTER)",
    "not of this plan: sgr-9",
    "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-0a1b2c3d4e5f60718 --security-group-rule",
)
OWN = Exposure("acl-1", "", "x", "y", "", "by the plan (prod.yaml:41:3)", f"take it out of the {'very ' * 15}long plan")


def test_each_opening_is_told_within_eighty_columns_but_for_what_is_pasted() -> None:
    assert list(exposure_lines(Exposures([WIDE, OWN], ["a default"], ["pl-1 " + "couldn't be read " * 5]))) == [
        Line("open, and no requirement needs it:", Tone.HEADING),
        Line("  sg-0a1b2c3d4e5f60718 (MasterSecurityGroup): tcp 0-65535 from anywhere", Tone.CHANGE),
        Line("    lays open the control plane to everybody in the VPC; from outside of it no"),
        Line("      route leads there"),
        Line("    needed: tcp 22 from 10.0.0.0/16 (SG-MASTER)"),
        Line("    not of this plan: sgr-9"),
        Line(f"    -> {WIDE.remedy}", Tone.ASIDE),
        Line("  acl-1: x", Tone.CHANGE),
        Line("    lays open y"),
        Line("    by the plan (prod.yaml:41:3)"),
        Line("    -> take it out of the very very very very very very very very very very very", Tone.ASIDE),
        Line("      very very very very long plan", Tone.ASIDE),
        Line("  known: a default", Tone.ASIDE),
        Line("  not judged: pl-1 couldn't be read couldn't be read couldn't be read couldn't", Tone.CHANGE),
        Line("    be read couldn't be read", Tone.CHANGE),
    ]


def test_nothing_open_is_said_as_far_as_it_was_judged() -> None:
    assert list(exposure_lines(Exposures())) == [Line("nothing is open that no requirement needs")]
    assert list(exposure_lines(Exposures(unread=["acl-1"]))) == [
        Line("nothing is open that no requirement needs, as far as it could be judged"),
        Line("  not judged: acl-1", Tone.CHANGE),
    ]
