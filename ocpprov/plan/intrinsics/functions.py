"""The intrinsic functions, each from the node that calls it to a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network
from itertools import islice
from types import MappingProxyType
from typing import Final

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value, text
from ocpprov.plan.intrinsics.arguments import FROM_THE_PLAN, argument_of, arguments, as_int, type_name
from ocpprov.plan.intrinsics.protocols import Evaluator
from ocpprov.plan.intrinsics.symbols import FAILED, Evaluated, Failed
from ocpprov.plan.intrinsics.text_functions import encode, join, split, sub
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import likely

Function = Callable[[Evaluator, Node, str], Evaluated]

_MOST_BLOCKS: Final = 256


def _ref(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    argument = argument_of(node)
    if not isinstance(argument.value, str):
        return evaluator.report(argument, path, "Ref takes a name")
    return evaluator.resolve_name(argument.value, argument, path)


def _get_att(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    argument = argument_of(node)
    items = argument.items()
    value = argument.value
    parts = value.split(".", 1) if isinstance(value, str) else [item.value for item in items or ()]
    if len(parts) != 2 or not all(isinstance(part, str) and part for part in parts):
        message = "Fn::GetAtt takes a resource and an attribute"
        return evaluator.report(argument, path, message, "write [Resource, Attribute]")
    return evaluator.resolve_attribute(str(parts[0]), str(parts[1]), argument, path)


def _select(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    items = arguments(node, 2)
    if items is None:
        return evaluator.report(node, path, "Fn::Select takes a number and a list")
    index, values = evaluator.evaluate(items[0], path), evaluator.evaluate(items[1], path)
    if isinstance(index, Failed) or isinstance(values, Failed):
        return FAILED
    number = as_int(index)
    if number is None:
        return evaluator.report(node, path, "Fn::Select takes a number and a list")
    if isinstance(values, GetAtt):
        return Select(number, values)
    if not isinstance(values, list):
        return evaluator.report(node, path, f"Fn::Select takes a number and a list, not {type_name(values)}")
    if not 0 <= number < len(values):
        return evaluator.report(node, path, f"Fn::Select: the list has no item {number}; items count from 0")
    chosen: Value = values[number]
    return chosen


def _cidr(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    items = argument_of(node).items() or ()
    usage = "Fn::Cidr takes a block, a count and the number of host bits"
    if not 2 <= len(items) <= 3:
        return evaluator.report(node, path, usage)
    values = [evaluator.evaluate(item, path) for item in items]
    if any(isinstance(value, Failed) for value in values):
        return FAILED
    if any(isinstance(value, Ref | GetAtt | Join | Select) for value in values):
        return evaluator.report(node, path, "Fn::Cidr can't divide this block", FROM_THE_PLAN)
    numbers = [as_int(value) for value in (*values[1:], 8)[:2]]
    count, bits = numbers
    try:
        block = IPv4Network(values[0] if isinstance(values[0], str) else "")
    except ValueError:
        return evaluator.report(node, path, usage, "such as [10.0.0.0/16, 6, 12]")
    if count is None or bits is None or not 1 <= count <= _MOST_BLOCKS or not 1 <= bits <= 32:
        return evaluator.report(node, path, usage, f"1 to {_MOST_BLOCKS} blocks, 1 to 32 bits")
    if count * 2**bits > block.num_addresses:
        return evaluator.report(node, path, f"{count} blocks of {2**bits} addresses don't fit into {block}")
    return [str(part) for part in islice(block.subnets(new_prefix=32 - bits), count)]


def _get_azs(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    evaluator.evaluate(argument_of(node), path)
    if evaluator.symbols.unused:
        return FAILED
    region = evaluator.symbols.names.get("AWS::Region") or "eu-west-1"
    message = "Fn::GetAZs is not supported: a plan is read without asking AWS for its zones"
    hint = f"write the names of the zones instead: {region}a, or [{region}a, {region}b] for a list"
    return evaluator.report(node, path, message, hint)


def _find_in_map(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    items = arguments(node, 3)
    if items is None:
        return evaluator.report(node, path, "Fn::FindInMap takes a mapping's name and two keys")
    found: object = evaluator.symbols.mappings
    where = "Mappings"
    for item in items:
        key = evaluator.evaluate(item, path)
        if isinstance(key, Failed):
            return FAILED
        if not isinstance(key, str | int) or not isinstance(found, Mapping):
            return evaluator.report(item, path, "Fn::FindInMap takes keys that are known from the plan alone")
        if text(key) not in found:
            return evaluator.report(item, path, f"there is no {text(key)} in {where}", likely(text(key), found))
        found, where = found[text(key)], f"{where}.{text(key)}"
    return found  # type: ignore[return-value]


def _if(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    taken = evaluator.select_branch(node, path)
    return FAILED if taken is None else evaluator.evaluate(taken, path)


def branches(evaluator: Evaluator, node: Node, path: str) -> tuple[Node, Node] | None:
    """The branch that an `Fn::If` takes and the other one; None where that can't be told."""
    items = arguments(node, 3)
    if items is None or not isinstance(items[0].value, str):
        evaluator.report(node, path, "Fn::If takes a condition's name and two values")
        return None
    name = items[0].value
    if name not in evaluator.symbols.conditions:
        evaluator.report(items[0], path, f"there is no condition {name}", likely(name, evaluator.symbols.conditions))
        return None
    holds = evaluator.symbols.conditions[name]
    if holds is None:
        return None
    return (items[1], items[2]) if holds else (items[2], items[1])


def _condition_only(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    (name,) = node.mapping() or {"": node}
    message = f"{name} is only allowed in Conditions"
    return evaluator.report(node, path, message, "name the condition there, and use Fn::If here")


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::Sub": sub,
        "Fn::Join": join,
        "Fn::Select": _select,
        "Fn::Split": split,
        "Fn::Cidr": _cidr,
        "Fn::GetAZs": _get_azs,
        "Fn::If": _if,
        "Fn::FindInMap": _find_in_map,
        "Fn::Base64": encode,
        "Fn::Equals": _condition_only,
        "Fn::And": _condition_only,
        "Fn::Or": _condition_only,
        "Fn::Not": _condition_only,
    }
)
