"""Outputs as values of Terraform's variables, in JSON: the content of a file `*.auto.tfvars.json`.

Source: Terraform's documentation, "Input variables" (variable definition files, names that a variable can't have).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.installer.output_words import same_named, snake_case

_RESERVED: Final = frozenset(
    ("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals")
)


@dataclass(frozen=True)
class TerraformVariables:
    """Values by the names of their variables, and what is left out: a sentence each."""

    values: Mapping[str, object]
    left_out: Sequence[str] = ()


def terraform_variables(outputs: Mapping[str, object]) -> TerraformVariables:
    """`vpc_id` for `VpcId`; an output of several values is a list."""
    twice = same_named(outputs)
    values: dict[str, object] = {}
    left_out = []
    for name, value in outputs.items():
        variable = snake_case(name)
        if name in twice:
            left_out.append(f"{name}: {variable} is {twice[name]}")
        elif variable[0].isdigit() or variable in _RESERVED:
            left_out.append(f"{name}: Terraform has no variable {variable}")
        else:
            values[variable] = value
    return TerraformVariables(values, left_out)
