"""The second layer: resources in CloudFormation's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError as GraphlibCycleError
from graphlib import TopologicalSorter
from ipaddress import IPv4Network

from ocpprov.engine.graph import CycleError
from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import Ref, Value, references
from ocpprov.kinds.contract import Kind
from ocpprov.plan.checking import Checker
from ocpprov.plan.grammar import Evaluator
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

_KEYS = ("Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata")
_LATER = ("Condition", "CreationPolicy", "UpdatePolicy")


@dataclass(frozen=True)
class Template:
    """The resources, and the places of resources and properties by path."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    positions: Mapping[str, Position] = field(default_factory=dict)


def read_resources(
    node: Node | None, kinds: Mapping[str, Kind], evaluator: Evaluator, types: Mapping[str, str]
) -> Template:
    """The resources of a plan. Errors go to the evaluator."""
    if node is None:
        return Template()
    mapping = node.mapping()
    if mapping is None:
        evaluator.errors.append(PlanError(node.position, "Resources", f"a mapping is needed, not {node.what()}"))
        return Template()
    reader = _Reader(kinds, evaluator, types)
    resources = {name: reader.resource(name, inner, node.keys[name]) for name, inner in mapping.items()}
    found = {name: resource for name, resource in resources.items() if resource is not None}
    evaluator.errors.extend(_subnet_problems(found, reader.positions))
    return Template(found, reader.positions)


class _Reader:
    def __init__(self, kinds: Mapping[str, Kind], evaluator: Evaluator, types: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._evaluator = evaluator
        self._types = types
        self.positions: dict[str, Position] = {}

    def _wrong(self, position: Position, path: str, message: str, hint: str = "") -> None:
        self._evaluator.errors.append(PlanError(position, path, message, hint))

    def resource(self, name: str, node: Node, place: Position) -> Resource | None:
        path = f"Resources.{name}"
        self.positions[path] = place
        if not name.isalnum() or not name.isascii():
            self._wrong(place, path, "a logical id has only letters and digits")
        mapping = node.mapping()
        if mapping is None:
            self._wrong(node.position, path, f"a mapping is needed, not {node.what()}")
            return None
        for key in mapping:
            if key not in _KEYS:
                later = key in _LATER
                message = f"{key} is not supported in this version" if later else f"{key} is not known here"
                self._wrong(node.keys[key], f"{path}.{key}", message, "" if later else likely(key, _KEYS))
        kind = self._kind(mapping.get("Type"), node, path)
        if kind is None:
            return None
        return Resource(
            logical_id=name,
            type=kind.type,
            properties=self._properties(mapping.get("Properties"), node, kind, f"{path}.Properties"),
            depends_on=tuple(self._depends_on(mapping.get("DependsOn"), f"{path}.DependsOn")),
            deletion_policy="Retain" if self._retain(mapping.get("DeletionPolicy"), path) else "Delete",
            position=place,
        )

    def _kind(self, type_node: Node | None, node: Node, path: str) -> Kind | None:
        if type_node is None:
            self._wrong(node.position, f"{path}.Type", "is missing")
            return None
        kind = self._kinds.get(type_node.value) if isinstance(type_node.value, str) else None
        if kind is None:
            hint = likely(str(type_node.value), self._kinds) or "docs/ lists the types of this version"
            self._wrong(type_node.position, f"{path}.Type", f"{type_node.value} is not supported in this version", hint)
        return kind

    def _properties(self, node: Node | None, whole: Node, kind: Kind, path: str) -> Mapping[str, Value]:
        properties = node or Node({}, whole.position)
        for key, place in properties.keys.items():
            self.positions[f"{path}.{key}"] = place
        read_only = {name: f"{name} is an attribute, set by AWS" for name in kind.attributes}
        own = {row.name for row in kind.properties}
        unsupported = {name: text for name, text in read_only.items() if name not in own}
        return Checker(self._evaluator).members(properties, kind.properties, path, unsupported)

    def _depends_on(self, node: Node | None, path: str) -> Iterator[str]:
        if node is None:
            return
        for item in node.items() or (node,):
            if not isinstance(item.value, str):
                self._wrong(item.position, path, "DependsOn takes logical ids")
            elif item.value not in self._types:
                hint = likely(item.value, self._types)
                self._wrong(item.position, path, f"there is no resource {item.value}", hint)
            else:
                yield item.value

    def _retain(self, node: Node | None, path: str) -> bool:
        if node is not None and node.value not in ("Delete", "Retain"):
            self._wrong(node.position, f"{path}.DeletionPolicy", f"{node.what()} won't do", "Delete or Retain")
        return node is not None and node.value == "Retain"


def find_cycle(template: Template) -> None:
    """Raises CycleError when resources need each other."""
    needs = {
        name: {
            *(reference.logical_id for reference in references(resource.properties)),
            *resource.depends_on,
        }
        & set(template.resources)
        for name, resource in template.resources.items()
    }
    try:
        list(TopologicalSorter(needs).static_order())
    except GraphlibCycleError as error:
        raise CycleError(tuple(reversed(error.args[1]))) from None


def _subnet_problems(resources: Mapping[str, Resource], positions: Mapping[str, Position]) -> Iterator[PlanError]:
    """Subnets of one VPC lie inside it and don't overlap."""
    seen: list[tuple[str, str, IPv4Network]] = []
    for name, resource in resources.items():
        vpc, block = resource.properties.get("VpcId"), _block(resource)
        if resource.type != "AWS::EC2::Subnet" or not isinstance(vpc, Ref) or block is None:
            continue
        path = f"Resources.{name}.Properties.CidrBlock"
        place = positions[path]
        parent = resources.get(vpc.logical_id)
        whole = _block(parent) if parent else None
        if whole is not None and not block.subnet_of(whole):
            yield PlanError(place, path, f"{block} is outside {vpc.logical_id}'s {whole}")
        for other, other_vpc, other_block in seen:
            if other_vpc == vpc.logical_id and block.overlaps(other_block):
                yield PlanError(place, path, f"{block} overlaps {other}'s {other_block}")
        seen.append((name, vpc.logical_id, block))


def _block(resource: Resource) -> IPv4Network | None:
    value = resource.properties.get("CidrBlock")
    return IPv4Network(value) if isinstance(value, str) else None
