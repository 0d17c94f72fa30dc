"""Obstacles in words."""

from __future__ import annotations

import pytest

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.spans import Share, Span, addresses
from ocpprov.reachability.verdict import Direction, Obstacle
from ocpprov.reachability.words import opening, stopped_by, what

HERE = addresses("10.0.64.0/20")
Code = ExplanationCode


@pytest.mark.parametrize(
    ("code", "component", "direction", "rule", "stopped", "opened"),
    [
        (
            Code.ENI_SG_RULES_MISMATCH, "sg-1", "ingress", "",
            "sg-1 has no inbound rule for tcp 6443 from 10.0.64.0/20",
            "an inbound rule in sg-1 for tcp 6443 from 10.0.64.0/20",
        ),
        (
            Code.SG_HAS_NO_RULES, "sg-1", "egress", "",
            "sg-1 has no outbound rules",
            "an outbound rule in sg-1 for tcp 6443 to 10.0.64.0/20",
        ),
        (
            Code.SUBNET_ACL_RESTRICTION, "acl-1", "ingress", "*",
            "acl-1 has no inbound entry that allows tcp 6443 from 10.0.64.0/20",
            "an inbound entry in acl-1 that allows tcp 6443 from 10.0.64.0/20",
        ),
        (
            Code.SUBNET_ACL_RESTRICTION, "acl-1", "egress", "90",
            "acl-1's outbound entry 90 denies tcp 6443 to 10.0.64.0/20",
            "an outbound entry in acl-1 with a number below 90 that allows tcp 6443 to 10.0.64.0/20",
        ),
        (
            Code.SUBNET_ACL_RESTRICTION, "acl-1", "ingress", "1",
            "acl-1's inbound entry 1 denies tcp 6443 from 10.0.64.0/20",
            "an inbound entry 1 in acl-1 that allows tcp 6443 from 10.0.64.0/20, and the one that denies it behind",
        ),
        (
            Code.NO_ROUTE_TO_DESTINATION, "rtb-1", "egress", "",
            "rtb-1 has no route to 10.0.64.0/20",
            "a route in rtb-1 to 10.0.64.0/20",
        ),
        (
            Code.BAD_STATE_ROUTE, "rtb-1", "egress", "nat-1",
            "rtb-1's route to 10.0.64.0/20 by nat-1 leads nowhere",
            "a route in rtb-1 to 10.0.64.0/20",
        ),
        (Code.BAD_STATE, "nat-1", "egress", "", "nat-1 isn't available", "nat-1 available, or another in its place"),
        (
            Code.ELBV2_LISTENERS_MISMATCH, "int", "ingress", "",
            "int has no listener on port 6443",
            "a listener of int on port 6443",
        ),
        (
            Code.ELB_LISTENERS_MISMATCH, "int", "ingress", "",
            "int has no listener on port 6443",
            "a listener of int on port 6443",
        ),
        (
            Code.ELB_NOT_CROSSZONE, "int", "ingress", "eu-west-1b",
            "int has no targets in eu-west-1b and balances within zones",
            "a target in eu-west-1b, or cross-zone load balancing for int",
        ),
        (Code.ELBV2_LISTENER_HAS_NO_TG, "int", "ingress", "aint", "int has no targets in aint", "targets in aint"),
        (
            Code.ELBV2_NO_TARGETS_IN_AZ, "int", "ingress", "eu-west-1b",
            "int has no targets in eu-west-1b and balances within zones",
            "a target in eu-west-1b, or cross-zone load balancing for int",
        ),
        (
            Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, "igw-1", "egress", "",
            "nothing leaves by igw-1 without a public address",
            "a NAT gateway in the place of igw-1, or public addresses",
        ),
        (
            Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, "int", "ingress", "",
            "int is internal",
            "an internet-facing load balancer in the place of int",
        ),
        (
            Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, "igw-1", "egress", "",
            "no internet gateway takes 10.0.64.0/20",
            "a route to 10.0.64.0/20 by another way than the internet",
        ),
        (
            Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS, "igw-1", "egress", "",
            "no internet gateway takes 10.0.64.0/20",
            "a route to 10.0.64.0/20 by another way than the internet",
        ),
    ],
)  # fmt: skip
def test_each_code_has_its_words(
    code: ExplanationCode, component: str, direction: Direction, rule: str, stopped: str, opened: str
) -> None:
    obstacle = Obstacle(code, component, direction, "tcp", Share(HERE, Span(6443, 6443)), rule)
    assert (stopped_by(obstacle), opening(obstacle)) == (f"{stopped} ({code})", opened)


def test_no_code_is_forgotten() -> None:
    every = test_each_code_has_its_words.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {row[0] for row in every} == set(ExplanationCode)


def test_an_answer_that_is_stopped_is_said_to_be_one() -> None:
    share = Share(HERE, Span(32768, 60999))
    obstacle = Obstacle(Code.SUBNET_ACL_RESTRICTION, "acl-1", "egress", "tcp", share, "*", reply=True)
    assert stopped_by(obstacle).startswith("the answer: acl-1 has no outbound entry that allows tcp 32768-60999 to")


@pytest.mark.parametrize(
    ("protocol", "ports", "text"),
    [
        ("tcp", Span(22, 22), "tcp 22"),
        ("udp", Span(9000, 9999), "udp 9000-9999"),
        ("icmp", Span(8, 8), "icmp type 8"),
        ("icmp", Span(0, 255), "icmp"),
        ("50", Span(0, 0), "protocol 50"),
    ],
)
def test_traffic_has_a_name(protocol: str, ports: Span, text: str) -> None:
    assert what(protocol, ports) == text
