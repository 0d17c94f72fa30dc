"""What a shell makes of the commands that messages offer, with names in them that somebody else has chosen."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.aws.error_causes import remedy_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.balancers import unprotect_balancer
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.checks.deletion_protection import protected_machines, protections
from ocpprov.checks.existing_hosted_zones import ExistingZone, private_zone
from ocpprov.checks.existing_network import ExistingNetwork, existing_network
from ocpprov.checks.global_endpoints import HostPlace
from ocpprov.checks.global_endpoints import remedy as endpoint_remedy
from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.destroy_target import named_plan
from ocpprov.commands.excluded_services import excluded_from_destroy
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import guard_protected
from ocpprov.commands.leftovers import LeftoversRequest, guard_one_cluster
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RECORDS, encode_ledger
from ocpprov.engine.resources import Live, Owner
from ocpprov.engine.suggestion import command_line
from ocpprov.kinds.reads import Found, Read
from ocpprov.plan.model import OpenShift
from ocpprov.ui.unproven_claims import accepting_command

HOSTILE: Final = ("x; touch PWNED #", "$(touch PWNED)", "x\ntouch PWNED\n", "' ; touch PWNED ; '", "--help\x1b[2J")
OWNER: Final = Owner("lab", "eu-west-1", "123456789012", "run")
SECTION: Final = OpenShift("prod", "example.com", hosted_zone="Z1")
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Answers:
    """AWS, with one page for each operation."""

    pages: Mapping[str, Mapping[str, Any]]

    def attempt(self, wanted: Sequence[Read]) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        return {one: [self.pages[one.operation]] if one.operation in self.pages else [] for one in wanted}


def of_balancer(name: str) -> str:
    return unprotect_balancer(f"arn:aws:elasticloadbalancing:{name}:123456789012:loadbalancer/net/{name}/1")


def of_refusal(name: str) -> str:
    said = Said("CreateVpc", "UnauthorizedOperation", "You are not authorized.", name)
    return remedy_of(ErrorClass.DENIED, said)


def of_quota(name: str) -> str:
    return remedy_of(ErrorClass.QUOTA, Said("CreateVpc", "VpcLimitExceeded", "", region=name))


def of_region(name: str) -> str:
    return remedy_of(ErrorClass.CREDENTIALS, Said("CreateVpc", "InvalidClientTokenId", "", region=name))


def of_machine(name: str) -> str:
    page = {"InstanceId": name, "DisableApiTermination": {"Value": True}}
    return protected_machines(["i-1"], Answers({"describe_instance_attribute": page})).found[0].lift


def of_signed_zone(name: str) -> str:
    page: dict[str, Any] = {"Status": {"ServeSignature": "NOT_SIGNING"}, "KeySigningKeys": [{"Name": name}]}
    live = Live("AWS::Route53::HostedZone", "Z1", {"Name": "corp."}, tags={})
    return protections([live], Answers({"get_dnssec": page}), NOW.timestamp()).found[0].lift


def of_held_object(name: str) -> str:
    live = Live("Ocpprov::S3::Object", "b/k", {"Bucket": "b", "Key": name}, tags={})
    bucket = Live("AWS::S3::Bucket", "b", {}, tags={})
    pages: dict[str, dict[str, Any]] = {
        "get_object_lock_configuration": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
        "list_object_versions": {"Versions": [{"Key": name, "VersionId": name}]},
        "get_object_legal_hold": {"LegalHold": {"Status": "ON"}},
    }
    return protections([bucket, live], Answers(pages), NOW.timestamp()).found[0].lift


def of_zone(name: str) -> str:
    zone = ExistingZone("Z1", "prod.example.com", frozenset({"vpc-2"}))
    return next(iter(private_zone(SECTION, name, name, zone, ()))).remedy


def of_vpc(name: str) -> str:
    checks = existing_network(SECTION, ExistingNetwork(name, dns_support=False, region=name))
    return next(check.remedy for check in checks if check.id == "vpc-dns")


def of_endpoint(name: str) -> str:
    return endpoint_remedy("route53", "eu-west-1", HostPlace(name, name), None)


def of_record(name: str) -> str:
    tags = {PLAN: "lab", **encode_ledger(RECORDS, [f"{name} rr www.example.com A"])}
    live = Live("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn", {}, tags=tags)
    lines = excluded_from_destroy([live], frozenset({"route53"}))
    return "\n".join(line for line in lines if "list-resource" not in line)


def of_plan(name: str) -> str:
    return f"ocpprov destroy {named_plan(name, 'eu-west-1')}"


def of_guard(name: str) -> str:
    action = Action(name, "AWS::EC2::VPC", Verb.DELETE, guarded=True)
    planned = PlanResult(Inventory(), Actions(OWNER, Graph({}, {}), [action], [], {}), Found(OWNER))
    return refusal(lambda: guard_protected(planned, frozenset(), command_line("ocpprov", "apply", name)))


def of_cluster(name: str) -> str:
    request = LeftoversRequest("delete", "", command_line("ocpprov", "destroy", name))
    return refusal(lambda: guard_one_cluster("", [name], "lab", request))


def of_claim(name: str) -> str:
    claim = UnprovenClaim(Live("AWS::EC2::VPC", name, {}, tags={}), "it has been copied")
    return accepting_command(claim.live.id, command_line("ocpprov", "apply", name))


def refusal(refused: Callable[[], object]) -> str:
    try:
        refused()
    except Refused as error:
        return str(error)
    return ""


SUGGESTING: Final = (
    of_balancer,
    of_refusal,
    of_quota,
    of_region,
    of_machine,
    of_signed_zone,
    of_held_object,
    of_zone,
    of_vpc,
    of_endpoint,
    of_record,
    of_plan,
    of_guard,
    of_cluster,
    of_claim,
)
WITHOUT: Final = (of_record, of_guard, of_cluster, of_claim)
"""These offer no command where a name is none that we could have given."""

_COMMAND: Final = re.compile(r"(?:aws [a-z0-9-]+ [a-z-]+|ocpprov (?:apply|destroy))(?: [^\n`]*)?")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs that only write down what they were given, one word a line."""
    folder = tmp_path_factory.mktemp("bin")
    for name in ("aws", "ocpprov"):
        (folder / name).write_text('#!/bin/sh\nprintf "%s\\n" "${0##*/}" "$@" >> heard\n')
        (folder / name).chmod(0o700)
    return folder


