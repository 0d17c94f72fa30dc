"""Who answers a name, and to what the answer leads: case by case, and by chance against a slow reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocpprov.reachability.names import VpcNames, asked_zones, in_vpc, outside, service_in_vpc, unhidden_in_vpc
from ocpprov.reachability.verdict import Answer, Verdict
from ocpprov.reachability.words import opening, stopped_by
from ocpprov.reachability.zones import Record, Target, Zone
from tests.reachability.dns_reference import outcomes

NLB, OTHER = "prod-int.elb.eu-west-1.amazonaws.com", "other.elb.eu-west-1.amazonaws.com"
ON = {"enableDnsSupport": True, "enableDnsHostnames": True}
API = "api-int.prod.example.com"
LB = "lb.prod.example.com"
EC2 = "ec2.eu-west-1.amazonaws.com"


def alias(name: str, target: str = NLB, *, final: bool = True) -> Record:
    return Record(name, "A", (Target(target, final),))


def cname(name: str, target: str, *, final: bool = False) -> Record:
    return Record(name, "CNAME", (Target(target, final),))


CLUSTER = Zone("Z1", "prod.example.com", (alias(API), alias("api.prod.example.com"), alias("*.apps.prod.example.com")))
NAMES = VpcNames("vpc-1", ON, zones=(CLUSTER,), resolver="10.0.0.2")


def told(verdict: Verdict) -> list[str]:
    """The answer, what stops it, what isn't known, and as far as what it is seen."""
    stopped = [stopped_by(each) for each in verdict.obstacles]
    return [str(verdict.answer), *stopped, *map(str, verdict.unread), *(f"as far as {each}" for each in verdict.beyond)]


def with_zones(*zones: Zone) -> VpcNames:
    return replace(NAMES, zones=(CLUSTER, *zones))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (NAMES, ["yes"]),
        (
            replace(NAMES, attributes={**ON, "enableDnsSupport": False}),
            ["no", f"vpc-1's enableDnsSupport is off, and AWS's resolver doesn't answer {API} (dns-attribute)"],
        ),
        (
            replace(NAMES, attributes={**ON, "enableDnsHostnames": False}),
            ["no", f"vpc-1's enableDnsHostnames is off, and AWS's resolver doesn't answer {API} (dns-attribute)"],
        ),
        (replace(NAMES, attributes={"enableDnsSupport": True}), ["unknown", "enableDnsHostnames of vpc-1"]),
        (replace(NAMES, name_servers=None), ["unknown", "DHCP options of vpc-1"]),
        (replace(NAMES, name_servers=("169.254.169.253", "10.0.0.2", "AmazonProvidedDNS")), ["yes"]),
        (
            replace(NAMES, name_servers=("AmazonProvidedDNS", "10.0.0.53")),
            ["unknown", f"vpc-1: its machines ask 10.0.0.53 for {API}, and nobody knows what those answer"],
        ),
        (
            replace(NAMES, name_servers=()),
            ["no", f"vpc-1's DHCP options name no server that could answer {API} (dns-no-server)"],
        ),
        (replace(NAMES, zones=None), ["unknown", "private hosted zones of vpc-1"]),
        (replace(NAMES, zones=()), ["no", f"no private zone of vpc-1 answers {API} (dns-no-zone)"]),
        # Another zone answers: what it leads to counts, not whose it is
        (
            with_zones(Zone("Z2", API)),
            ["no", f"Z2 ({API}) answers {API} and has no address for it (dns-no-record)"],
        ),
        (
            with_zones(Zone("Z2", API, (alias(API, OTHER),))),
            ["no", f"Z2 ({API}) leads {API} to {OTHER}, not to {NLB} (dns-other-target)"],
        ),
        (with_zones(Zone("Z2", API, (alias(API),))), ["yes"]),
        (with_zones(Zone("Z2", "example.com", (alias(API, OTHER),))), ["yes"]),
        (with_zones(Zone("Z2", "int.prod.example.com", ())), ["yes"]),
        (
            with_zones(Zone("Z2", API, None, "210987654321")),
            ["unknown", f"Z2 ({API}): it answers {API} in the VPC, and account 210987654321 has it"],
        ),
        (
            with_zones(Zone("Z2", API, None)),
            ["unknown", f"Z2 ({API}): it answers {API} in the VPC, and its records couldn't be read"],
        ),
        # What a record leads to
        (
            replace(NAMES, zones=(Zone("Z1", "prod.example.com", (Record(API, "A", (), ("10.0.0.9",)),)),)),
            [
                "unknown",
                f"Z1 (prod.example.com): its record {API} leads {API} to 10.0.0.9, which may be anybody's",
            ],
        ),
        (
            replace(NAMES, zones=(Zone("Z1", "prod.example.com", (Record(API, "TXT"), alias("*.prod.example.com"))),)),
            ["no", f"Z1 (prod.example.com) answers {API} and has no address for it (dns-no-record)"],
        ),
        (replace(NAMES, zones=(Zone("Z1", "prod.example.com", (alias("*.prod.example.com"),)),)), ["yes"]),
        (replace(NAMES, zones=(Zone("Z1", "example.com", (alias("*.example.com"),)),)), ["yes"]),
        (
            replace(NAMES, zones=(Zone("Z1", "prod.example.com", (cname(API, LB),)),)),
            ["no", f"Z1 (prod.example.com) answers {API} and has no address for it (dns-no-record)"],
        ),
        (
            replace(NAMES, zones=(Zone("Z1", "prod.example.com", (cname(API, "lb.corp.example"),)),)),
            [
                "unknown",
                f"Z1 (prod.example.com): its record {API} leads {API} to lb.corp.example, and nobody knows where "
                "that leads",
            ],
        ),
        (
            replace(
                NAMES,
                zones=(
                    Zone("Z1", "prod.example.com", (cname(API, "lb.corp.example"),)),
                    Zone("Z3", "corp.example", (cname("lb.corp.example", "x.prod.example.com"),)),
                ),
            ),
            ["no", f"Z1 (prod.example.com) answers {API} and has no address for it (dns-no-record)"],
        ),
        (replace(NAMES, zones=(Zone("Z1", "prod.example.com", (cname(API, LB), alias(LB))),)), ["yes"]),
        (
            replace(NAMES, zones=(replace(CLUSTER, records=(alias(API), alias(API, OTHER))),)),
            ["no", f"Z1 (prod.example.com) leads {API} to {OTHER}, not to {NLB} (dns-other-target)"],
        ),
    ],
)  # fmt: skip
def test_a_name_leads_to_the_balancer_or_not(names: VpcNames, expected: list[str]) -> None:
    assert told(in_vpc(names, API, {NLB})) == expected


