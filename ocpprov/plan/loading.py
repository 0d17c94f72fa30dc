"""Reading a plan: one pass that finds every error, and a typed plan when there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocpprov.engine.graph import CycleError
from ocpprov.engine.properties import Property
from ocpprov.engine.resources import Position
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Kind
from ocpprov.plan.checking import Checker
from ocpprov.plan.grammar import Evaluator, NoValue
from ocpprov.plan.model import OpenShift, Output, Plan
from ocpprov.plan.names import names_of
from ocpprov.plan.nodes import Node, parse
from ocpprov.plan.problems import PlanError, PlanErrors, likely
from ocpprov.plan.sections import aws_settings, openshift, user_tag_problems
from ocpprov.plan.tables import TEMPLATE_KEYS, TOP_LATER, TOP_LEVEL
from ocpprov.plan.template import Template, find_cycle, read_resources

OpenShiftIds = Callable[[OpenShift], Mapping[str, str]]


@dataclass(frozen=True)
class Inputs:
    """What is given beside the file: names for templates that have none, parameters, and where paths begin.

    `openshift_ids` gives id and type of every resource that an openshift section expands to.
    """

    kinds: Mapping[str, Kind]
    name: str = ""
    region: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    base: Path = Path()
    openshift_ids: OpenShiftIds | None = None


def load_file(path: Path, inputs: Inputs) -> Plan:
    """Read a plan from a file. Raises PlanErrors, also when the file can't be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        place = Position(str(path), 1, 1)
        raise PlanErrors([PlanError(place, "", f"can't be read: {error.strerror}")]) from None
    return load(content, str(path), inputs)


def load(text: str | bytes, file: str, inputs: Inputs) -> Plan:
    """Read a plan from text. Raises PlanErrors with all that is wrong, and nothing else whatever the text is."""
    root = parse(text, file)
    if root.mapping() is None:
        raise PlanErrors([PlanError(root.position, "", f"a plan is a mapping, not {root.what()}")])
    return _Loader(root, file, inputs).load()


