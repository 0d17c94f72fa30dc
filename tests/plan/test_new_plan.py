"""The text of a new plan: short, with comments, and the same values when it is read again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocpprov.plan.new_plan import NewPlan, text_of
from ocpprov.plan.nodes import parse

LAB = NewPlan(name="lab", id="abc", region="eu-west-1", cluster_name="lab", base_domain="example.com")
HEAD = """\
# yaml-language-server: $schema=plan.schema.json
# The AWS infrastructure of an OpenShift cluster. What a key means: ocpprov explain KEY

"""


def test_what_is_said_has_a_line_and_what_is_not_has_none() -> None:
    assert text_of(LAB) == (
        HEAD
        + """\
name: lab                    # whose the resources are: keep it
region: eu-west-1
id: abc                      # tells this plan from another of its name: keep it, too

openshift:
  clusterName: lab
  baseDomain: example.com
  controlPlane: {addresses: auto}   # the cluster's machines, found as they come
  bootstrap: {address: auto} # false when the cluster is up
"""
    )


def test_everything_at_once() -> None:
    plan = NewPlan(
        name="prod",
        id="abc",
        region="eu-west-1",
        install_dir="inst",
        install_config="a b",
        version="4.20",
        cluster_name="prod",
        base_domain="example.com",
        publish="Internal",
        public_zone="none",
        vpc_id="vpc-1",
        subnets=("subnet-1", "subnet-2"),
        route_tables=("rtb-1",),
        machine_networks=("10.0.0.0/16", "10.1.0.0/16"),
        zones=("eu-west-1a", "eu-west-1b"),
        egress="none",
        endpoints=("s3", "com.amazonaws.eu-west-1.ec2"),
        apps_record="auto",
    )
    assert text_of(plan).partition("openshift:\n")[2] == (
        """\
  installDir: inst           # of openshift-install: what its files say isn't repeated
  installConfig: "a b"       # what it says isn't repeated here
  version: "4.20"
  clusterName: prod
  baseDomain: example.com
  publish: Internal          # Internal: no way to the API from outside; or External
  publicZone: none           # create, none, auto (found by its name), or a zone's id
  vpcID: vpc-1               # a VPC that is there already, and stays
  subnets: [subnet-1, subnet-2]
  routeTables: [rtb-1]       # those that get the S3 endpoint's route
  machineNetwork: [10.0.0.0/16, 10.1.0.0/16]
  zones: [eu-west-1a, eu-west-1b]   # how many, or their names
  egress: none               # nat: a NAT gateway in each zone, billed by the hour; nat-single; none
  endpoints: [s3, com.amazonaws.eu-west-1.ec2]   # services reached inside AWS
  appsRecord: auto           # *.apps, as the cluster can't write it
  controlPlane: {addresses: auto}   # the cluster's machines, found as they come
  bootstrap: {address: auto} # false when the cluster is up
"""
    )


def test_a_single_block_and_a_number_of_zones_stand_alone() -> None:
    section = text_of(NewPlan(machine_networks=("10.0.0.0/16",), zones=("2",)))
    assert "  machineNetwork: 10.0.0.0/16\n" in section
    assert "  zones: 2  " in section
    assert "  zones: [a1]  " in text_of(NewPlan(zones=("a1",)))


WRITTEN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufffe\uffff"), min_size=1
)


@given(WRITTEN | st.sampled_from(["true", "No", "null", "1", "1.5", "~", "a: b", "# x", "[", "../x", ".5", "'"]))
def test_every_text_is_read_as_it_was_given(text: str) -> None:
    plan = NewPlan(text, text, text, text, text, text, text, text, endpoints=(text, text))
    read = parse(text_of(plan), "plan.yaml").plain()
    assert read == {
        "name": text,
        "region": text,
        "id": text,
        "openshift": {
            "installDir": text,
            "installConfig": text,
            "controlPlane": {"addresses": "auto"},
            "bootstrap": {"address": "auto"},
            "version": text,
            "clusterName": text,
            "baseDomain": text,
            "endpoints": [text, text],
        },
    }
