"""`outputs` in each format, of a cluster that stands in the sandbox; a presigned URL is on stdout and nowhere else."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION, Operator
from tests.support.in_process import Bastion

PLAN: Final = f"""\
name: prod
region: {REGION}
openshift:
  clusterName: prod
  baseDomain: example.com
  infraID: prod-x7k2p
  version: "4.19"
  publish: Internal
  zones: [eu-west-1a]
  egress: none
  bootstrap: {{ignition: bootstrap.ign}}
  iam: {{policies: documented}}
"""
IGNITION: Final = json.dumps({"ignition": {"version": "3.2.0"}, "key": "not-to-be-shown"})
DIGEST: Final = hashlib.sha512(IGNITION.encode()).hexdigest()


def write(folder: Path) -> None:
    (folder / "prod.yaml").write_text(PLAN)
    (folder / "bootstrap.ign").write_text(IGNITION)


@pytest.fixture(scope="module")
def user(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> LocalOperator:
    """Somebody who has applied the plan."""
    one_bastion.moved_in(tmp_path_factory.mktemp("home"), REGION)
    user = LocalOperator(one_bastion)
    write(user.folder)
    user.good("apply", "prod.yaml", "--yes", "--sandbox")
    return user


@pytest.mark.torture
def test_each_format_has_the_ids_of_the_cluster(user: LocalOperator) -> None:
    values = json.loads(user.good("outputs", "prod.yaml", "--format", "json", "--sandbox").out)
    (subnet,) = user.aws.client("ec2").describe_subnets(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["prod"]}])[
        "Subnets"
    ]
    first = subnet["SubnetId"]
    assert values["Subnets"] == [
        {"id": first, "zone": subnet["AvailabilityZone"], "cidr": subnet["CidrBlock"], "public": False}
    ]
    env = user.good("outputs", "prod.yaml", "--format", "env", "--sandbox").out
    assert f"export OCPPROV_PRIVATE_SUBNET_IDS={first}\n" in env
    variables = json.loads(user.good("outputs", "prod.yaml", "--format", "tfvars", "--sandbox").out)
    assert variables["private_subnet_ids"] == [first]
    masters = user.good("outputs", "prod.yaml", "--format", "cfn-parameters", "--for", "05", "--sandbox")
    assert {"ParameterKey": "Master2Subnet", "ParameterValue": first} in json.loads(masters.out)
    assert "still to give: RhcosAmi" in masters.err
    snippet = user.good("outputs", "prod.yaml", "--format", "install-config", "--sandbox").out
    assert (
        f"      - id: {first}  # private, eu-west-1a, 10.0.48.0/20\n        roles:\n        - type: ClusterNode\n"
        in snippet
    )
    sets = user.good("outputs", "prod.yaml", "--format", "machine-sets", "--replicas", "1", "--sandbox").out
    assert sets.count("\n  replicas: 1\n") == 1
    assert values["WorkerInstanceProfile"] in sets


def test_a_presigned_url_is_on_stdout_alone(user: LocalOperator) -> None:
    table = user.good("outputs", "prod.yaml", "--sandbox")
    subnets = [line for line in table.out.splitlines() if " 10.0." in line and "Address" not in line]
    assert [line.split()[-1] for line in subnets] == ["private"]
    offered = "BootstrapIgnitionFetch: ocpprov outputs prod.yaml --sandbox --format ignition-pointer --presign 1h"
    assert offered in table.err
    alone = user.good("outputs", "prod.yaml", "--presign", "1h", "--sandbox")
    url = urlsplit(alone.out.strip())
    assert re.fullmatch(r"/prod-infrabucket-[0-9a-z-]+/bootstrap\.ign", url.path)
    assert "X-Amz-Expires=3600&" in url.query
    assert re.search(r"until \d{4}-\d\d-\d\d \d\d:\d\d UTC; it is kept nowhere", alone.err)
    pointed = user.good("outputs", "prod.yaml", "--format", "ignition-pointer", "--presign", "1h", "--sandbox")
    replace = json.loads(pointed.out)["ignition"]["config"]["replace"]
    assert urlsplit(replace["source"]).path == url.path
    assert replace["verification"] == {"hash": f"sha512-{DIGEST}"}
    assert "X-Amz" not in alone.err + pointed.err
    kept = [each for each in user.folder.rglob("*") if each.is_file()]
    assert len(kept) > 5
    assert [each for each in kept if b"X-Amz" in each.read_bytes() or b"x-amz" in each.read_bytes()] == []


def test_wrong_options_are_refused_before_anybody_is_asked(user: LocalOperator) -> None:
    user.aws.clear_calls()
    wrong = user.run("outputs", "prod.yaml", "--format", "env", "--presign", "1h", "--sandbox")
    assert (wrong.code, wrong.out, user.aws.calls()) == (2, "", [])
    assert "--presign has nothing to do with env" in wrong.err
    document = user.run("outputs", "prod.yaml", "--format", "json", "--ami", "ami-x", "--sandbox")
    assert json.loads(document.out)["error"]["place"] == "command line"


@pytest.mark.torture
def test_whoever_has_the_url_reads_it_and_ignition_takes_the_pointer(operator: Operator, tmp_path: Path) -> None:
    """Ignition's own judge is in Debian's package ignition (`make programs-torture`)."""
    write(operator.folder)
    operator.good("apply", "prod.yaml", "--yes")
    url = operator.good("outputs", "prod.yaml", "--presign", "1h").out.strip()
    with urlopen(url) as answer:
        assert hashlib.sha512(answer.read()).hexdigest() == DIGEST
    judge = shutil.which("ignition-validate")
    assert judge, "there is no ignition-validate: `make programs-torture` installs Debian's package ignition"
    for more in ((), ("--presign", "7d")):
        (tmp_path / "pointer.ign").write_text(
            operator.good("outputs", "prod.yaml", "--format", "ignition-pointer", *more).out
        )
        judged = subprocess.run([judge, tmp_path / "pointer.ign"], capture_output=True, text=True, check=False)
        assert (judged.returncode, judged.stdout + judged.stderr) == (0, "")


@pytest.mark.torture
@pytest.mark.parametrize("version", ["4.12", "4.19"])
@pytest.mark.parametrize("publish", ["Internal", "External"])
def test_the_snippet_pasted_into_the_plans_install_config_changes_nothing(
    one_bastion: Bastion, tmp_path: Path, version: str, publish: str
) -> None:
    """The last one here: it empties AWS."""
    one_bastion.moved_in(tmp_path, REGION)
    user = LocalOperator(one_bastion)
    head = "apiVersion: v1\nmetadata: {name: prod}\nbaseDomain: example.com\n"
    aws = f"platform:\n  aws:\n    region: {REGION}\n"
    config = user.folder / "install-config.yaml"
    config.write_text(f"{head}publish: {publish}\n{aws}")
    section = f'installConfig: install-config.yaml, version: "{version}", infraID: prod-x7k2p, publicZone: none'
    (user.folder / "prod.yaml").write_text(f"name: prod\nopenshift: {{{section}}}\n")
    user.good("apply", "prod.yaml", "--yes")
    snippet = user.good("outputs", "prod.yaml", "--format", "install-config").out
    config.write_text(head + snippet.replace("platform:\n  aws:\n", aws))
    ended = user.good("plan", "prod.yaml", "--detailed-exitcode")
    assert "nothing to do" in ended.out
    assert "not honoured" not in ended.err + ended.out