def test_a_chain_that_leads_back_to_itself_ends() -> None:
    circle = Zone("Z1", "prod.example.com", (cname(API, "b.prod.example.com"), cname("b.prod.example.com", API)))
    assert in_vpc(replace(NAMES, zones=(circle,)), API, {NLB}).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("names", "opened"),
    [
        (replace(NAMES, attributes={**ON, "enableDnsSupport": False}), "enableDnsSupport on for vpc-1"),
        (replace(NAMES, name_servers=()), "DHCP options for vpc-1 with domain-name-servers = AmazonProvidedDNS"),
        (replace(NAMES, zones=()), f"a private zone with {API}, associated with vpc-1"),
        (with_zones(Zone("Z2", API)), f"a record of {API} in Z2 ({API}) to {NLB}"),
        (with_zones(Zone("Z2", API, (alias(API, OTHER),))), f"a record of {API} in Z2 ({API}) to {NLB}"),
    ],
)
def test_what_makes_it_right(names: VpcNames, opened: str) -> None:
    assert [opening(each) for each in in_vpc(names, API, {NLB}).obstacles] == [opened]


SERVED = replace(NAMES, endpoints={EC2: "vpce-1"})
HIDES = Zone("Z9", "eu-west-1.amazonaws.com")
ELSEWHERE = Zone("Z9", EC2, (alias(EC2, "vpce-9.ec2.eu-west-1.vpce.amazonaws.com"),))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (SERVED, ["yes"]),
        (replace(SERVED, zones=(HIDES,)), ["yes"]),
        (replace(SERVED, zones=None), ["yes"]),
        (
            replace(SERVED, attributes={**ON, "enableDnsHostnames": False}),
            ["no", f"vpc-1's enableDnsHostnames is off, and AWS's resolver doesn't answer {EC2} (dns-attribute)"],
        ),
        (NAMES, ["no", f"no endpoint's private DNS answers {EC2} in vpc-1 (dns-no-endpoint)"]),
        (replace(NAMES, zones=None), ["unknown", "private hosted zones of vpc-1"]),
        (
            replace(NAMES, zones=(HIDES,)),
            ["no", f"Z9 (eu-west-1.amazonaws.com) answers {EC2} and has no address for it (dns-no-record)"],
        ),
        (
            replace(NAMES, zones=(ELSEWHERE,)),
            ["yes", "as far as vpce-9.ec2.eu-west-1.vpce.amazonaws.com"],
        ),
        (
            replace(NAMES, zones=(Zone("Z9", EC2, (alias(f"*.{EC2}", "vpce-9.vpce.amazonaws.com"),)),)),
            ["yes", "as far as vpce-9.vpce.amazonaws.com"],
        ),
        (
            replace(NAMES, zones=(Zone("Z9", EC2, (Record(EC2, "A", (), ("10.9.0.4", "10.9.0.5")),)),)),
            ["yes", "as far as 10.9.0.4", "as far as 10.9.0.5"],
        ),
        (
            replace(NAMES, zones=(replace(HIDES, records=None, owner="210987654321"),)),
            [
                "unknown",
                f"Z9 (eu-west-1.amazonaws.com): it answers {EC2} in the VPC, and account 210987654321 has it",
            ],
        ),
    ],
)
def test_a_services_name_leads_to_an_endpoint_or_not(names: VpcNames, expected: list[str]) -> None:
    assert told(service_in_vpc(names, EC2)) == expected


