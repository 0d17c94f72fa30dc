"""What a request says, read back from the wire along the form that its operation's model gives it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.operations import parse_xml
from ocpprov.sandbox.request_checks.shapes import EC2, JSON, QUERY, Operation, Shape

Path = tuple[str | int, ...]
"""Where a value stands: members by the model's names, items by their number from 1."""

_OF_THE_CALL: Final = frozenset({"Action", "Version"})
_OF_THE_SIGNATURE: Final = "x-amz-"
_IDS: Final = "x-id"
_PLACE: Final = re.compile(r"\\{(\w+)(\\\+)?\\}")


@dataclass
class Said:
    """`values` are in the model's names: mappings, lists, and texts (in JSON, its own scalars). `strays` is where
    something stands that the model doesn't know."""

    values: dict[str, Any] = field(default_factory=dict)
    strays: list[Path] = field(default_factory=list)


def said_in(request: Request, operation: Operation) -> Said:
    """All that a request says. A body that can't be read says nothing."""
    said = Said()
    if operation.protocol in (EC2, QUERY):
        form = {name: text for name, text in request.parameters.items() if name not in _OF_THE_CALL}
        said.values = _of_form(operation.input, _tree(form), (), said.strays)
    elif operation.protocol == JSON:
        said.values = _of_json(operation.input, _document(request.body), (), said.strays)
    else:
        _rest(request, operation, said)
    return said


def _tree(form: Mapping[str, str]) -> dict[str, Any]:
    """A form's parameters by the parts of their names."""
    root: dict[str, Any] = {}
    for name, text in form.items():
        if name.lower().startswith(_OF_THE_SIGNATURE):
            continue
        *parents, last = name.split(".")
        node = root
        for part in parents:
            inner = node.get(part)
            if not isinstance(inner, dict):
                # A text that has parts as well is none.
                inner = node[part] = {}
            node = inner
        node[last] = text
    return root


def _of_form(shape: Shape, node: Any, path: Path, strays: list[Path]) -> Any:
    if shape.type == "structure":
        return _structure_of_form(shape, node, path, strays)
    if shape.type == "list":
        return _list_of_form(shape, node, path, strays)
    if shape.type == "map":
        return node
    if isinstance(node, dict):
        strays.extend((*path, name) for name in node)
        return None
    return node


def _structure_of_form(shape: Shape, node: Any, path: Path, strays: list[Path]) -> Any:
    if not isinstance(node, dict):
        return {} if node == "" else node
    values: dict[str, Any] = {}
    for wire, inner in node.items():
        if wire in shape.members:
            name, member = shape.members[wire]
            values[name] = _of_form(member, inner, (*path, name), strays)
        else:
            strays.append((*path, wire))
    return values


def _list_of_form(shape: Shape, node: Any, path: Path, strays: list[Path]) -> Any:
    if isinstance(node, dict) and not shape.flattened:
        strays.extend((*path, name) for name in node if name != shape.item_name)
        node = node.get(shape.item_name, {})
    if not isinstance(node, dict):
        # An empty list is an empty text.
        return [] if node == "" else node
    strays.extend((*path, name) for name in node if not name.isdigit())
    numbers = sorted(int(name) for name in node if name.isdigit())
    return [_of_form(shape.item, node[str(number)], (*path, number), strays) for number in numbers]


def _document(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return {}


def _of_json(shape: Shape, value: Any, path: Path, strays: list[Path]) -> Any:
    if shape.type == "structure" and isinstance(value, dict):
        strays.extend((*path, name) for name in value if name not in shape.members)
        known = {name: value[name] for name in shape.members if value.get(name) is not None}
        return {name: _of_json(shape.members[name][1], inner, (*path, name), strays) for name, inner in known.items()}
    if shape.type == "list" and isinstance(value, list):
        return [_of_json(shape.item, item, (*path, number), strays) for number, item in enumerate(value, 1)]
    return value


def _rest(request: Request, operation: Operation, said: Said) -> None:
    """Address, query, headers and body, each with its own members."""
    path, _, fixed = operation.address.partition("?")
    shape = operation.input
    for name, text in _in_address(path, request.path).items():
        if ("uri", name) in shape.elsewhere:
            said.values[shape.elsewhere["uri", name][0]] = text
    fixed_names = {name for name, _ in parse_qsl(fixed, keep_blank_values=True)}
    for name, text in parse_qsl(request.query, keep_blank_values=True):
        if ("querystring", name) in shape.elsewhere:
            member, inner = shape.elsewhere["querystring", name]
            said.values[member] = [*said.values.get(member, ()), text] if inner.type == "list" else text
        elif name not in fixed_names and name != _IDS and not name.lower().startswith(_OF_THE_SIGNATURE):
            said.strays.append((name,))
    for header, text in request.headers.items():
        if ("header", header.lower()) in shape.elsewhere:
            said.values[shape.elsewhere["header", header.lower()][0]] = text
    _body(request, shape, said)


def _body(request: Request, shape: Shape, said: Said) -> None:
    if shape.payload is None:
        if request.body and shape.members:
            said.values |= _of_xml(shape, parse_xml(request.body), (), said.strays)
        return
    name, inner = shape.payload
    if request.body:
        xml = inner.type in ("structure", "list")
        said.values[name] = _of_xml(inner, parse_xml(request.body), (name,), said.strays) if xml else ""


def _in_address(template: str, path: str) -> dict[str, str]:
    places = _PLACE.sub(lambda each: f"(?P<{each[1]}>{'.+' if each[2] else '[^/]+'})", re.escape(template))
    match = re.fullmatch(places.rstrip("/") + "/?", path, re.DOTALL)
    return {name: unquote(text) for name, text in match.groupdict().items()} if match else {}


def _of_xml(shape: Shape, element: ElementTree.Element, path: Path, strays: list[Path]) -> Any:
    if shape.type == "structure":
        return _structure_of_xml(shape, element, path, strays)
    if shape.type == "list":
        strays.extend((*path, _local(each.tag)) for each in element if _local(each.tag) != shape.item_name)
        return _items(shape, [each for each in element if _local(each.tag) == shape.item_name], path, strays)
    if len(element):
        strays.append(path)
        return None
    return element.text or ""


def _structure_of_xml(shape: Shape, element: ElementTree.Element, path: Path, strays: list[Path]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    grouped: dict[str, list[ElementTree.Element]] = {}
    for each in element:
        grouped.setdefault(_local(each.tag), []).append(each)
    for wire, elements in grouped.items():
        if wire not in shape.members:
            strays.append((*path, wire))
            continue
        name, member = shape.members[wire]
        if member.type == "list" and member.flattened:
            values[name] = _items(member, elements, (*path, name), strays)
        else:
            values[name] = _of_xml(member, elements[-1], (*path, name), strays)
    attributes = {_local(key): text for key, text in element.attrib.items()}
    for wire, (name, _) in shape.members.items() if attributes else ():
        # The model has the prefix of the attribute's namespace (`xsi:type`).
        if (text := attributes.get(wire.rpartition(":")[2])) is not None:
            values[name] = text
    return values


def _items(shape: Shape, elements: Sequence[ElementTree.Element], path: Path, strays: list[Path]) -> list[Any]:
    return [_of_xml(shape.item, each, (*path, number), strays) for number, each in enumerate(elements, 1)]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
