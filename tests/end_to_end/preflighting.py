"""`preflight` in this process, before the sandbox over real sockets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner

from ocpprov.cli import main
from tests.end_to_end.world import Operator

Checks = list[dict[str, str]]
SECTION: Final = {
    "version": "4.12",
    "clusterName": "prod",
    "baseDomain": "example.com",
    "publish": "Internal",
    "egress": "none",
    "endpoints": ["s3"],
}


def cluster_plan(resources: dict[str, Any] | None = None, region: str = "eu-west-1", **section: Any) -> dict[str, Any]:
    """A small cluster's plan, with resources of its own and other keys in `openshift`."""
    made = {"Resources": resources} if resources else {}
    return {"name": "prod", "region": region, "openshift": {**SECTION, **section}, **made}


def preflight(operator: Operator, plan: str | dict[str, Any], **environ: str) -> Checks:
    """The results, for a plan as text or as what JSON writes; `environ` wins over the sandbox's address."""
    file = Path(operator.folder) / "plan.yaml"
    file.write_text(plan if isinstance(plan, str) else json.dumps(plan))
    arguments = ["preflight", str(file), "--json", "--dir", str(operator.folder)]
    result = CliRunner().invoke(main, arguments, env={"AWS_ENDPOINT_URL": operator.url, **operator.environ, **environ})
    assert result.exit_code in (0, 1), result.output
    document = json.loads(result.stdout)
    assert document["ok"] is (result.exit_code == 0)
    checks: Checks = document["checks"]
    assert document["ok"] is all(check["status"] != "fail" for check in checks)
    assert all(check["remedy"] for check in checks if check["status"] != "pass")
    return checks


def said(checks: Checks, id: str) -> list[tuple[str, str]]:
    """Status and detail of each result with this id."""
    return [(check["status"], check["detail"]) for check in checks if check["id"] == id]
