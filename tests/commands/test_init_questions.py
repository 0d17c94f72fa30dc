"""Which question comes next, on values: nobody is asked, and AWS has said what the test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocpprov.commands.init_offers import Offers, SubnetOffer, VpcOffer
from ocpprov.commands.init_questions import (
    CLOSED,
    Choice,
    Draft,
    Question,
    name_from,
    next_question,
    with_consequences,
)
from ocpprov.openshift.expand import ExistingSubnet
from ocpprov.plan.new_plan import NewPlan
from ocpprov.plan.releases import NEWEST, in_words

NOTHING = Offers()
VPC = "vpc-0a"


def subnet(id: str, zone: str, *, public: bool = False, table: str = "rtb-1", way_out: bool = True) -> SubnetOffer:
    found = ExistingSubnet(id, VPC, zone, "10.0.0.0/24", public, route_table=table)
    return SubnetOffer(found, f"name of {id}", way_out)


TOLD = Offers(
    region="eu-west-1",
    regions=["eu-west-1", "eu-west-2"],
    zones=["eu-west-1a", "eu-west-1b"],
    domains=["a.net", "b.net"],
    vpcs=[VpcOffer(VPC, "corp", ("10.0.0.0/16", "10.1.0.0/16"))],
    subnets=[subnet("subnet-1", "eu-west-1a"), subnet("subnet-2", "eu-west-1a", public=True)],
)


def answered(answers: Sequence[str], offers: Offers, draft: Draft | None = None) -> tuple[Draft, list[str]]:
    """The draft after so many answers (of an empty one: the default), and the texts of the questions."""
    draft = draft or Draft(NewPlan(id="x"))
    asked: list[str] = []
    for answer in answers:
        question = next_question(draft, offers)
        assert question is not None, asked
        asked.append(question.text)
        given = question.meant(answer or question.default)
        assert question.wrong(given) == "", given
        draft = question.put(draft, given)
    return draft, asked


def following(draft: Draft, offers: Offers = NOTHING) -> Question:
    found = next_question(draft, offers)
    assert found is not None
    return found


def test_a_new_network_where_aws_says_nothing() -> None:
    answers = ["eu-west-1", "lab", "a.net", "", "", "", "", "", "", "nat-single"]
    draft, asked = answered(answers, NOTHING)
    assert asked == [
        "Region",
        "The cluster's name",
        "The domain it is in",
        "OpenShift's version, as `openshift-install version` says it",
        "The plan's own name, for good",
        "Where the API is published",
        "VPC",
        "The VPC's block",
        "Zones",
        "The machines' way to the internet",
    ]
    assert next_question(draft, NOTHING) is None
    assert draft.plan == NewPlan(
        name="lab",
        id="x",
        region="eu-west-1",
        version=in_words(NEWEST),
        cluster_name="lab",
        base_domain="a.net",
        publish="External",
        machine_networks=["10.0.0.0/16"],
        zones=["3"],
        egress="nat-single",
    )


def test_an_existing_network_has_its_own_blocks_zones_and_ways() -> None:
    answers = ["", "lab", "c.net", "4.20", "", "External", "", VPC, ""]
    draft, asked = answered(answers, TOLD)
    assert asked[5:] == [
        "Where the API is published",
        "This account has no public zone of c.net",
        "VPC",
        "Subnets, one private one in each zone",
    ]
    assert next_question(draft, TOLD) is None
    plan = with_consequences(draft, TOLD).plan
    assert (plan.region, plan.public_zone, plan.vpc_id) == ("eu-west-1", "create", VPC)
    assert (plan.subnets, plan.route_tables) == (["subnet-1", "subnet-2"], ["rtb-1"])
    assert (plan.machine_networks, plan.zones) == (("10.0.0.0/16", "10.1.0.0/16"), ())
    assert (plan.egress, plan.endpoints, plan.apps_record) == ("", ("s3",), "")


def test_where_nothing_leads_out_of_the_subnets_the_cluster_has_endpoints_and_its_record_from_us() -> None:
    """What a public subnet's routes say doesn't count: no machine is in it."""
    subnets = [
        subnet("subnet-1", "eu-west-1a", table="rtb-7", way_out=False),
        subnet("subnet-2", "eu-west-1a", public=True),
        subnet("subnet-3", "eu-west-1b", table="rtb-8", way_out=False),
        subnet("subnet-4", "eu-west-1c", table="rtb-9"),
    ]
    offers = replace(TOLD, subnets=subnets)
    draft = Draft(NewPlan(vpc_id=VPC, subnets=("subnet-1", "subnet-2", "subnet-3")))
    closed = with_consequences(draft, offers).plan
    assert (closed.egress, closed.endpoints, closed.apps_record) == ("none", CLOSED, "auto")
    assert closed.route_tables == ["rtb-7", "rtb-8"]
    one_leads_out = with_consequences(Draft(NewPlan(), NewPlan(subnets=("subnet-1", "subnet-4"))), offers).plan
    assert (one_leads_out.egress, one_leads_out.endpoints, one_leads_out.apps_record) == ("", ("s3",), "")
    unknown = with_consequences(Draft(NewPlan(subnets=("subnet-9",))), offers).plan
    assert (unknown.egress, unknown.endpoints, unknown.route_tables) == ("", ("s3",), [])
    said = with_consequences(Draft(NewPlan(subnets=("subnet-9",), egress="none", endpoints=("s3", "kms"))), offers).plan
    assert (said.egress, said.endpoints, said.apps_record) == ("none", ("s3", "kms"), "auto")


def test_own_subnets_in_an_existing_vpc_need_a_block_zones_and_a_way() -> None:
    draft, asked = answered(["", "lab", "a.net", "4.20", "", "Internal", VPC, "new", "10.0.4.0/22", "1", "none"], TOLD)
    assert asked[-3:] == [
        "The block of the machines, inside the VPC's",
        "Zones, of eu-west-1a, eu-west-1b",
        "The machines' way to the internet",
    ]
    plan = with_consequences(draft, TOLD).plan
    assert (plan.subnets, plan.machine_networks, plan.endpoints) == ([], ["10.0.4.0/22"], CLOSED)


def test_what_the_install_config_says_is_not_asked() -> None:
    said = NewPlan(
        region="eu-west-1", cluster_name="lab", base_domain="a.net", publish="Internal", subnets=("subnet-1",)
    )
    draft = Draft(NewPlan(name="lab", version="4.18"), said)
    assert next_question(draft, TOLD) is None
    blocks = replace(said, subnets=(), machine_networks=("10.0.0.0/16",))
    _, asked = answered(["", "", ""], TOLD, Draft(draft.plan, blocks))
    assert asked == ["VPC", "Zones, of eu-west-1a, eu-west-1b", "The machines' way to the internet"]


def test_what_aws_has_are_the_choices() -> None:
    draft = Draft(NewPlan())
    region = following(draft, TOLD)
    assert ([each.value for each in region.choices], region.default) == (["eu-west-1", "eu-west-2"], "eu-west-1")
    domain = following(Draft(NewPlan(region="eu-west-1", cluster_name="lab")), TOLD)
    about = "a public zone of this account"
    assert (domain.choices, domain.default) == ([Choice("a.net", about), Choice("b.net", about)], "")
    one = following(Draft(NewPlan(region="eu-west-1", cluster_name="lab")), replace(TOLD, domains=["a.net"]))
    assert one.default == "a.net"
    whole = NewPlan(
        "lab", "x", "eu-west-1", version="4.20", cluster_name="lab", base_domain="a.net", publish="Internal"
    )
    vpc = following(Draft(whole), TOLD)
    assert vpc.choices == (Choice("new", "the plan makes one"), Choice(VPC, "corp 10.0.0.0/16 10.1.0.0/16"))
    zone = following(Draft(replace(whole, publish="External")), replace(TOLD, domains=[]))
    assert zone.choices == (
        Choice("create", "make one, to which the domain above has to delegate"),
        Choice("none", "the records are made elsewhere, by hand"),
    )
    zones = following(Draft(replace(whole, machine_networks=("10.0.0.0/16",)), asks_for_vpc=False), TOLD)
    assert (zones.wrong("2"), zones.wrong("3")) == ("", "3 is none of 1, 2")
    subnets = following(Draft(replace(whole, vpc_id=VPC), asks_for_vpc=False), TOLD)
    assert subnets.wrong("subnet-1,vpc-1").startswith("invalid value 'vpc-1'; an id subnet-")
    assert subnets.choices[1] == Choice("subnet-1", "private eu-west-1a 10.0.0.0/24 name of subnet-1")
    assert (subnets.default, subnets.several) == ("subnet-1", True)


@pytest.mark.parametrize(("subnets", "default"), [((), "new"), ([subnet("s1", "a"), subnet("s2", "a")], "")])
def test_subnets_are_proposed_where_nobody_can_be_mistaken(subnets: Sequence[SubnetOffer], default: str) -> None:
    plan = NewPlan(
        "lab", "x", "eu-west-1", version="4.20", cluster_name="lab", base_domain="a.net", publish="Internal", vpc_id=VPC
    )
    assert following(Draft(plan, asks_for_vpc=False), replace(TOLD, subnets=subnets)).default == default


@pytest.mark.parametrize(
    ("offers", "region", "publish", "asked"),
    [
        (TOLD, "eu-west-1", "External", True),
        (TOLD, "eu-west-1", "Internal", False),
        (NOTHING, "eu-west-1", "External", False),
        (TOLD, "us-gov-west-1", "External", False),
        (replace(TOLD, domains=["c.net"]), "eu-west-1", "External", False),
    ],
)
def test_a_public_zone_is_asked_for_where_aws_says_that_there_is_none(
    offers: Offers, region: str, publish: str, asked: bool
) -> None:
    plan = NewPlan("lab", "x", region, version="4.20", cluster_name="lab", base_domain="c.net", publish=publish)
    assert (following(Draft(plan), offers).text == "This account has no public zone of c.net") is asked


@pytest.mark.parametrize(
    ("plan", "answer", "wrong"),
    [
        (
            NewPlan("l", "x", "eu-west-1", version="4.20", cluster_name="l", base_domain="c.net", publish="External"),
            "Zone",
            "invalid value 'Zone'; auto, create, none",
        ),
        (NewPlan(), "eu-west", "invalid value 'eu-west'; an AWS region such as eu-west-1"),
        (NewPlan(region="eu-west-1"), "Lab", "invalid value 'Lab'; lower-case letters, digits"),
        (NewPlan(region="eu-west-1", cluster_name="l"), "net", "invalid value 'net'; a domain in lower case"),
    ],
)
def test_an_answer_that_no_plan_can_have_is_wrong_at_once(plan: NewPlan, answer: str, wrong: str) -> None:
    assert following(Draft(plan), replace(NOTHING, domains=[])).wrong(answer).startswith(wrong)


def test_of_closed_questions_only_the_choices_are_right() -> None:
    whole = NewPlan("lab", "x", "eu-west-1", version="4.20", cluster_name="lab", base_domain="a.net")
    question = following(Draft(whole))
    assert (question.wrong("Internal"), question.wrong("internal")) == (
        "",
        "internal is none of External, Internal",
    )


SEVERAL = Question("Subnets", lambda draft, _: draft, choices=(Choice("new"), Choice("s-1"), Choice("7")), several=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1", "new"), ("2", "s-1"), (" 2 , 1", "s-1,new"), ("7", "7"), ("4", "4"), ("0", "0"), ("s-9", "s-9"), ("²", "²"),
     ("3", "7"), ("99999999", "99999999")],
)  # fmt: skip
def test_a_number_means_its_choice(typed: str, meant: str) -> None:
    assert SEVERAL.meant(typed) == meant


def test_one_wrong_part_is_wrong_and_so_is_none() -> None:
    closed = replace(SEVERAL, free=False)
    assert (closed.wrong("new,s-1"), closed.wrong("new,s-2")) == ("", "s-2 is none of new, s-1, 7")
    assert (SEVERAL.wrong("new,"), SEVERAL.wrong("new,s-2")) == ("an answer is needed", "")


@pytest.mark.parametrize(("cluster", "name"), [("lab", "lab"), ("1lab", ""), ("l" * 33, ""), ("l" * 32, "l" * 32)])
def test_the_clusters_name_is_the_plans_where_it_can_be(cluster: str, name: str) -> None:
    assert name_from(cluster) == name
