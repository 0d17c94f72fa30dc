"""Which word of `outputs` is a file, and which an output; and what of this host the cluster needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.output_request import OutputRequest
from ocpprov.commands.outputs import _guard_name, _told_apart, host_outputs
from ocpprov.plan.model import AwsSettings, Plan, ServiceEndpoint
from tests.openshift.plans import SECTION_SINGLE_ZONE, plan_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with a file whose name could be an output's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Here").touch()


@pytest.mark.parametrize(
    ("plan", "name", "file", "output"),
    [
        ("VpcId", "", None, "VpcId"),
        ("Here", "", "Here", ""),
        ("lab.yaml", "", "lab.yaml", ""),
        ("x/VpcId", "", "x/VpcId", ""),
        ("Vpc-Id", "", "Vpc-Id", ""),
        ("Plan", "VpcId", "Plan", "VpcId"),
        (None, "", None, ""),
    ],
)
def test_a_single_word_that_is_no_file_is_an_output(plan: str | None, name: str, file: str | None, output: str) -> None:
    told, wanted = _told_apart(Options(plan=Path(plan) if plan else None), name)
    assert (told, wanted) == (Options(plan=Path(file) if file else None), output)


@pytest.mark.parametrize(
    "request_", [OutputRequest("env"), OutputRequest("cfn-parameters", "06"), OutputRequest(presign=60)]
)
def test_a_single_output_has_no_file_of_its_own(request_: OutputRequest) -> None:
    with pytest.raises(Refused, match="is not for the single output VpcId; leave one of them out"):
        _guard_name("VpcId", request_)
    _guard_name("", request_)
    _guard_name("VpcId", OutputRequest("json"))


def trusted(plan: Plan, bundle: str = "/etc/ca.pem") -> list[tuple[str, object]]:
    return [(output.name, output.value) for output in host_outputs(plan, {"AWS_CA_BUNDLE": bundle} if bundle else {})]


@pytest.mark.parametrize(
    ("region", "aws", "needed"),
    [
        ("eu-west-1", AwsSettings(), False),
        ("eu-west-1", AwsSettings([ServiceEndpoint("ec2", "http://10.0.0.9:8080")]), False),
        ("us-gov-west-1", AwsSettings(), False),
        ("eu-west-1", AwsSettings([ServiceEndpoint("ec2", "https://ec2.corp")]), True),
        ("eu-west-1", AwsSettings(proxy="http://proxy.corp:3128"), True),
        ("us-iso-east-1", AwsSettings(), True),
        ("us-isob-east-1", AwsSettings(), True),
        ("us-iso-east-1", AwsSettings(ca_bundle="/etc/plans.pem"), False),
    ],
)
def test_this_hosts_certificates_are_the_clusters_where_it_meets_them(
    region: str, aws: AwsSettings, needed: bool
) -> None:
    plan = replace(plan_of(SECTION_SINGLE_ZONE, region), aws=aws)
    both = [("AdditionalTrustBundle", "/etc/ca.pem"), ("AdditionalTrustBundlePolicy", "Always")]
    assert trusted(plan) == (both if needed else [])
    assert trusted(plan, "") == []
    assert trusted(replace(plan, openshift=None)) == []
