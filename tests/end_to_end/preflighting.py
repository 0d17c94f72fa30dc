"""`preflight` in this process: before AWS in this process, too, or before a sandbox over real sockets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner

from ocpprov.cli.verbs import main
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import Operator
from tests.support.warm import Finished

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


def preflight(user: LocalOperator, plan: str | dict[str, Any]) -> Checks:
    """The results, for a plan as text or as what JSON writes."""
    file = written(user.folder, plan)
    return checks_of(user.run("preflight", str(file), "--json"))


def preflight_over_sockets(operator: Operator, plan: str | dict[str, Any], **environ: str) -> Checks:
    """The same; `environ` wins over the sandbox's address."""
    file = written(operator.folder, plan)
    arguments = ["preflight", str(file), "--json", "--dir", str(operator.folder)]
    result = CliRunner().invoke(main, arguments, env={"AWS_ENDPOINT_URL": operator.url, **operator.environ, **environ})
    return checks_of(Finished(result.exit_code, result.stdout, result.stderr))


def written(folder: Path, plan: str | dict[str, Any]) -> Path:
    file = folder / "plan.yaml"
    file.write_text(plan if isinstance(plan, str) else json.dumps(plan))
    return file


def checks_of(finished: Finished) -> Checks:
    """The results that the command has shown, which fit its exit code."""
    assert finished.code in (0, 1), finished.err
    document = json.loads(finished.out)
    assert document["ok"] is (finished.code == 0)
    checks: Checks = document["checks"]
    assert document["ok"] is all(check["status"] != "fail" for check in checks)
    assert all(check["remedy"] for check in checks if check["status"] != "pass")
    return checks


def said(checks: Checks, id: str) -> list[tuple[str, str]]:
    """Status and detail of each result with this id."""
    return [(check["status"], check["detail"]) for check in checks if check["id"] == id]