S3 = "s3.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (NAMES, ["yes"]),
        (replace(NAMES, attributes={"enableDnsSupport": True, "enableDnsHostnames": False}), ["yes"]),
        (
            replace(NAMES, attributes={"enableDnsSupport": False}),
            ["no", f"vpc-1's enableDnsSupport is off, and AWS's resolver doesn't answer {S3} (dns-attribute)"],
        ),
        (replace(NAMES, zones=None), ["unknown", "private hosted zones of vpc-1"]),
        (
            replace(NAMES, zones=(HIDES,)),
            ["no", f"Z9 (eu-west-1.amazonaws.com) answers {S3} and has no address for it (dns-no-record)"],
        ),
        (replace(NAMES, zones=(HIDES,), endpoints={S3: "vpce-2"}), ["yes"]),
    ],
)
def test_a_public_name_may_be_hidden_by_a_private_zone(names: VpcNames, expected: list[str]) -> None:
    assert told(unhidden_in_vpc(names, S3)) == expected


PUBLIC = Zone("Z5", "example.com", (alias("api.prod.example.com"), Record("example.com", "NS")))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (PUBLIC, ["yes"]),
        (replace(PUBLIC, records=None), ["unknown", "records of Z5 (example.com)"]),
        (
            replace(PUBLIC, records=()),
            ["no", "Z5 (example.com) answers api.prod.example.com and has no address for it (dns-no-record)"],
        ),
        (
            replace(PUBLIC, records=(alias("api.prod.example.com", OTHER),)),
            ["no", f"Z5 (example.com) leads api.prod.example.com to {OTHER}, not to {NLB} (dns-other-target)"],
        ),
        (
            replace(PUBLIC, records=(cname("api.prod.example.com", "lb.example.com"), alias("lb.example.com"))),
            ["yes"],
        ),
        (
            replace(PUBLIC, records=(*(PUBLIC.records or ()), Record("prod.example.com", "NS"))),
            [
                "unknown",
                "Z5 (example.com): its NS record prod.example.com hands api.prod.example.com to other servers, and "
                "nobody asks those",
            ],
        ),
        (
            replace(PUBLIC, records=(*(PUBLIC.records or ()), Record("test.example.com", "NS"))),
            ["yes"],
        ),
    ],
)
def test_a_name_leads_the_world_to_the_balancer_or_not(zone: Zone, expected: list[str]) -> None:
    assert told(outside(zone, "api.prod.example.com", {NLB})) == expected


HOSTS = ("a.b.c", "b.c", "x.a.b.c", "b.d", "*.b.c", "*.c", "*.a.b.c")


@st.composite
def records(draw: st.DrawFn) -> Record:
    name, kind = draw(st.sampled_from(HOSTS)), draw(st.integers(0, 5))
    if kind == 0:
        return Record(name, draw(st.sampled_from(("TXT", "MX", "NS"))))
    if kind == 1:
        return Record(name, "A", (), ("10.0.0.9",))
    if kind == 2:
        return cname(name, draw(st.sampled_from(HOSTS[:4])))
    return alias(name, draw(st.sampled_from((NLB, NLB, OTHER))))


@st.composite
def zones(draw: st.DrawFn) -> Sequence[Zone]:
    names = draw(st.lists(st.sampled_from(("c", "b.c", "a.b.c", "d")), max_size=3, unique=True))
    return [
        Zone(name, name, tuple(draw(st.lists(records(), max_size=4))) if draw(st.integers(0, 7)) else None)
        for name in names
    ]


@settings(max_examples=50)
@example([Zone("c", "c", (cname("*.c", "a.b.c"),)), Zone("a.b.c", "a.b.c", ())], "b.c")
@given(zones(), st.sampled_from(HOSTS[:3]))
def test_names_are_looked_up_label_by_label(found: Sequence[Zone], host: str) -> None:
    seen = set(outcomes(found, host, NLB))
    expected = Answer.NO if "wrong" in seen else Answer.UNKNOWN if "open" in seen else Answer.YES
    assert in_vpc(replace(NAMES, zones=found), host, {NLB}).answer is expected


@pytest.mark.parametrize(
    ("servers", "zones", "asked"),
    [
        (("AmazonProvidedDNS",), (Zone("Z1", "corp.test"),), ["Z1"]),
        (("10.0.0.2", "169.254.169.253"), (Zone("Z1", "corp.test"),), ["Z1"]),
        (("AmazonProvidedDNS", "10.0.0.9"), (Zone("Z1", "corp.test"),), []),
        (None, (Zone("Z1", "corp.test"),), []),
        (("AmazonProvidedDNS",), None, []),
    ],
)
def test_zones_that_machines_ask(
    servers: Sequence[str] | None, zones: Sequence[Zone] | None, asked: Sequence[str]
) -> None:
    names = VpcNames("vpc-1", name_servers=servers, zones=zones, resolver="10.0.0.2")
    assert [zone.id for zone in asked_zones(names)] == asked