@pytest.mark.parametrize("suggesting", SUGGESTING)
def test_nothing_but_the_command_happens(suggesting: Callable[[str], str], folder: Path, tmp_path: Path) -> None:
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    commands = [found for name in HOSTILE for found in _COMMAND.findall(suggesting(name))]
    assert (commands == []) is (suggesting in WITHOUT)
    for command in commands:
        subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environ, check=True)
        heard = (tmp_path / "heard").read_text().splitlines()
        assert heard[:2] == command.split()[:2]
        assert [path.name for path in tmp_path.iterdir()] == ["heard"], command
        assert heard.count("aws") + heard.count("ocpprov") == 1
        assert "\x1b" not in command
        (tmp_path / "heard").unlink()


@pytest.mark.parametrize("suggesting", SUGGESTING)
def test_a_name_of_ours_stands_in_the_command_as_it_is(suggesting: Callable[[str], str]) -> None:
    name = "Z0123456789" if suggesting is of_record else "prod-1"
    assert any(re.search(rf"[ =]{name}\b", found) for found in _COMMAND.findall(suggesting(name)))


def test_no_file_is_taken_for_an_option() -> None:
    """A folder of plans may have any names."""
    assert same_plan("apply", Options(plan=Path("--yes.yaml"))) == "ocpprov apply ./--yes.yaml"
    assert same_plan("apply", Options(plan=Path("plans/a.yaml"))) == "ocpprov apply plans/a.yaml"


@given(st.lists(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_a_shell_reads_the_words_that_were_meant(words: list[str]) -> None:
    line = command_line("printf", "%s\\0", *words)
    heard = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout
    assert heard.split("\0")[:-1] == words
