"""Whether names lead where they should, judged on what DNS said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocpprov.aws.from_here import Delegation, Lookup
from ocpprov.checks.result import Check, Status
from ocpprov.checks.serving_names import (
    ClusterName,
    DnsView,
    Router,
    delegation_check,
    is_inside,
    name_checks,
    names_to_ask,
    router_check,
)

API = ClusterName("api", "api.prod.test", ["ext.elb.test", "int.elb.test"], DnsView.PUBLIC, "make the record")
INT = ClusterName("api-int", "api-int.prod.test", ["int.elb.test"], DnsView.PRIVATE, "apply")
APPS = ClusterName("apps", "*.apps.prod.test", ["router.elb.test"], DnsView.PRIVATE, "wait", "console.apps.prod.test")
NAMES = [API, INT, APPS]
GOOD: Mapping[str, Lookup] = {
    "api.prod.test": Lookup(("192.0.2.1",)),
    "api-int.prod.test": Lookup(("10.0.0.5",)),
    "console.apps.prod.test": Lookup(("10.0.0.7",)),
    "ext.elb.test": Lookup(("192.0.2.1", "192.0.2.2")),
    "int.elb.test": Lookup(("10.0.0.5",)),
    "router.elb.test": Lookup(("10.0.0.7",)),
}
NOTHING = Lookup()


def judged(**changes: Lookup) -> list[Check]:
    """With other answers for names, `_` for what stands between their parts."""
    answers = {**GOOD, **{name.replace("__", "-").replace("_", "."): lookup for name, lookup in changes.items()}}
    checks = list(name_checks(NAMES, answers))
    assert [check.id for check in checks] == ["name-api", "name-api-int", "name-apps"]
    assert all(bool(check.remedy) == (check.status is not Status.PASS) for check in checks)
    return checks


def test_what_is_asked_for() -> None:
    assert names_to_ask(NAMES) == set(GOOD)


def test_names_that_lead_to_their_balancers() -> None:
    assert [(check.status, check.detail) for check in judged()] == [
        (Status.PASS, "api.prod.test leads to ext.elb.test (192.0.2.1)"),
        (Status.PASS, "api-int.prod.test leads to int.elb.test (10.0.0.5)"),
        (Status.PASS, "*.apps.prod.test leads to router.elb.test (10.0.0.7)"),
    ]


def test_in_the_vpc_the_apis_name_leads_to_the_internal_one() -> None:
    inside = judged(api_prod_test=Lookup(("10.0.0.5",)))[0]
    assert (inside.status, inside.detail) == (Status.PASS, "api.prod.test leads to int.elb.test (10.0.0.5)")


def test_a_name_that_leads_elsewhere_fails() -> None:
    stale = judged(api__int_prod_test=Lookup(("10.0.0.99",)))[1]
    assert (stale.status, stale.detail, stale.remedy) == (
        Status.FAIL,
        "api-int.prod.test leads to 10.0.0.99, and int.elb.test has 10.0.0.5",
        "correct what it leads to: apply",
    )
    some = judged(api_prod_test=Lookup(("192.0.2.2", "192.0.2.9")))[0]
    assert some.status is Status.PASS


def test_a_private_name_is_missing_only_where_another_one_is_seen() -> None:
    missing = judged(console_apps_prod_test=NOTHING)[2]
    assert (missing.status, missing.detail, missing.remedy) == (
        Status.FAIL,
        "*.apps.prod.test doesn't resolve",
        "wait",
    )
    outside = judged(console_apps_prod_test=NOTHING, api__int_prod_test=NOTHING)
    assert [check.status for check in outside] == [Status.PASS, Status.UNKNOWN, Status.UNKNOWN]
    assert outside[2].detail == (
        "*.apps.prod.test doesn't resolve from here: only the VPC's resolver knows it, and what forwards to that"
    )
    assert is_inside(NAMES, GOOD)
    assert not is_inside([API], GOOD)


def test_a_public_name_is_missing_where_the_world_is_seen() -> None:
    missing = judged(api_prod_test=NOTHING)[0]
    assert (missing.status, missing.detail) == (Status.FAIL, "api.prod.test doesn't resolve")
    closed = judged(api_prod_test=NOTHING, ext_elb_test=NOTHING, int_elb_test=NOTHING)[0]
    assert (closed.status, closed.detail) == (
        Status.UNKNOWN,
        "api.prod.test doesn't resolve from here, and neither does ext.elb.test or int.elb.test",
    )


def test_what_dns_doesnt_say_is_unknown() -> None:
    silent = judged(api_prod_test=Lookup(trouble="Temporary failure"))[0]
    assert (silent.status, silent.detail) == (
        Status.UNKNOWN,
        "api.prod.test: DNS can't be asked: Temporary failure",
    )
    unjudged = judged(int_elb_test=NOTHING)[1]
    assert (unjudged.status, unjudged.detail) == (
        Status.UNKNOWN,
        "api-int.prod.test leads to 10.0.0.5; int.elb.test doesn't resolve from here, so whether that is it is open",
    )


OWN = ["ns-1.awsdns.test", "ns-2.awsdns.test"]
BY_HAND = "have the domain above example.com name these for it (NS): ns-1.awsdns.test, ns-2.awsdns.test"


@pytest.mark.parametrize(
    ("servers", "status", "detail"),
    [
        (("NS-1.awsdns.test.", "ns-2.awsdns.test."), Status.PASS, "the domain above example.com leads to its zone Z1"),
        ((), Status.FAIL, "no name server leads to example.com (Z1)"),
        (
            ("ns-8.awsdns.test.", "ns-9.awsdns.test."),
            Status.FAIL,
            "the domain above example.com names ns-8.awsdns.test, ns-9.awsdns.test, of which none is of Z1",
        ),
        (
            ("ns-1.awsdns.test.", "ns-9.awsdns.test."),
            Status.WARN,
            "the domain above example.com names ns-1.awsdns.test, ns-9.awsdns.test, "
            "and Z1 has ns-1.awsdns.test, ns-2.awsdns.test",
        ),
    ],
)
def test_who_leads_to_the_public_zone(servers: tuple[str, ...], status: Status, detail: str) -> None:
    check = delegation_check("example.com", "Z1", OWN, Delegation(frozenset(servers)))
    remedy = "" if status is Status.PASS else BY_HAND
    assert check == Check("delegation", status, detail, remedy)


def test_where_nobody_can_be_asked_the_delegation_is_unknown() -> None:
    check = delegation_check("example.com", "Z1", OWN, Delegation(trouble="no answer"))
    detail = "example.com: who leads to it can't be asked from here: no answer"
    assert check == Check("delegation", Status.UNKNOWN, detail, BY_HAND)


@pytest.mark.parametrize(
    ("router", "status", "detail"),
    [
        (Router("r.test", "active"), Status.PASS, "the router's load balancer r.test is active"),
        (Router("r.test", "active_impaired"), Status.PASS, "the router's load balancer r.test is active_impaired"),
        (Router("r.test", "provisioning"), Status.FAIL, "the router's load balancer r.test is provisioning"),
        (
            Router("r.test", instances=("OutOfService", "InService")),
            Status.PASS,
            "the router's load balancer r.test is classic, 1 of 2 instances in service",
        ),
        (
            Router("r.test"),
            Status.FAIL,
            "the router's load balancer r.test is classic, 0 of 0 instances in service",
        ),
        (None, Status.FAIL, "there is no load balancer of the cluster's router yet"),
    ],
)
def test_the_routers_balancer(router: Router | None, status: Status, detail: str) -> None:
    check = router_check(router, "of the cluster's router")
    assert (check.id, check.status, check.detail) == ("router", status, detail)
    assert bool(check.remedy) == (status is Status.FAIL)
