"""The second layer: resources in CloudFormation's words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Kind
from ocpprov.plan.checking import Checker
from ocpprov.plan.intrinsics.protocols import Evaluator
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

INTERNAL: Final = "Ocpprov::"
"""What the types of resources begin with that CloudFormation doesn't know."""

MOST_RESOURCES: Final = 2000
"""Four times what CloudFormation takes."""
_LONGEST_ID: Final = 255
"""As CloudFormation has it; a tag holds 256 characters."""
_KEYS: Final = ("Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Condition", "Metadata")
_LATER: Final = ("CreationPolicy", "UpdatePolicy")


@dataclass(frozen=True)
class WrittenResource:
    """One resource as it stands in the file; `path` is its place in the plan, `key` that of its logical id.
    `internal`: it stands where `render` writes what CloudFormation doesn't know."""

    path: str
    node: Node
    key: Position
    internal: bool = False

    @property
    def type(self) -> str:
        """The type's name; empty where there is none."""
        inner = (self.node.mapping() or {}).get("Type")
        return inner.value if inner is not None and isinstance(inner.value, str) else ""

    @property
    def condition(self) -> Node | None:
        return (self.node.mapping() or {}).get("Condition")


@dataclass(frozen=True)
class Template:
    """The resources that are made, and the places of resources, properties and DependsOn entries by path. `paths`
    are the resources' own."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    positions: Mapping[str, Position] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)


def find_resources(root: Node, taken: Collection[str], errors: list[PlanError]) -> dict[str, WrittenResource]:
    """Every resource of the second layer by its logical id: those under `Resources`, and those that `render` keeps
    under `Metadata.Ocpprov.Resources`. Ids that the openshift section has `taken` are errors."""
    found: dict[str, WrittenResource] = {}
    for keys, internal in ((("Resources",), False), (("Metadata", "Ocpprov", "Resources"), True)):
        path, node = ".".join(keys), _at(root, keys)
        if node is None:
            continue
        mapping = node.mapping()
        if mapping is None:
            errors.append(PlanError(node.position, path, f"expected a mapping, got {node.what()}"))
            continue
        for name, inner in mapping.items():
            if name in found:
                message = f"{name} is in Resources too"
                errors.append(PlanError(node.keys[name], f"{path}.{name}", message, "choose another id"))
            elif name in taken:
                message = f"{name} is an id of the openshift section too"
                errors.append(PlanError(node.keys[name], f"{path}.{name}", message, "choose another id"))
            found[name] = WrittenResource(f"{path}.{name}", inner, node.keys[name], internal)
        if len(found) > MOST_RESOURCES:
            errors.append(
                PlanError(node.position, path, f"{len(found)} resources; a plan has {MOST_RESOURCES} at most")
            )
            return {}
    return found


def rendered_cluster(root: Node) -> str:
    """The cluster's domain that `render` keeps under `Metadata.Ocpprov.Cluster`; empty where there is none."""
    node = _at(root, ("Metadata", "Ocpprov", "Cluster"))
    return node.value if node is not None and isinstance(node.value, str) else ""


def _at(root: Node, keys: Sequence[str]) -> Node | None:
    found: Node | None = root
    for key in keys:
        found = (found.mapping() or {}).get(key) if found else None
    return found


def read_resources(written: Mapping[str, WrittenResource], kinds: Mapping[str, Kind], evaluator: Evaluator) -> Template:
    """The resources of a plan. Errors go to the evaluator."""
    reader = _Reader(kinds, evaluator)
    read = {name: reader.resource(name, one) for name, one in written.items()}
    absent = evaluator.symbols.absent
    resources = {name: one for name, one in read.items() if one is not None and name not in absent}
    return Template(resources, reader.positions, {name: one.path for name, one in written.items()})


def _likely_type(name: str, known: Iterable[str]) -> str:
    """The type that was probably meant. All look alike, so only a misspelt one counts: an instance is no route."""
    folded = {type.casefold(): type for type in known}
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=0.9)
    return f"did you mean {folded[matches[0]]}?" if matches else ""