class _Loader:
    def __init__(self, root: Node, file: str, inputs: Inputs) -> None:
        self._root = root
        self._file = file
        self._inputs = inputs
        self._checker = Checker()
        self._errors = self._checker.errors

    def load(self) -> Plan:
        mapping = self._root.mapping() or {}
        own = Node(
            {key: node for key, node in mapping.items() if key not in TEMPLATE_KEYS},
            self._root.position,
            self._root.keys,
        )
        top = self._checker.members(own, TOP_LEVEL, "", TOP_LATER)
        name, region = self._given(top, "name", self._inputs.name), self._given(top, "region", self._inputs.region)
        self._account(mapping)
        for path, message, hint in user_tag_problems(top.get("userTags") or {}):
            key = path.partition(".")[2]
            tags = mapping["userTags"]
            self._errors.append(PlanError(tags.keys.get(key, tags.position), path, message, hint))
        section = openshift(mapping["openshift"], self._checker, self._inputs.base) if "openshift" in mapping else None
        if section and section.infra_id and section.infra_id == name:
            message = "is the infraID"
            self._errors.append(PlanError(mapping["name"].position, "name", message, "choose a name of the plan's own"))
        template, outputs = self._template(mapping, top, name, region, section)
        if self._errors:
            raise PlanErrors(self._errors)
        cluster = section.cluster_domain if section else self._kept_cluster(mapping)
        return Plan(
            name=name,
            region=region,
            account_id=top.get("accountID", ""),
            user_tags=top.get("userTags") or {},
            aws=aws_settings(top.get("aws") or {}),
            openshift=section,
            resources=template.resources,
            outputs=outputs,
            positions={**self._root.keys, **template.positions},
            file=self._file,
            cluster=cluster,
        )

    def _given(self, top: Mapping[str, Any], key: str, given: str) -> str:
        """A top-level name, from the file or from the command line; both must agree."""
        value = top.get(key)
        mapping = self._root.mapping() or {}
        if key in mapping:
            if given and value and value != given:
                self._wrong(mapping[key], key, f"{value} in the plan, {given} on the command line", "make them agree")
            return value or ""
        if not given:
            self._wrong(self._root, key, "is missing", f"every plan has one, or give --{key}")
        return given

    def _account(self, mapping: Mapping[str, Node]) -> None:
        node = mapping.get("accountID")
        if node is not None and isinstance(node.value, int):
            self._wrong(node, "accountID", "must be a text, as leading zeros count", f'write "{node.value:012d}"')

    def _wrong(self, node: Node, path: str, message: str, hint: str = "") -> None:
        self._errors.append(PlanError(node.position, path, message, hint))

    def _template(
        self, mapping: Mapping[str, Node], top: Mapping[str, Any], name: str, region: str, section: OpenShift | None
    ) -> tuple[Template, list[Output]]:
        names, missing, errors = names_of(
            mapping.get("Parameters"), self._inputs.parameters, name, region, top.get("accountID", ""), section
        )
        self._errors.extend(errors)
        self._unknown_parameters(mapping.get("Parameters"))
        ids = self._inputs.openshift_ids(section) if section and self._inputs.openshift_ids else {}
        types = self._types(mapping.get("Resources"), ids)
        kinds = self._inputs.kinds

        def attribute_names(resource: str) -> tuple[str, ...] | None:
            if not resource:
                return tuple(types)
            if resource not in types:
                return None
            kind = kinds.get(types[resource])
            return tuple(kind.attributes) if kind else ()

        evaluator = Evaluator(names, attribute_names, missing)
        template = read_resources(mapping.get("Resources"), kinds, evaluator, types)
        outputs = self._outputs(mapping.get("Outputs"), evaluator)
        self._errors.extend(evaluator.errors)
        if not self._errors:
            self._errors.extend(_cycles(template, evaluator))
        return template, outputs

    def _types(self, node: Node | None, ids: Mapping[str, str]) -> dict[str, str]:
        types = dict(ids)
        for key, inner in ((node.mapping() if node else None) or {}).items():
            if key in ids and node is not None:
                message = f"{key} is an id of the openshift section too"
                self._errors.append(PlanError(node.keys[key], f"Resources.{key}", message, "choose another id"))
            kind_node = (inner.mapping() or {}).get("Type")
            types[key] = str(kind_node.value) if kind_node else ""
        return types

    def _unknown_parameters(self, node: Node | None) -> None:
        known = (node.mapping() if node else None) or {}
        for name in self._inputs.parameters:
            if name not in known:
                hint = likely(name, known) or "the plan declares no such parameter"
                place = node or self._root
                self._wrong(place, "Parameters", f"--parameter {name} is not known", hint)

    def _outputs(self, node: Node | None, evaluator: Evaluator) -> list[Output]:
        if node is None:
            return []
        mapping = node.mapping()
        if mapping is None:
            self._wrong(node, "Outputs", f"a mapping is needed, not {node.what()}")
            return []
        rows = (Property("Value", "json", required=True), Property("Description", "string"), Property("Export", "json"))
        checker = Checker(evaluator)
        outputs = []
        for name, inner in mapping.items():
            values = checker.members(inner, rows, f"Outputs.{name}")
            value: Value | NoValue = values.get("Value")
            outputs.append(Output(name, None if isinstance(value, NoValue) else value, values.get("Description") or ""))
        return outputs

    def _kept_cluster(self, mapping: Mapping[str, Node]) -> str:
        node: Node | None = mapping.get("Metadata")
        for key in ("Ocpprov", "Cluster"):
            node = (node.mapping() or {}).get(key) if node else None
        return str(node.value) if node and isinstance(node.value, str) else ""


def _cycles(template: Template, evaluator: Evaluator) -> list[PlanError]:
    try:
        find_cycle(template)
    except CycleError as error:
        first, then = error.path[0], error.path[1]
        places = [
            ref.position
            for ref in evaluator.references
            if ref.path.startswith(f"Resources.{first}.") and ref.to.logical_id == then
        ]
        place = places[0] if places else template.positions[f"Resources.{first}"]
        message = f"these need each other: {' -> '.join(error.path)}"
        return [PlanError(place, f"Resources.{first}", message, "remove one of the references")]
    return []
