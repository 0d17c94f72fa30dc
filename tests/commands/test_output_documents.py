"""Outputs in each format, from values to what is printed and what is said beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.output_documents import KnownOutputs, show_outputs
from ocpprov.commands.output_request import OutputRequest
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.plan.model import AwsSettings, Plan
from tests.installer.outputs import OUTPUTS
from tests.openshift.plans import SECTION_3AZ

DIGEST: Final = "0123456789abcdef" * 8
CA: Final = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
PROXY: Final = "http://user:word@proxy.corp:3128"
PLAN: Final = Plan(
    "prod",
    "eu-west-1",
    openshift=replace(SECTION_3AZ, bootstrap_ignition="bootstrap.ign"),
    file="prod.yaml",
    user_tags={"team": "a"},
)


def joined(value: object) -> object:
    if not isinstance(value, list):
        return value
    return "; ".join(map(str, value)) if isinstance(value[0], Mapping) else ",".join(value)


def known(plan: Plan = PLAN, **changed: object) -> KnownOutputs:
    values = {name: value for name, value in {**OUTPUTS, **changed}.items() if value is not None}
    texts = {name: joined(value) for name, value in values.items()}
    return KnownOutputs(plan, values, texts, {"Subnets": "; "})


class Shown:
    """What `show_outputs` prints, by stream."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.terminal = Terminal("ocpprov outputs prod.yaml")

    def __call__(self, request: OutputRequest, found: KnownOutputs | None = None) -> tuple[str, list[str]]:
        show_outputs(found or known(), request, self.terminal)
        streams = self._capsys.readouterr()
        return streams.out, streams.err.splitlines()


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    return Shown(capsys)


def test_a_table_has_a_line_for_each_subnet(shown: Shown) -> None:
    out, said = shown(OutputRequest())
    lines = out.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("Subnets "))
    assert [line.split()[-1] for line in lines[first : first + 3]] == ["True}", "False}", "False}"]
    assert [line[:7] for line in lines[first : first + 3]] == ["Subnets", " " * 7, " " * 7]
    assert said == []


def test_json_has_lists(shown: Shown) -> None:
    assert json.loads(shown(OutputRequest("json"))[0]) == OUTPUTS


def test_an_environment_file_and_what_is_left_out_of_it(shown: Shown) -> None:
    out, said = shown(OutputRequest("env"), known(Count=3, VPCId="other"))
    lines = out.splitlines()
    assert lines[:2] == [
        "export OCPPROV_VPC_ID=vpc-0123456789abcdef0",
        "export OCPPROV_PUBLIC_SUBNET_IDS=subnet-0a,subnet-0b,subnet-0c",
    ]
    assert lines[-1] == "export OCPPROV_COUNT=3"
    assert said == ["left out: VPCId: OCPPROV_VPC_ID is VpcId"]


def test_terraform_variables_and_what_is_left_out_of_them(shown: Shown) -> None:
    out, said = shown(OutputRequest("tfvars"), known(Source="x"))
    assert json.loads(out)["private_subnet_ids"] == ["subnet-1a", "subnet-1b", "subnet-1c"]
    assert said == ["left out: Source: Terraform has no variable source"]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (
            "04",
            [
                "still to give: RhcosAmi (an image of RHEL CoreOS in this region: "
                "`openshift-install coreos print-stream-json`)",
                "AutoRegisterELB is no: apply registers the machines, once their addresses are in "
                "openshift.bootstrap.address",
            ],
        ),
        (
            "06",
            [
                "still to give: RhcosAmi (an image of RHEL CoreOS in this region: "
                "`openshift-install coreos print-stream-json`)",
                "still to give: CertificateAuthorities (`ignition.security.tls.certificateAuthorities` in worker.ign)",
                "one stack makes one machine; Subnet of the next ones: subnet-1b (eu-west-1b)",
            ],
        ),
    ],
)
def test_parameters_and_what_is_still_to_give(shown: Shown, template: Any, said: list[str]) -> None:
    out, told = shown(OutputRequest("cfn-parameters", template))
    assert json.loads(out)[0] == {"ParameterKey": "InfrastructureName", "ParameterValue": "prod-x7k2p"}
    assert told == said


def test_a_value_that_is_hidden_is_none_of_a_shell_or_of_terraform(shown: Shown) -> None:
    hidden = replace(known(Password="pre-****"), hidden=frozenset({"Password"}))
    assert '"Password": "pre-****"' in shown(OutputRequest("json"), hidden)[0]
    for format in ("env", "tfvars"):
        out, told = shown(OutputRequest(format), hidden)
        assert "password" not in out.casefold()
        assert told == ["left out: Password: the value of a NoEcho parameter is in it"]


