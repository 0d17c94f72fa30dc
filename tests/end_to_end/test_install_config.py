"""`install-config` and the network of a plan: what is put into the file, and that the plan then changes nothing."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.installer_site import SECRET
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

PLAN: Final = """\
name: prod
openshift:
  installConfig: inst/install-config.yaml
  metadata: inst/metadata.json
  version: "4.19"
  zones: 1
  egress: none
  endpoints: [s3, ec2]
"""
CONFIG: Final = f"""\
# of the network team
apiVersion: v1
baseDomain: example.com
metadata:
  name: prod   # short
networking:
  machineNetwork:
  - cidr: 10.0.0.0/16
publish: Internal
pullSecret: '{SECRET}'
proxy:
  httpsProxy: 'http://user:{SECRET}@proxy.example.com:3128'
  noProxy: .corp
platform:
  aws:
    region: eu-west-1
sshKey: |
  {SECRET}
"""


@pytest.fixture
def user(one_bastion: Bastion, tmp_path: Path) -> LocalOperator:
    one_bastion.moved_in(tmp_path, REGION)
    (tmp_path / "inst").mkdir()
    (tmp_path / "prod.yaml").write_text(PLAN)
    config = tmp_path / "inst" / "install-config.yaml"
    config.write_text(CONFIG)
    config.chmod(0o600)
    return LocalOperator(one_bastion)


def subnet_of(user: LocalOperator) -> str:
    ours = [{"Name": "tag:ocpprov:plan", "Values": ["prod"]}]
    (found,) = user.aws.client("ec2").describe_subnets(Filters=ours)["Subnets"]
    return str(found["SubnetId"])


def test_what_the_network_is_is_put_into_the_file_once(user: LocalOperator) -> None:
    config = user.folder / "inst" / "install-config.yaml"
    user.good("apply", "prod.yaml", "--yes")
    private = subnet_of(user)
    asked = user.run("install-config")
    assert (asked.code, config.read_text()) == (2, CONFIG)
    assert "nobody is there to ask: give --yes" in asked.err
    done = user.good("install-config", "--yes")
    assert asked.out == done.out
    assert SECRET not in done.out + done.err
    assert [row for row in done.out.splitlines() if row.startswith(("+", "-"))][2:] == [
        "-  noProxy: .corp",
        f"+  noProxy: .corp,s3.{REGION}.amazonaws.com,ec2.{REGION}.amazonaws.com",
        "+    vpc:",
        "+      subnets:",
        f"+      - id: {private}",
        "+        roles:",
        "+        - type: ClusterNode",
        "+        - type: ControlPlaneInternalLB",
        "+        - type: BootstrapNode",
        "+        - type: IngressControllerLB",
        "+compute:",
        "+- name: worker",
        "+  replicas: 0",
    ]
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    after = config.read_text()
    assert [line for line in CONFIG.splitlines() if line not in after.splitlines()] == ["  noProxy: .corp"]
    again = user.good("install-config", "prod.yaml", "--file", "inst/install-config.yaml")
    assert (again.out, again.err.splitlines()[-1]) == (
        "",
        "inst/install-config.yaml says what plan prod makes: nothing to do",
    )
    assert config.read_text() == after
    # The plan, which takes its subnets from there, would be another one.
    config.write_text(after.replace(private, theirs(user)))
    refused = user.run("install-config", "--yes")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[-1] == (
        f"inst/install-config.yaml:19:9: platform.aws.vpc.subnets: {theirs(user)} is not a subnet of plan prod, which "
        f"has {private}; name it in the plan (prod.yaml), or take it out here"
    )


def theirs(user: LocalOperator) -> str:
    """A subnet in a network of somebody else's, which is made once."""
    ec2 = user.aws.client("ec2")
    found = ec2.describe_subnets(Filters=[{"Name": "cidr-block", "Values": ["10.0.200.0/24"]}])["Subnets"]
    if not found:
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        found = [ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.200.0/24")["Subnet"]]
    return str(found[0]["SubnetId"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "inst/other.yaml:1:1: can't be read: No such file or directory"),
        ("", "inst/other.yaml:1:1: the file is empty"),
        ("a: [", "inst/other.yaml:1:5: not YAML: "),
        ("name: prod\n", "inst/other.yaml:1:1: isn't an install-config.yaml; name the file that"),
    ],
)
def test_another_file_is_refused_before_aws_is_asked(user: LocalOperator, text: str | None, message: str) -> None:
    if text is not None:
        (user.folder / "inst" / "other.yaml").write_text(text)
    user.aws.clear_calls()
    ended = user.run("install-config", "prod.yaml", "--file", "inst/other.yaml", "--yes")
    assert (ended.code, user.aws.calls()) == (2, [])
    assert message in ended.err


def test_the_file_may_be_in_the_folder_that_the_plan_names(user: LocalOperator) -> None:
    named = "  installConfig: inst/install-config.yaml\n  metadata: inst/metadata.json\n"
    (user.folder / "prod.yaml").write_text(PLAN.replace(named, "  installDir: ./inst\n"))
    (user.folder / "inst" / "install-config.yaml").write_text("a: [")
    ended = user.run("install-config", "prod.yaml", "--yes")
    assert ended.err.startswith("inst/install-config.yaml:1:5: not YAML: ")


def test_a_plan_that_names_no_file_wants_it_named(user: LocalOperator) -> None:
    (user.folder / "bare.yaml").write_text(f"name: bare\nregion: {REGION}\nResources: {{}}\n")
    ended = user.run("install-config", "bare.yaml", "--yes")
    assert (ended.code, ended.err) == (
        2,
        "bare.yaml: names no installConfig; name the file: --file install-config.yaml\n",
    )