class _Reader:
    def __init__(self, kinds: Mapping[str, Kind], evaluator: Evaluator) -> None:
        self._kinds = kinds
        self._evaluator = evaluator
        self.positions: dict[str, Position] = {}

    def _wrong(self, position: Position, path: str, message: str, hint: str = "") -> None:
        self._evaluator.errors.append(PlanError(position, path, message, hint))

    def resource(self, name: str, written: WrittenResource) -> Resource | None:
        path, node = written.path, written.node
        self.positions[path] = written.key
        if not name.isalnum() or not name.isascii():
            self._wrong(written.key, path, "a logical id has only letters and digits")
        if len(name) > _LONGEST_ID:
            self._wrong(written.key, path, f"a logical id has at most {_LONGEST_ID} characters")
        mapping = node.mapping()
        if mapping is None:
            self._wrong(node.position, path, f"expected a mapping, got {node.what()}")
            return None
        self._keys(node, mapping, path)
        evaluator = self._evaluator.unused() if name in self._evaluator.symbols.absent else self._evaluator
        retain = self._retain(mapping, path)
        depends_on = tuple(self._depends_on(mapping.get("DependsOn"), f"{path}.DependsOn"))
        kind = self._kind(mapping.get("Type"), written)
        if kind is None:
            return None
        return Resource(
            logical_id=name,
            type=kind.type,
            properties=self._properties(mapping.get("Properties"), written, kind, evaluator),
            depends_on=depends_on,
            deletion_policy="Retain" if retain else "Delete",
            position=written.key,
        )

    def _keys(self, node: Node, mapping: Mapping[str, Node], path: str) -> None:
        for key in mapping:
            if key not in _KEYS:
                later = key in _LATER
                message = f"{key} is not supported in this version" if later else f"unknown key {key}"
                self._wrong(node.keys[key], f"{path}.{key}", message, "" if later else likely(key, _KEYS))
        condition = mapping.get("Condition")
        known = self._evaluator.symbols.conditions
        if condition is not None and condition.value not in known:
            shown = condition.value if isinstance(condition.value, str) else condition.what()
            message = f"there is no condition {shown}"
            self._wrong(condition.position, f"{path}.Condition", message, likely(str(shown), known))

    def _kind(self, type_node: Node | None, written: WrittenResource) -> Kind | None:
        path = f"{written.path}.Type"
        if type_node is None:
            self._wrong(written.node.position, path, "is missing")
            return None
        name = written.type
        if name.startswith(INTERNAL) != written.internal:
            where = "Resources" if written.internal else "Metadata.Ocpprov.Resources"
            known = "CloudFormation's own" if written.internal else "none of CloudFormation's"
            self._wrong(type_node.position, path, f"{name or type_node.what()} is {known}", f"it belongs under {where}")
            return None
        kind = self._kinds.get(name)
        if kind is None:
            public = [known for known in self._kinds if known.startswith(INTERNAL) == written.internal]
            hint = _likely_type(name, public) or "`ocpprov explain` lists the types of this version"
            message = f"{name or type_node.what()} is not supported in this version"
            self._wrong(type_node.position, path, message, hint)
        return kind

    def _properties(
        self, node: Node | None, written: WrittenResource, kind: Kind, evaluator: Evaluator
    ) -> Mapping[str, Value]:
        path = f"{written.path}.Properties"
        properties = node or Node({}, written.node.position)
        for key, place in properties.keys.items():
            self.positions[f"{path}.{key}"] = place
        own = {row.name for row in kind.properties}
        read_only = {name: f"{name} is an attribute, set by AWS" for name in kind.attributes if name not in own}
        return Checker(evaluator).members(properties, kind.properties, path, read_only)

    def _depends_on(self, node: Node | None, path: str) -> Iterator[str]:
        if node is None:
            return
        symbols = self._evaluator.symbols
        for item in node.items() or (node,):
            if not isinstance(item.value, str):
                self._wrong(item.position, path, "DependsOn takes logical ids")
            elif item.value in symbols.attributes:
                self.positions[f"{path}.{item.value}"] = item.position
                if item.value not in symbols.absent:
                    yield item.value
            elif not symbols.uncertain:
                hint = likely(item.value, symbols.attributes)
                self._wrong(item.position, path, f"there is no resource {item.value}", hint)

    def _retain(self, mapping: Mapping[str, Node], path: str) -> bool:
        node, replaced = mapping.get("DeletionPolicy"), mapping.get("UpdateReplacePolicy")
        if node is not None and node.value not in ("Delete", "Retain"):
            self._wrong(node.position, f"{path}.DeletionPolicy", f"invalid value {node.what()}", "Delete or Retain")
        if replaced is not None and replaced.value != "Delete":
            message = f"invalid value {replaced.what()}: what was replaced is deleted"
            self._wrong(replaced.position, f"{path}.UpdateReplacePolicy", message, "Delete, or leave it out")
        return node is not None and node.value == "Retain"