def test_machines_that_are_found_need_no_addresses(shown: Shown) -> None:
    auto = replace(PLAN, openshift=replace(SECTION_3AZ, control_plane_auto=True))
    last = {each: shown(OutputRequest("cfn-parameters", each), known(auto))[1][-1] for each in ("04", "05")}
    assert last == {
        "04": "AutoRegisterELB is no: apply registers the machines, once their addresses are in "
        "openshift.bootstrap.address",
        "05": "AutoRegisterELB is no: apply registers the machines, once they are there",
    }


def test_an_image_is_a_parameter(shown: Shown) -> None:
    out, told = shown(OutputRequest("cfn-parameters", "05", image="ami-0123456789abcdef0"))
    assert {"ParameterKey": "RhcosAmi", "ParameterValue": "ami-0123456789abcdef0"} in json.loads(out)
    assert [line for line in told if "RhcosAmi" in line] == []


def test_parameters_of_what_is_not_there_are_refused(shown: Shown) -> None:
    request = OutputRequest("cfn-parameters", "04")
    with pytest.raises(
        Refused, match=r"VpcId, BootstrapIgnitionLocation aren't known yet; have bootstrap.ign there, and apply"
    ):
        shown(request, known(VpcId=None, BootstrapIgnitionLocation=None))
    early = replace(PLAN, openshift=replace(SECTION_3AZ, infra_id=""))
    with pytest.raises(Refused, match=r"infraID isn't known yet; give the infraID \(openshift.metadata\), and apply"):
        shown(request, known(early))


def test_an_install_config_with_each_subnets_place(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(f"# Autorité\n{CA}")
    found = known(AdditionalTrustBundle=str(tmp_path / "ca.pem"), AdditionalTrustBundlePolicy="Always")
    out, said = shown(OutputRequest("install-config"), found)
    assert "    - subnet-1a  # private, eu-west-1a, 10.0.48.0/20\n" in out
    assert "    - subnet-0a  # public, eu-west-1a, 10.0.0.0/20\n" in out
    content = YAML(typ="safe", pure=True).load(out)
    assert content["additionalTrustBundle"] == CA
    assert content["additionalTrustBundlePolicy"] == "Always"
    assert said == []


def test_an_install_config_needs_the_subnets_and_a_readable_bundle(shown: Shown, tmp_path: Path) -> None:
    request = OutputRequest("install-config")
    early = replace(PLAN, openshift=replace(SECTION_3AZ, infra_id=""))
    with pytest.raises(Refused, match=r"prod.yaml: PrivateSubnetIds isn't known yet; apply the plan$"):
        shown(request, known(early, Subnets=None, PrivateSubnetIds=None))
    missing = tmp_path / "ca.pem"
    with pytest.raises(Refused, match=r"ca.pem: it can't be read: No such file or directory; correct aws.caBundle"):
        shown(request, known(AdditionalTrustBundle=str(missing)))
    missing.write_text("nothing")
    with pytest.raises(Refused, match=r"ca.pem: there is no certificate in it"):
        shown(request, known(AdditionalTrustBundle=str(missing)))


def test_a_pointer_with_digest_proxy_and_certificates(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(CA)
    plan = replace(PLAN, aws=AwsSettings(proxy=PROXY))
    found = known(
        plan, BootstrapIgnitionSha512=DIGEST, NoProxy="s3.corp,ec2.corp", AdditionalTrustBundle=str(tmp_path / "ca.pem")
    )
    out, said = shown(OutputRequest("ignition-pointer"), found)
    ignition = json.loads(out)["ignition"]
    assert ignition["version"] == "3.2.0"
    assert ignition["config"]["replace"] == {
        "source": "s3://prod-x7k2p-infra/bootstrap.ign",
        "verification": {"hash": f"sha512-{DIGEST}"},
    }
    past = ["169.254.169.254", "s3.corp", "ec2.corp"]
    assert ignition["proxy"] == {"httpProxy": PROXY, "httpsProxy": PROXY, "noProxy": past}
    assert len(ignition["security"]["tls"]["certificateAuthorities"]) == 1
    assert said == ["the proxy's password is in it, and is then in the machine's user data"]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("s3://b/bootstrap.ign", ["the bootstrap machine may not read S3, or not there: give --presign 1h besides"]),
        ("https://b.s3.eu-west-1.amazonaws.com/bootstrap.ign?X-Amz-Expires=60", []),
    ],
)
def test_a_machine_that_may_not_read_s3_needs_a_url(shown: Shown, location: str, said: list[str]) -> None:
    found = known(BootstrapIgnitionFetch="presigned-url", BootstrapIgnitionLocation=location)
    out, told = shown(OutputRequest("ignition-pointer"), found)
    assert json.loads(out)["ignition"]["config"]["replace"]["source"] == location
    assert told == said


