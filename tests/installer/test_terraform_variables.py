"""Outputs for Terraform: names that it takes, and values as they are."""

from __future__ import annotations

import json
import re

from ocpprov.installer.terraform_variables import TerraformVariables, terraform_variables
from tests.installer.outputs import OUTPUTS

IDENTIFIER = r"[a-z_][a-z0-9_-]*"
"""Terraform's, without capitals."""


def test_a_variable_for_each_with_lists_as_lists() -> None:
    found = terraform_variables(OUTPUTS)
    assert found.left_out == []
    assert [name for name in found.values if not re.fullmatch(IDENTIFIER, name)] == []
    assert [*found.values.values()] == [*OUTPUTS.values()]
    assert found.values["private_subnet_ids"] == ["subnet-1a", "subnet-1b", "subnet-1c"]
    assert json.loads(json.dumps(found.values)) == found.values


def test_names_that_terraform_does_not_take_are_left_out() -> None:
    values = {"Source": "x", "forEach": "y", "9Lives": "z", "VpcId": "a", "VPCId": "b", "Sources": "c"}
    assert terraform_variables(values) == TerraformVariables(
        {"vpc_id": "a", "sources": "c"},
        [
            "Source: Terraform has no variable source",
            "forEach: Terraform has no variable for_each",
            "9Lives: Terraform has no variable 9_lives",
            "VPCId: vpc_id is VpcId",
        ],
    )
