"""`init` without AWS: what is written, what is said, and that nothing is written over."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from documents.json_documents import DOCUMENTS
from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.init import init
from ocpprov.commands.init_flags import InitFlags
from ocpprov.commands.init_questions import Question
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal

ENOUGH = "--offline --region eu-west-1 --cluster-name lab --base-domain example.com --publish Internal --zones 1"
PLAN = """\
# yaml-language-server: $schema=plan.schema.json
# The AWS infrastructure of an OpenShift cluster. What a key means: ocpprov explain KEY

name: lab                    # whose the resources are: keep it
region: eu-west-1
id: ID
{space}
openshift:
  clusterName: lab
  baseDomain: example.com
  publish: Internal          # Internal: no way to the API from outside; or External
  zones: 1                   # how many, or their names
  egress: nat                # nat: a NAT gateway in each zone, billed by the hour; nat-single; none
  controlPlane: {{addresses: auto}}   # the cluster's machines, found as they come
  bootstrap: {{address: auto}} # false when the cluster is up
""".format(space="")
SAID = """\
lab.yaml is written. It makes 16 resources, and 69 more when there is an infraID:
  Network          1 VPC, 1 InternetGateway, 1 EIP, 2 RouteTables, 2 Subnets, 1 attachment, 2 route table \
associations, 1 VPCEndpoint, 2 routes, 1 NatGateway
  Security groups  3 SecurityGroups, 49 rules
  Load balancers   2 TargetGroups, 1 LoadBalancer, 2 Listeners
  DNS              1 HostedZone, 2 RecordSets
  Roles            3 Roles, 3 policies, 3 InstanceProfiles
  Storage          1 Bucket, 1 bucket policy
  0.045 USD an hour for 1 NAT gateway
costs: more than 0.045 USD an hour, 32.85 USD a month of 730 hours; without a price in the file: 1 Elastic IP, 1 load \
balancer
next: ocpprov preflight lab.yaml
next: ocpprov apply lab.yaml
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(words: str) -> Result:
    return CliRunner().invoke(main, shlex.split(words))


def test_a_plan_and_what_it_makes_and_costs() -> None:
    Path("prices.csv").write_text("currency,USD\nNAT gateway,0.045\n")
    done = ran(f"init lab.yaml {ENOUGH} --prices prices.csv")
    assert (done.exit_code, done.stderr, done.stdout) == (0, "", SAID)
    written = Path("lab.yaml").read_text()
    assert re.sub("(?m)^id: [a-z][a-z2-9]{7}  .*$", "id: ID", written) == PLAN
    assert ran("validate lab.yaml").stdout == "lab.yaml: valid; 16 resources\n"


def test_the_document_has_the_same() -> None:
    Path("prices.yaml").write_text("NAT gateway: 0.045\n")
    done = ran(f"init {ENOUGH} --json --prices prices.yaml")
    found = json.loads(done.stdout)
    assert (done.exit_code, found.keys()) == (0, DOCUMENTS["init"].keys())
    assert f"id: {found['id']} " in Path("plan.yaml").read_text()
    assert (found["file"], found["plan"], found["region"]) == ("plan.yaml", "lab", "eu-west-1")
    assert (found["cluster"], sum(found["resources"].values())) == ("lab.example.com", 85)
    assert found["billed"] == {"Elastic IP": 1, "NAT gateway": 1, "load balancer": 1}
    unpriced = {"Elastic IP": 1, "load balancer": 1}
    assert found["cost"] == {"currency": "", "hourly": "0.045", "monthly": "32.85", "unpriced": unpriced}
    assert (found["quotas"], found["notes"]) == ([], [])
    assert found["next"] == ["ocpprov preflight plan.yaml", "ocpprov apply plan.yaml"]
    assert json.loads(ran(f"init b.yaml {ENOUGH} --json").stdout)["cost"] is None


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_there_stays(make: Any) -> None:
    make(Path("plan.yaml"))
    done = ran(f"init {ENOUGH}")
    said = "plan.yaml: is there already, and init overwrites nothing; name another file\n"
    assert (done.exit_code, done.stderr, done.stdout) == (2, said, "")
    assert [each.name for each in Path().iterdir()] == ["plan.yaml"]


def test_what_came_while_it_thought_stays_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.lexists", lambda _: False)
    Path("plan.yaml").write_text("mine")
    done = ran(f"init {ENOUGH}")
    assert (done.exit_code, Path("plan.yaml").read_text()) == (2, "mine")
    assert "is there already" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--offline", "--region, --cluster-name, --base-domain: not given, and nobody is there to ask; give them, or"),
        (f"{ENOUGH} --zones 4", "--zones: invalid value 4; 1 to 3 zones"),
        (f"no/plan.yaml {ENOUGH}", "no/plan.yaml: can't be written: No such file or directory; name a file"),
        (f"{ENOUGH} --subnets subnet-1", "--subnets: are of a VPC that is there already; name it with --vpc"),
        (f"{ENOUGH} --vpc corp", "--vpc corp: nothing of this name is known (vpc-…); where AWS can't be asked"),
        (f"{ENOUGH} --prices no.yaml", "no.yaml:1:1: can't be read: No such file or directory"),
        (f"{ENOUGH} --install-dir no/inst --install-config no", "--install-config no: isn't there"),
    ],
)
def test_what_is_wrong_writes_nothing(words: str, said: str) -> None:
    done = ran(f"init {words}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(said), done.stderr
    assert [*Path().iterdir()] == []


def test_ids_need_no_aws() -> None:
    done = ran(f"init {ENOUGH} --vpc vpc-1 --subnets subnet-1,subnet-2")
    assert done.exit_code == 0, done.stderr
    text = Path("plan.yaml").read_text()
    assert "  vpcID: vpc-1  " in text
    assert "  subnets: [subnet-1, subnet-2]\n" in text
    assert "zones:" not in text.replace(" zones", "")


def answering(*answers: str) -> Any:
    waiting: Iterator[str] = iter(answers)

    def asking(question: Question) -> str:
        return question.meant(next(waiting) or question.default)

    return asking


def test_what_makes_no_plan_together_is_asked_for_again(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there with another machine network, or a domain that is refused: the other answers stay."""
    flags = InitFlags(region="eu-west-1", publish="External", public_zone="create", offline=True)
    asking = answering("lab", "example.com", "4.20", "", "new", "", "1", "none", "corp.net")
    code = init(Options(), flags, None, Terminal("ocpprov init"), asking=asking)
    assert code is ExitCode.DONE
    assert "--base-domain: Route 53 makes no public zone of example.com" in capsys.readouterr().err
    text = Path("plan.yaml").read_text()
    assert "  baseDomain: corp.net\n" in text
    assert "publicZone" not in text
    assert "  endpoints: [s3, ec2, elasticloadbalancing, sts]   # services reached inside AWS\n" in text


def test_what_no_question_leads_to_is_refused() -> None:
    flags = InitFlags(region="eu-west-1", publish="Internal", endpoints="x", offline=True)
    asking = answering("lab", "example.com", "4.20", "", "new", "", "1", "none")
    with pytest.raises(Refused, match="--endpoints: x is not a known service"):
        init(Options(), flags, None, Terminal("ocpprov init"), asking=asking)
    assert [*Path().iterdir()] == []
