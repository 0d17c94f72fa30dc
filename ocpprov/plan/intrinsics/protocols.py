"""What an intrinsic function, and whatever else reads a template, may ask of the evaluator that calls it."""

from __future__ import annotations

from typing import Protocol

from ocpprov.plan.intrinsics.symbols import Evaluated, Failed, SymbolTable
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError


class Evaluator(Protocol):
    """Evaluates the nodes of a template. `path` is always the node's place in the plan."""

    @property
    def symbols(self) -> SymbolTable:
        """The names that the template may use."""

    @property
    def errors(self) -> list[PlanError]:
        """What was found wrong so far; readers add to it."""

    def evaluate(self, node: Node, path: str) -> Evaluated:
        """The value of a node; Failed where it has none, with an error."""

    def select_branch(self, node: Node, path: str) -> Node | None:
        """The node itself, or the branch that an `Fn::If` takes; None where that can't be told."""

    def resolve_name(self, name: str, node: Node, path: str) -> Evaluated:
        """What `Ref` gives for a name."""

    def resolve_attribute(self, name: str, attribute: str, node: Node, path: str) -> Evaluated:
        """What `Fn::GetAtt` gives for a resource's attribute."""

    def report(self, node: Node, path: str, message: str, hint: str = "") -> Failed:
        """Note an error at the node."""

    def unused(self) -> Evaluator:
        """The same for what a condition leaves out: it is checked, but its references are none of the plan's."""
