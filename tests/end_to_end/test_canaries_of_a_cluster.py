"""Secrets that a cluster's plan has about it, over all that its commands write: in no stream, and in no file of theirs.

What has one on purpose is named: a presigned URL, and the pointer with the proxy's password (SECURITY.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from ocpprov.cli.verbs import main
from tests.end_to_end.canaries import spellings
from tests.end_to_end.installer_site import CONFIG, METADATA, SECRET
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.test_canaries import commands
from tests.end_to_end.test_manifests import DNS, KEPT, MACHINES, SCHEDULER
from tests.end_to_end.world import REGION

PULL: Final = "xCANARYpull4711Secret9zz"
PROXY: Final = "xCANARYproxy4711Secret9z"
KEY: Final = "xCANARYign4711Secret+9zz"
SSH: Final = "xCANARYssh4711Secret+9zz"
VARIABLE: Final = "xCANARYvariable4711Sec9z"
NO_ECHO: Final = "xCANARYecho/4711+Value9z"
SECRETS: Final = (PULL, PROXY, KEY, SSH, VARIABLE, NO_ECHO)
INPUTS: Final = ("inst", "prod.yaml")

TAGS: Final = [{"Key": "k", "Value": {"Ref": "Secret"}}, {"Key": "b", "Value": {"Fn::Base64": {"Ref": "Secret"}}}]
PLAN: Final[dict[str, Any]] = {
    "name": "prod",
    "region": REGION,
    "Parameters": {"Secret": {"Type": "String", "NoEcho": True}},
    "openshift": {
        "installConfig": "inst/install-config.yaml",
        "metadata": "inst/metadata.json",
        "version": "4.14",
        "zones": 1,
        "egress": "none",
        "endpoints": ["s3", "ec2", "elasticloadbalancing"],
        "bootstrap": {"ignition": "inst/bootstrap.ign", "address": "10.0.48.20"},
        "iam": {"instanceProfiles": {"master": "masters", "worker": "workers"}},
        "appsRecord": "none",
    },
    "Resources": {
        "Extra": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"VpcId": {"Ref": "VPC"}, "GroupDescription": "x", "Tags": TAGS},
        }
    },
    "Outputs": {"Out": {"Value": {"Fn::Join": ["/", [{"Ref": "Secret"}, {"Ref": "Extra"}]]}}},
}
NEW: Final = (
    f"--region {REGION} --openshift-version 4.14 --zones 1 --egress none --publish Internal --endpoints s3 --offline"
)
LINES: Final = (
    "validate prod.yaml",
    "validate prod.yaml --json --reachability",
    "preflight prod.yaml --json",
    "policy prod.yaml",
    "policy prod.yaml --for cluster --output policies",
    "plan prod.yaml",
    "plan prod.yaml --json -v",
    "plan prod.yaml --out saved.json",
    "apply saved.json",
    "apply prod.yaml --yes -v",
    "apply prod.yaml --yes --json --verify",
    "outputs prod.yaml",
    "outputs prod.yaml --format json",
    "outputs prod.yaml --format env",
    "outputs prod.yaml --format tfvars",
    "outputs prod.yaml --format cfn-parameters --for 04",
    "outputs prod.yaml --format install-config",
    "outputs prod.yaml --format machine-sets --ami ami-12345678 --replicas 1",
    "render prod.yaml",
    "render prod.yaml --template",
    f"list --region {REGION} --json",
    "graph prod.yaml",
    "graph prod.yaml --format dot -v",
    "graph prod.yaml --format json -v",
    "graph prod.yaml --format svg -v",
    "report prod --output page.html",
    "verify prod.yaml --junit v.xml --html v.html",
    "verify prod.yaml --json",
    "status prod.yaml --json",
    "wait api prod.yaml --timeout 1s",
    "bootstrap remove prod.yaml --yes",
    "install-config prod.yaml --file inst/install-config.yaml",
    "manifests inst prod.yaml",
    f"init new.yaml --install-config inst/install-config.yaml {NEW}",
    f"init newer.yaml --install-dir inst {NEW}",
    "destroy prod.yaml --cluster-leftovers list --yes",
    "destroy prod.yaml --yes --json -v",
    # Last: they begin anew in the AWS that all of a test's process share.
    "rehearse prod.yaml",
    "rehearse prod.yaml --json --seed 4 --fault throttling",
)


@pytest.fixture
def site(user: LocalOperator, monkeypatch: pytest.MonkeyPatch) -> LocalOperator:
    """The plan, and the folder of openshift-install, with a secret wherever one may be."""
    config = CONFIG.replace(f"pullSecret: {SECRET}", f"pullSecret: {PULL}").replace(f"user:{SECRET}", f"user:{PROXY}")
    folder = user.folder / "inst"
    for name in ("manifests", "openshift"):
        (folder / name).mkdir(parents=True)
    for name, kind in (*MACHINES, *KEPT):
        (folder / "openshift" / name).write_text(f"kind: {kind}\nsecret: {KEY}\n")
    (folder / "manifests" / "cluster-dns-02-config.yml").write_text(DNS)
    (folder / "manifests" / "cluster-scheduler-02-config.yml").write_text(SCHEDULER)
    (folder / "install-config.yaml").write_text(f"{config}sshKey: ssh-rsa {SSH}\n")
    (folder / "metadata.json").write_text(json.dumps(METADATA))
    (folder / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}, "key": KEY}))
    (user.folder / "prod.yaml").write_text(json.dumps(PLAN))
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{VARIABLE}@127.0.0.1:1")
    return user


def with_parameter(line: str) -> list[str]:
    words = line.split()
    takes = {each.name for of, command in commands(main) if tuple(words[: len(of)]) == of for each in command.params}
    return [*words, *(["--parameter", f"Secret={NO_ECHO}"] if "parameter" in takes else [])]


def left(user: LocalOperator) -> Iterator[tuple[str, str]]:
    """All that is there beside what the user put there."""
    for path in user.folder.rglob("*"):
        name = path.relative_to(user.folder)
        if path.is_file() and name.parts[0] not in INPUTS:
            yield str(name), path.read_bytes().decode(errors="replace")


def assert_nowhere(texts: dict[str, str], *secrets: str) -> None:
    for where, text in texts.items():
        for spelling in (each for secret in secrets for each in spellings(secret)):
            at = text.lower().find(spelling)
            assert at < 0, f"{where}: {text[max(0, at - 200) : at + 100]}"


@pytest.mark.torture
def test_no_secret_of_a_cluster_is_in_what_a_command_writes(
    site: LocalOperator, record_property: Callable[[str, object], None]
) -> None:
    assert {tuple(line.split()[:1]) for line in LINES} >= {("apply",), ("verify",), ("report",), ("rehearse",)}
    codes: dict[str, int] = {}
    for line in LINES:
        done = site.run(*with_parameter(line))
        codes[line] = done.code
        assert_nowhere({"stdout": done.out, "stderr": done.err, **dict(left(site))}, *SECRETS)
    # Those that get to their end: a refusal at the beginning would prove little.
    others = {"status", "wait", "bootstrap", "install-config", "manifests"}
    assert {line: code for line, code in codes.items() if code and line.split()[0] not in others} == {}
    record_property("canaries: lines over a cluster's secrets", len(LINES) * len(SECRETS))


@pytest.mark.torture
def test_a_presigned_url_is_on_stdout_alone(site: LocalOperator) -> None:
    site.good(*with_parameter("apply prod.yaml --yes"))
    url = site.good(*with_parameter("outputs prod.yaml --presign 1h"))
    pointer = site.good(*with_parameter("outputs prod.yaml --format ignition-pointer --presign 1h"))
    # The pointer has the proxy's password, and says so.
    assert PROXY in pointer.out
    assert "the proxy's password is in it" in pointer.err
    for done in (url, pointer):
        signatures = re.findall(r"Signature=([0-9a-zA-Z%]{16,})", done.out)
        assert signatures
        assert_nowhere({"stderr": done.err, **dict(left(site))}, *signatures, PROXY)
        assert_nowhere({"stdout": done.out}, *(each for each in SECRETS if each != PROXY))
