"""The `Outputs` of a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.kind_facts import Property
from ocpprov.plan.checking import Checker
from ocpprov.plan.intrinsics.protocols import Evaluator
from ocpprov.plan.model import Output
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

_ROWS: Final = (
    Property("Value", "json", required=True),
    Property("Description", "string"),
    Property("Condition", "string"),
)
_UNSUPPORTED: Final = {"Export": "Export has no meaning without CloudFormation: no stack could import it"}


def read_outputs(node: Node | None, evaluator: Evaluator) -> list[Output]:
    """The outputs whose condition holds. Errors go to the evaluator."""
    if node is None:
        return []
    mapping = node.mapping()
    if mapping is None:
        evaluator.report(node, "Outputs", f"expected a mapping, got {node.what()}")
        return []
    return [output for name, inner in mapping.items() for output in _output(name, inner, evaluator)]


def _output(name: str, node: Node, evaluator: Evaluator) -> Iterator[Output]:
    path = f"Outputs.{name}"
    made = _is_made(node, path, evaluator)
    checker = Checker(evaluator if made else evaluator.unused())
    values = checker.members(node, _ROWS, path, _UNSUPPORTED)
    if made and "Value" in values:
        yield Output(name, values["Value"], values.get("Description") or "")


def _is_made(node: Node, path: str, evaluator: Evaluator) -> bool:
    condition = (node.mapping() or {}).get("Condition")
    if condition is None or not isinstance(condition.value, str):
        return True
    known = evaluator.symbols.conditions
    if condition.value not in known:
        message = f"there is no condition {condition.value}"
        hint = likely(condition.value, known)
        evaluator.errors.append(PlanError(condition.position, f"{path}.Condition", message, hint))
    return known.get(condition.value) is not False
