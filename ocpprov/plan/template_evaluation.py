"""From what a template declares to the evaluator of its functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ocpprov.kinds.contract import Kind
from ocpprov.plan.intrinsics.evaluator import TemplateEvaluator
from ocpprov.plan.intrinsics.symbols import SymbolTable
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError
from ocpprov.plan.template import WrittenResource
from ocpprov.plan.template_conditions import read_conditions, read_mappings
from ocpprov.plan.template_symbols import Symbols


def template_evaluator(
    mapping: Mapping[str, Node],
    symbols: Symbols,
    types: Mapping[str, str],
    written: Mapping[str, WrittenResource],
    kinds: Mapping[str, Kind],
    errors: list[PlanError],
    *,
    uncertain: bool,
) -> TemplateEvaluator:
    """What evaluates the functions of a plan with these top-level keys. `types` are those of all resources that may be
    referred to, by logical id; `written` are the template's own. `uncertain`: there may be others."""
    table = SymbolTable(
        names=symbols.values,
        missing=symbols.missing,
        attributes={name: _attributes(type, kinds) for name, type in types.items()},
        mappings=read_mappings(mapping.get("Mappings"), errors),
        uncertain=uncertain,
        secret=symbols.secret,
    )
    derived: set[str] = set()
    conditions = read_conditions(mapping.get("Conditions"), TemplateEvaluator(table, errors, derived))
    whole = replace(table, conditions=conditions, absent=_absent(written, conditions))
    return TemplateEvaluator(whole, errors, derived)


def _attributes(type: str, kinds: Mapping[str, Kind]) -> Sequence[str] | None:
    """None for a type that isn't known, which is an error of its own."""
    return kinds[type].attributes if type in kinds else None


def _absent(written: Mapping[str, WrittenResource], conditions: Mapping[str, bool | None]) -> dict[str, str]:
    """The resources whose condition is false, each with its condition's name."""
    names = {name: one.condition.value for name, one in written.items() if one.condition is not None}
    return {name: value for name, value in names.items() if isinstance(value, str) and conditions.get(value) is False}
