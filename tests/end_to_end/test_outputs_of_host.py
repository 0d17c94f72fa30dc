"""What the cluster needs because this host does is in `outputs`, and neither in what is rendered nor in the plan."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ocpprov.cli.verbs import main
from tests.end_to_end.world import ROOT, Operator
from tests.support.certificates import Authority


def test_the_environments_certificates_are_named_by_outputs_alone(operator: Operator, tmp_path: Path) -> None:
    plan = operator.folder / "plan.yaml"
    text = (ROOT / "plans" / "restricted-3az.yaml").read_text()
    text = text.replace("zones: 3 ", "zones: [eu-west-1a, eu-west-1b, eu-west-1c] ")
    endpoints = "aws: {serviceEndpoints: [{name: tagging, url: 'https://tagging.corp.example.com'}]}"
    plan.write_text(f"{text}\n{endpoints}\n")
    (tmp_path / "ca").mkdir()
    bundle = str(Authority(tmp_path / "ca").ca_file)
    environ = {"AWS_ENDPOINT_URL": operator.url, "AWS_CA_BUNDLE": bundle}
    runner = CliRunner()
    shown = runner.invoke(main, ["outputs", str(plan), "--json", "--dir", str(operator.folder)], env=environ)
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert (found["AdditionalTrustBundle"], found["AdditionalTrustBundlePolicy"]) == (bundle, "Always")
    rendered = runner.invoke(main, ["render", str(plan)], env=environ)
    assert rendered.exit_code == 0, rendered.output
    assert "AdditionalTrustBundle" not in rendered.stdout
    assert "EndpointsToAdd" in rendered.stdout
