"""What stops traffic, and the smallest change that lets it through, in a line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.reachability.explanation_codes import ExplanationCode, OwnCode
from ocpprov.reachability.network import ICMP, WITH_PORTS
from ocpprov.reachability.network_acls import LAST
from ocpprov.reachability.placeholder_addresses import named
from ocpprov.reachability.spans import Span
from ocpprov.reachability.verdict import Obstacle


@dataclass(frozen=True)
class Words:
    """Sentences with places in braces: `what` of which traffic, `way` inbound or outbound, `there` the addresses of the
    other side, `there_` the same with from or to before them, `port`; `component`, `rule`, `asked` and `wanted` are the
    obstacle's."""

    stopped: str
    opening: str


_NOT_PUBLIC: Final = Words("no internet gateway takes {there}", "a route to {there} by another way than the internet")
_NO_LISTENER: Final = Words("{component} has no listener on port {port}", "a listener of {component} on port {port}")
_NO_TARGETS_IN_ZONE: Final = Words(
    "{component} has no targets in {rule} and balances within zones",
    "a target in {rule}, or cross-zone load balancing for {component}",
)
_WORDS: Final[Mapping[ExplanationCode | OwnCode, Words]] = {
    ExplanationCode.BAD_STATE: Words("{component} isn't available", "{component} available, or another in its place"),
    ExplanationCode.BAD_STATE_ROUTE: Words(
        "{component}'s route to {there} by {rule} leads nowhere", "a route in {component} to {there}"
    ),
    ExplanationCode.ELBV2_LISTENER_HAS_NO_TG: Words("{component} has no targets in {rule}", "targets in {rule}"),
    ExplanationCode.ELB_LISTENERS_MISMATCH: _NO_LISTENER,
    ExplanationCode.ELB_NOT_CROSSZONE: _NO_TARGETS_IN_ZONE,
    ExplanationCode.ELBV2_LISTENERS_MISMATCH: _NO_LISTENER,
    ExplanationCode.ELBV2_NO_TARGETS_IN_AZ: _NO_TARGETS_IN_ZONE,
    ExplanationCode.ENI_SG_RULES_MISMATCH: Words(
        "{component} has no {way} rule for {what} {there_}", "an {way} rule in {component} for {what} {there_}"
    ),
    ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: _NOT_PUBLIC,
    ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: _NOT_PUBLIC,
    ExplanationCode.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: Words(
        "{component} is internal", "an internet-facing load balancer in the place of {component}"
    ),
    ExplanationCode.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: Words(
        "nothing leaves by {component} without a public address",
        "a NAT gateway in the place of {component}, or public addresses",
    ),
    ExplanationCode.NO_ROUTE_TO_DESTINATION: Words(
        "{component} has no route to {there}", "a route in {component} to {there}"
    ),
    ExplanationCode.SG_HAS_NO_RULES: Words(
        "{component} has no {way} rules", "an {way} rule in {component} for {what} {there_}"
    ),
    ExplanationCode.SUBNET_ACL_RESTRICTION: Words(
        "{component}'s {way} entry {rule} denies {what} {there_}",
        "an {way} entry in {component} with a number below {rule} that allows {what} {there_}",
    ),
    OwnCode.DNS_ATTRIBUTE: Words(
        "{component}'s {rule} is off, and AWS's resolver doesn't answer {asked}", "{rule} on for {component}"
    ),
    OwnCode.DNS_NO_ENDPOINT: Words(
        "no endpoint's private DNS answers {asked} in {component}", "an endpoint with private DNS for {asked}"
    ),
    OwnCode.DNS_NO_RECORD: Words(
        "{component} answers {asked} and has no address for it", "a record of {asked} in {component} to {wanted}"
    ),
    OwnCode.DNS_NO_SERVER: Words(
        "{component}'s DHCP options name no server that could answer {asked}",
        "DHCP options for {component} with domain-name-servers = AmazonProvidedDNS",
    ),
    OwnCode.DNS_NO_ZONE: Words(
        "no private zone of {component} answers {asked}", "a private zone with {asked}, associated with {component}"
    ),
    OwnCode.DNS_OTHER_TARGET: Words(
        "{component} leads {asked} to {rule}, not to {wanted}", "a record of {asked} in {component} to {wanted}"
    ),
    OwnCode.HAIRPIN: Words(
        "{rule} keeps its clients' addresses, and a machine that {component} leads back to itself gets no answer",
        "preserve_client_ip.enabled off for {rule}",
    ),
    OwnCode.ENDPOINT_POLICY: Words(
        "{component}'s policy denies {asked} by {rule}", "an exception for {asked} in {rule} of {component}'s policy"
    ),
}
_NO_ENTRY: Final = Words(
    "{component} has no {way} entry that allows {what} {there_}",
    "an {way} entry in {component} that allows {what} {there_}",
)
"""Where an ACL denies by its last entry, which all have."""
_NOTHING_ALLOWS: Final = Words(
    "{component}'s policy doesn't allow {asked}", "a statement in {component}'s policy that allows {asked}"
)
"""Where no statement of an endpoint's policy lets a call through."""
_FIRST: Final = "1"
_BEFORE_THE_FIRST: Final = Words(
    _WORDS[ExplanationCode.SUBNET_ACL_RESTRICTION].stopped,
    "an {way} entry {rule} in {component} that allows {what} {there_}, and the one that denies it behind",
)
"""No number is lower than that of the entry that denies."""
_WAYS: Final = {"ingress": ("inbound", "from"), "egress": ("outbound", "to")}


def stopped_by(obstacle: Obstacle) -> str:
    """What is in the way, with AWS's code for it."""
    answer = "the answer: " if obstacle.reply else ""
    return f"{answer}{_filled(_words(obstacle).stopped, obstacle)} ({obstacle.code})"


def opening(obstacle: Obstacle) -> str:
    """The smallest change that lets this part of the traffic through."""
    return _filled(_words(obstacle).opening, obstacle)


def what(protocol: str, ports: Span) -> str:
    """Some traffic, as a rule would name it."""
    if protocol in WITH_PORTS:
        return f"{protocol} {ports.first}" if ports.first == ports.last else f"{protocol} {ports.first}-{ports.last}"
    if protocol == ICMP:
        return f"icmp type {ports.first}" if ports.first == ports.last else "icmp"
    return f"protocol {protocol}"


def _words(obstacle: Obstacle) -> Words:
    if obstacle.code is OwnCode.ENDPOINT_POLICY and not obstacle.rule:
        return _NOTHING_ALLOWS
    if obstacle.code is ExplanationCode.SUBNET_ACL_RESTRICTION and obstacle.rule == _FIRST:
        return _BEFORE_THE_FIRST
    return _NO_ENTRY if obstacle.rule == LAST else _WORDS[obstacle.code]


def _filled(sentence: str, obstacle: Obstacle) -> str:
    way, side = _WAYS[obstacle.direction]
    there = named(obstacle.stopped.peers)
    return sentence.format(
        component=obstacle.component,
        rule=obstacle.rule,
        asked=obstacle.asked,
        wanted=obstacle.wanted,
        way=way,
        there=there,
        there_=f"{side} {there}",
        what=what(obstacle.protocol, obstacle.stopped.ports),
        port=obstacle.stopped.ports.first,
    )