def test_a_pointer_needs_what_it_points_at(shown: Shown) -> None:
    request = OutputRequest("ignition-pointer")
    with pytest.raises(
        Refused, match=r"BootstrapIgnitionLocation isn't known yet; have bootstrap.ign there, and apply the plan$"
    ):
        shown(request, known(BootstrapIgnitionLocation=None))
    unnamed = replace(PLAN, openshift=SECTION_3AZ)
    with pytest.raises(Refused, match=r"name the file in openshift.bootstrap.ignition, and apply the plan$"):
        shown(request, known(unnamed, BootstrapIgnitionLocation=None))
    over = replace(PLAN, openshift=replace(SECTION_3AZ, bootstrap=False))
    with pytest.raises(Refused, match=r"take bootstrap: false out, name the file in openshift.bootstrap.ignition, and"):
        shown(request, known(over, BootstrapIgnitionLocation=None))
    old = replace(PLAN, openshift=replace(SECTION_3AZ, version="4.5"))
    with pytest.raises(Refused, match=r"--format ignition-pointer: machines of OpenShift 4.5 know Ignition 2 only"):
        shown(request, known(old))


def test_no_pointer_has_a_secret_parameter_in_it(shown: Shown) -> None:
    shown.terminal.keep(SecretTexts({"ProxyWord": ["word"]}))
    with pytest.raises(Refused, match="a value of a NoEcho parameter would be in it"):
        shown(OutputRequest("ignition-pointer"), known(replace(PLAN, aws=AwsSettings(proxy=PROXY))))


def test_machine_sets_for_each_zone(shown: Shown) -> None:
    out, said = shown(OutputRequest("machine-sets", replicas=2, image="ami-0123456789abcdef0"))
    found = list(YAML(typ="safe", pure=True).load_all(out))
    machines = [each["spec"]["template"]["spec"]["providerSpec"]["value"] for each in found]
    assert [(each["subnet"]["id"], each["placement"]["availabilityZone"]) for each in machines] == [
        ("subnet-1a", "eu-west-1a"),
        ("subnet-1b", "eu-west-1b"),
    ]
    assert {each["spec"]["replicas"] for each in found} == {2}
    (first, _) = machines
    assert (first["ami"], first["placement"]["region"]) == ({"id": "ami-0123456789abcdef0"}, "eu-west-1")
    assert (first["securityGroups"], first["iamInstanceProfile"]) == (
        [{"id": "sg-0b"}],
        {"id": "prod-WorkerInstanceProfile-2cd"},
    )
    assert {"name": "team", "value": "a"} in first["tags"]
    assert said == []


def test_an_output_of_ones_own_called_subnets_makes_no_machine_set(shown: Shown) -> None:
    own = [{"id": "subnet-9", "zone": "z"}, "subnet-9"]
    with pytest.raises(Refused, match=r"prod.yaml: Subnets isn't known yet"):
        shown(OutputRequest("machine-sets"), known(Subnets=own))


def test_machine_sets_without_an_image_say_so(shown: Shown) -> None:
    out, said = shown(OutputRequest("machine-sets"))
    assert out.count("id: RHCOS_AMI\n") == out.count("replicas: 0\n") == 2
    assert said == ["RHCOS_AMI stands for the image of RHEL CoreOS: give --ami, or put its id there"]


def test_machine_sets_of_what_is_not_there_are_refused(shown: Shown) -> None:
    early = replace(PLAN, openshift=replace(SECTION_3AZ, infra_id=""))
    with pytest.raises(Refused, match="infraID, WorkerSecurityGroupId, WorkerInstanceProfile aren't known yet"):
        shown(OutputRequest("machine-sets"), known(early, WorkerSecurityGroupId=None, WorkerInstanceProfile=None))


@pytest.mark.parametrize(
    "request_",
    [OutputRequest("cfn-parameters", "05"), OutputRequest("install-config"), OutputRequest("ignition-pointer")],
)
def test_a_plan_without_a_cluster_has_none_of_its_formats(shown: Shown, request_: OutputRequest) -> None:
    bare = KnownOutputs(Plan("bare", "eu-west-1", file="bare.yaml"), {}, {}, {})
    with pytest.raises(Refused, match=r"bare.yaml: it has no openshift section; take another --format"):
        shown(request_, bare)
