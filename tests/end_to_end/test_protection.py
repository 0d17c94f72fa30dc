"""What a running cluster may depend on is replaced or deleted only when it is allowed by name.

`test_protected_types` goes the whole way with one of each type, and what is guarded is decided on values in
`tests/engine`; here it is seen which keys of the `openshift` section lead to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.record import Running
from tests.end_to_end.world import ROOT, Operator, everything

# A machine of the third zone would hold its subnet: validate refuses an address in no subnet.
TEXT = (ROOT / "plans" / "public-3az.yaml").read_text().replace(", 10.0.80.10", "")


@dataclass(frozen=True)
class Standing:
    """A cluster that no test of this module changes."""

    operator: Operator
    admin: SandboxAdmin


@pytest.fixture(scope="module")
def standing(running: Running, state_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    admin = running.admin()
    admin.reset()
    folder = tmp_path_factory.mktemp("standing")
    operator = Operator(running.endpoint_url, folder, {"XDG_STATE_HOME": str(state_home)})
    (folder / "plan.yaml").write_text(TEXT)
    operator.good("apply", "plan.yaml", "--sandbox", "--yes")
    return Standing(operator, admin)


@dataclass(frozen=True)
class Edit:
    """A change of the plan, and every logical id that it needs allowed."""

    old: str
    new: str
    allow: tuple[str, ...]


SUBNETS = ("PublicSubnet", "PublicSubnet2", "PublicSubnet3", "PrivateSubnet", "PrivateSubnet2", "PrivateSubnet3")
EDITS = {
    "the VPC": Edit(
        "machineNetwork: 10.0.0.0/16",
        "machineNetwork: 10.0.0.0/17",
        ("VPC", *SUBNETS, "ExtApiElb", "IntApiElb"),
    ),
    "a subnet": Edit("zones: 3 ", "zones: 2 ", ("EIP3", "PrivateSubnet3", "PublicSubnet3")),
    "an address": Edit("egress: nat ", "egress: nat-single ", ("EIP2", "EIP3")),
    "a zone": Edit("publish: External\n", "publish: External\n  hostedZone: none\n", ("IntDns",)),
    "a balancer": Edit("publish: External\n  publicZone: create ", "publish: Internal #", ("ExtApiElb", "ExtDns")),
    "a role": Edit(
        "publish: External\n",
        "publish: External\n  iam: {path: /moved/}\n",
        ("MasterIamRole", "WorkerIamRole"),
    ),
    "a bucket": Edit("publish: External\n", "publish: External\n  bucket: none\n", ("InfraBucket",)),
}


@pytest.mark.torture
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_is_protected_goes_only_when_it_is_allowed(standing: Standing, edit: Edit) -> None:
    assert edit.old in TEXT
    operator = standing.operator
    (operator.folder / "edited.yaml").write_text(TEXT.replace(edit.old, edit.new))
    before = everything(operator.url)
    standing.admin.clear_calls()
    refused = operator.run("apply", "edited.yaml", "--sandbox", "--yes")
    assert refused.code == 2
    command = refused.err.strip().splitlines()[-1]
    words = command.split()
    assert sorted(edit.allow) == [words[n + 1] for n, word in enumerate(words) if word == "--allow"]
    assert command.strip().startswith("ocpprov apply edited.yaml --sandbox --yes")
    if edit.allow[1:]:
        assert operator.run("apply", "edited.yaml", "--sandbox", "--yes", "--allow", edit.allow[0]).code == 2
    assert [call["operation"] for call in standing.admin.calls() if call["mutating"]] == []
    assert everything(operator.url) == before
