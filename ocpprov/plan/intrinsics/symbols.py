"""What the functions of a template may name, and what they give where there is no value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ocpprov.engine.values import Value


@dataclass(frozen=True)
class NoValue:
    """`AWS::NoValue`: as if the property were not there."""


@dataclass(frozen=True)
class Failed:
    """No value can be given, and the reason is among the errors already."""


NO_VALUE: Final = NoValue()
FAILED: Final = Failed()

Evaluated: TypeAlias = "Value | NoValue | Failed"
Mappings: TypeAlias = "Mapping[str, Mapping[str, Mapping[str, Value]]]"


@dataclass(frozen=True)
class SymbolTable:
    """The names that a function may use.

    `names` are parameters, pseudo parameters and `OpenShift.X` with their values; `missing` says of known names why
    they have no value. `attributes` gives each resource's attribute names, None where its type is not known.
    `conditions` hold True, False, or None where it could not be told. `absent` are resources whose condition is false,
    each with its condition's name. `uncertain`: an unknown name may be one of a section that could not be read.
    `secret` are the parameters with NoEcho. `unused`: nothing of what is evaluated gets into the plan, so a value that
    is missing today is no error.
    """

    names: Mapping[str, Value | NoValue] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Sequence[str] | None] = field(default_factory=dict)
    mappings: Mappings = field(default_factory=dict)
    conditions: Mapping[str, bool | None] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    uncertain: bool = False
    secret: frozenset[str] = frozenset()
    unused: bool = False
