"""The JSON Schema of a plan file, for editors: made from the same rows that the checker reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.engine.kind_facts import NotCompared, Property
from ocpprov.kinds.contract import Kind
from ocpprov.plan.key_meanings import TOP_KEYS, KeyMeaning
from ocpprov.plan.nodes import parse
from ocpprov.plan.openshift_key_meanings import OPENSHIFT_KEYS
from ocpprov.plan.openshift_shapes import AUTO
from ocpprov.plan.openshift_table import (
    BOOTSTRAP,
    BUCKET,
    BUCKET_NAME,
    DHCP_OPTIONS,
    ENDPOINT_WORDS,
    OPENSHIFT,
    SERVICE_NAME,
)
from ocpprov.plan.template import INTERNAL
from ocpprov.plan.top_level import TOP_LEVEL

ID: Final = "urn:ocpprov:plan"
_TYPES: Final = {"list": "array", "map": "object"}
_FUNCTION: Final = {"$ref": "#/$defs/function"}


def schema(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The schema, JSON Schema 2020-12."""
    top = _object(TOP_LEVEL, functions=False)
    public = [kind for kind in kinds.values() if not kind.type.startswith(INTERNAL)]
    internal = [kind for kind in kinds.values() if kind.type.startswith(INTERNAL)]
    top["properties"] |= {
        "openshift": _openshift(),
        "Parameters": {"type": "object"},
        "Mappings": {"type": "object", "additionalProperties": {"type": "object"}},
        "Conditions": {"type": "object", "additionalProperties": {"type": "object"}},
        "Resources": _resources(public),
        "Outputs": {"type": "object"},
        "Metadata": _metadata(internal),
        "Description": {"type": "string"},
        "AWSTemplateFormatVersion": {"type": "string"},
    }
    _explain(top["properties"], TOP_KEYS)
    _explain(top["properties"]["openshift"]["properties"], OPENSHIFT_KEYS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "ocpprov plan",
        **top,
        "$defs": {
            "function": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "patternProperties": {"^(Ref|Fn::.+)$": {}},
                "additionalProperties": False,
            }
        },
    }


def _explain(properties: dict[str, Any], meanings: Sequence[KeyMeaning]) -> None:
    """Add to each key what it means, and an example."""
    for each in meanings:
        key = _at(properties, each.path.split("."))
        key["description"] = each.meaning
        if each.example:
            key["examples"] = [parse(each.example, each.path).plain()]


def _at(properties: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The schema of the key at a path of names, through the items of lists."""
    name, *below = path
    found: dict[str, Any] = properties[name]
    if not below:
        return found
    inside = found.get("items", found)
    [shape] = [each for each in inside.get("anyOf", [inside]) if "properties" in each]
    return _at(shape["properties"], below)


def _openshift() -> dict[str, Any]:
    """The section; without required keys, as an install-config.yaml may give them."""
    section = _object(OPENSHIFT, functions=False)
    del section["required"]
    bootstrap, bucket, dhcp = (_plain(row, functions=False) for row in (BOOTSTRAP, BUCKET, DHCP_OPTIONS))
    service = {"anyOf": [{"enum": list(ENDPOINT_WORDS)}, {"type": "string", "pattern": f"^({SERVICE_NAME})$"}]}
    endpoint = section["properties"]["endpoints"]["items"]
    endpoint["properties"]["service"] |= service
    blocks = section["properties"]["secondaryNetworks"]
    for machines, key in ((section["properties"]["controlPlane"], "addresses"), (bootstrap, "address")):
        machines["properties"][key] = {"anyOf": [{"const": AUTO}, machines["properties"][key]]}
    subnet = {"anyOf": [section["properties"]["subnets"]["items"], {"type": "object", "required": ["id"]}]}
    section["properties"] |= {
        "zones": {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 3}, {"type": "array", "maxItems": 3}]},
        "machineNetwork": {"type": ["string", "array"]},
        "subnets": {"type": "array", "items": subnet},
        "secondaryNetworks": {"anyOf": [{"const": "none"}, blocks]},
        "endpoints": {"type": "array", "items": {"anyOf": [*service["anyOf"], endpoint]}},
        "bootstrap": {"anyOf": [{"type": "boolean"}, bootstrap]},
        "bucket": {"anyOf": [{"enum": ["auto", "none"]}, _plain(BUCKET_NAME, functions=False), bucket]},
        "dhcpOptions": {"anyOf": [{"const": "none"}, dhcp]},
    }
    return section


def _metadata(internal: Sequence[Kind]) -> dict[str, Any]:
    """What `render` keeps there; the rest is everybody's own."""
    kept = {"Cluster": {"type": "string"}, "Resources": _resources(internal)}
    return {"type": "object", "properties": {"Ocpprov": {"type": "object", "properties": kept}}}


def _resources(kinds: Sequence[Kind]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"oneOf": [_resource(kind) for kind in kinds] or [False]}}


def _resource(kind: Kind) -> dict[str, Any]:
    required = ["Type", "Properties"] if any(row.required for row in kind.properties) else ["Type"]
    return {
        "type": "object",
        "properties": {
            "Type": {"const": kind.type},
            "Properties": _object(kind.properties, functions=True),
            "DependsOn": {"type": ["string", "array"]},
            "DeletionPolicy": {"enum": ["Delete", "Retain"]},
            "UpdateReplacePolicy": {"const": "Delete"},
            "Condition": {"type": "string"},
            "Metadata": {"type": "object"},
        },
        "required": required,
        "additionalProperties": False,
    }


def _object(rows: Sequence[Property], *, functions: bool) -> dict[str, Any]:
    required = [row.name for row in rows if row.required]
    return {
        "type": "object",
        "properties": {row.name: _property(row, functions=functions) for row in rows},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(row: Property, *, functions: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"description": row.documentation} if row.documentation else {}
    if not functions and not isinstance(row.default, NotCompared):
        described["default"] = row.default
    plain = _plain(row, functions=functions)
    return {**described, **({"anyOf": [plain, _FUNCTION]} if functions and row.type != "json" else plain)}


def _plain(row: Property, *, functions: bool) -> dict[str, Any]:
    match row.type:
        case "json":
            return {}
        case "object":
            return _object(row.properties, functions=functions)
        case "list" | "map":
            item = _property(row.items, functions=functions) if row.items else {}
            return {"type": _TYPES[row.type], "items" if row.type == "list" else "additionalProperties": item}
    limits = {
        "enum": list(row.allowed) or None,
        "minimum": row.minimum,
        "maximum": row.maximum,
        "maxLength": row.longest,
    }
    pattern = {"pattern": f"^({row.pattern})$"} if row.pattern else {}
    types: Any = row.type if not functions or row.type == "string" else [row.type, "string"]
    return {"type": types, **pattern, **{name: value for name, value in limits.items() if value is not None}}
