"""The verdict on all of some traffic, held against a judge that looks at one packet at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocpprov.reachability.network import Network, Place, Traffic
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.spans import Span
from ocpprov.reachability.verdict import Answer, Verdict
from tests.reachability.networks import LISTS, OUTSIDE, networks, places, spans, traffics
from tests.reachability.packets import gets_out, is_answered, packets

FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=4000, suppress_health_check=[HealthCheck.too_slow])


def by_packets_within(network: Network, source: Place, target: Place, traffic: Traffic) -> Answer:
    sent = packets(source, target.span, traffic)
    return Answer.YES if all(is_answered(network, source, target, each, traffic) for each in sent) else Answer.NO


def by_packets_outward(network: Network, source: Place, target: Span, traffic: Traffic) -> Answer:
    sent = packets(source, target, traffic)
    return Answer.YES if all(gets_out(network, source, each, traffic) for each in sent) else Answer.NO


def check_within(data: st.DataObject) -> None:
    network = data.draw(networks())
    source, target, traffic = data.draw(places(network)), data.draw(places(network)), data.draw(traffics())
    assert within(network, source, target, traffic).answer == by_packets_within(network, source, target, traffic)


def check_outward(data: st.DataObject) -> None:
    network = data.draw(networks())
    source, traffic = data.draw(places(network)), data.draw(traffics())
    target = data.draw(spans(OUTSIDE.first, OUTSIDE.last))
    assert outward(network, source, target, traffic).answer == by_packets_outward(network, source, target, traffic)


def check_unread(data: st.DataObject) -> None:
    """What is said without knowing the prefix lists holds whatever is in them."""
    network = data.draw(networks())
    source, target, traffic = data.draw(places(network)), data.draw(places(network)), data.draw(traffics())
    outside = data.draw(spans(OUTSIDE.first, OUTSIDE.last))
    blind = replace(network, prefix_lists={})
    inside_verdict, outside_verdict = within(blind, source, target, traffic), outward(blind, source, outside, traffic)
    for lists in (dict.fromkeys(LISTS, ()), {name: (Span(0, 31),) for name in LISTS}, LISTS):
        seen = replace(network, prefix_lists=lists)
        assert agrees(inside_verdict, by_packets_within(seen, source, target, traffic))
        assert agrees(outside_verdict, by_packets_outward(seen, source, outside, traffic))


def agrees(verdict: Verdict, truth: Answer) -> bool:
    return verdict.answer in (truth, Answer.UNKNOWN)


@FEW
@given(st.data())
def test_two_places_of_a_vpc_are_judged_as_packet_by_packet(data: st.DataObject) -> None:
    check_within(data)


@FEW
@given(st.data())
def test_the_way_out_is_judged_as_packet_by_packet(data: st.DataObject) -> None:
    check_outward(data)


@FEW
@given(st.data())
def test_what_is_said_with_something_unread_holds_whatever_it_is(data: st.DataObject) -> None:
    check_unread(data)


@pytest.mark.torture
@MANY
@given(st.data())
def test_two_places_of_a_vpc_in_thousands_of_networks(data: st.DataObject) -> None:
    check_within(data)


@pytest.mark.torture
@MANY
@given(st.data())
def test_the_way_out_of_thousands_of_networks(data: st.DataObject) -> None:
    check_outward(data)


@pytest.mark.torture
@MANY
@given(st.data())
def test_something_unread_in_thousands_of_networks(data: st.DataObject) -> None:
    check_unread(data)
