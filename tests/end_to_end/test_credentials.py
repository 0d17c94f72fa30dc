"""Credentials of each kind that end in the middle of a run: it goes on with new ones, or ends in five lines.

The sandbox refuses an access key after some changes. Nothing but the plan says where STS is, and what is set as proxy
lets nobody through: whoever asked a global endpoint, or a metadata service by way of the proxy, would get no answer.
"""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.credential_cases import CHANGES, ENDS, RENEWED, SUBNETS, Case, Host, host_of, variables
from tests.end_to_end.endings import ending
from tests.end_to_end.failing import errors
from tests.end_to_end.world import Operator, counts
from tests.support.warm import Finished

SAMPLE = {"metadata": RENEWED, "plan's role on two": RENEWED, "environment": ENDS, "process": ENDS}


def _cases(table: Mapping[str, Case]) -> pytest.MarkDecorator:
    rows = [
        pytest.param(case, id=name, marks=[] if SAMPLE.get(name) is table else [pytest.mark.torture])
        for name, case in table.items()
    ]
    return pytest.mark.parametrize("case", rows)


def _rolled_over(operator: Operator, host: Host, case: Case) -> Finished:
    """An apply during which AWS refuses the keys that it began with."""
    command = ("apply", "plan.yaml", "--yes", *(("--profile", host.profile) if host.profile else ()))
    if case.then is None:
        host.admin.conditions(credentials_changes=CHANGES)
        case.limit(host)
        return operator.run(*command)
    host.admin.faults(errors("CreateSubnet", "RequestLimitExceeded", "Request limit exceeded.", 503))
    host.admin.clear_calls()
    process = operator.start(*command)
    deadline = time.monotonic() + 120
    while not any(call["operation"] == "CreateSubnet" for call in host.admin.calls()):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    host.admin.faults([])
    case.then(host)
    out, err = process.communicate(timeout=240)
    return Finished(process.returncode, out, err)


def no_secret(finished: Finished, folder: Path) -> None:
    left = "".join(path.read_text(errors="replace") for path in (folder / ".ocpprov").rglob("*") if path.is_file())
    assert "ASIA" not in finished.out + finished.err + left


def _a_minute_passes(journal: Path) -> None:
    """Until then, the next run would look for what was about to be sent, at AWS's pace."""
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    journal.write_text("".join(json.dumps({**record, "time": record["time"] - 60}) + "\n" for record in records))


@_cases(RENEWED)
def test_the_run_goes_on_with_new_credentials(operator: Operator, admin: SandboxAdmin, case: Case) -> None:
    with host_of(case, operator, admin) as (user, host):
        finished = _rolled_over(user, host, case)
        assert finished.code == 0, finished.err
        assert finished.err.count("AWS says that the credentials ended; the run goes on with new ones") >= 1
        assert counts(operator.url)["Subnets"] == 3 + SUBNETS
        no_secret(finished, operator.folder)
        if host.server:
            assert host.server.refused == []
            # Asked once for all threads: at the beginning, and for each time that AWS refused what they had.
            assert host.server.handed_out <= 1 + finished.err.count("the run goes on with new ones") + 1
        # Who has only a token yet doesn't sign, and names no region.
        asked = [call for call in admin.calls() if call["service"] == "sts" and "Web" not in call["operation"]]
        assert {call["region"] for call in asked} <= {"eu-west-1"}


@_cases(ENDS)
def test_the_run_ends_in_five_lines_that_say_which_credentials_ended(
    operator: Operator, admin: SandboxAdmin, case: Case
) -> None:
    with host_of(case, operator, admin) as (user, host):
        finished = _rolled_over(user, host, case)
        assert finished.code == 1, finished.err
        assert "Traceback" not in finished.err
        said = ending(finished)
        assert re.search(case.says, f"{said.said} {said.cause}"), finished.err
        assert "Set or renew the credentials" in said.cause
        assert "missing:  nothing" not in finished.err
        no_secret(finished, operator.folder)
        # Nobody wonders what became of requests that were never signed.
        assert "in doubt" not in finished.err
        journal = (user.folder / ".ocpprov/rolling/journal.jsonl").read_text().splitlines()
        made = {record["id"] for record in map(json.loads, journal) if record["event"] == "created"}
        assert len(made) < 1 + SUBNETS
        assert sum(counts(operator.url)[type] for type in ("Vpcs", "Subnets")) == 4 + len(made)
        admin.conditions()
        admin.faults([])
        _a_minute_passes(user.folder / ".ocpprov/rolling/journal.jsonl")
        host.config("[default]\n")
        renewed = Operator("", user.folder, {**user.environ, **variables("ASIALATER"), "AWS_PROFILE": "default"})
        if host.role:
            (user.folder / "plan.yaml").write_text((user.folder / "plan.yaml").read_text().replace("  assumeRole", "#"))
        renewed.good(*(word for word in shlex.split(said.next)[1:] if word not in ("--profile", "lab")))
        assert counts(operator.url)["Subnets"] == 3 + SUBNETS
