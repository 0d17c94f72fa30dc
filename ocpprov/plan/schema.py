"""The JSON Schema of a plan file, for editors: made from the same rows that the checker reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.engine.properties import Property
from ocpprov.kinds.contract import Kind
from ocpprov.plan.tables import OPENSHIFT, TOP_LEVEL

_TYPES: Final = {"list": "array", "map": "object"}
_FUNCTION: Final = {"$ref": "#/$defs/function"}


def schema(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The schema, JSON Schema 2020-12."""
    top = _object(TOP_LEVEL, functions=False)
    top["properties"] |= {
        "openshift": _openshift(),
        "Parameters": {"type": "object"},
        "Resources": {
            "type": "object",
            "additionalProperties": {"oneOf": [_resource(kind) for kind in kinds.values()]},
        },
        "Outputs": {"type": "object"},
        "Metadata": {"type": "object"},
        "Description": {"type": "string"},
        "AWSTemplateFormatVersion": {"type": "string"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
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


def _openshift() -> dict[str, Any]:
    section = _object(OPENSHIFT, functions=False)
    section["properties"] |= {
        "zones": {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 3}, {"type": "array", "maxItems": 3}]},
        "bootstrap": {"type": ["boolean", "object"]},
    }
    section["properties"]["machineNetwork"] = {"type": ["string", "array"]}
    return section


def _resource(kind: Kind) -> dict[str, Any]:
    required = ["Type", "Properties"] if any(row.required for row in kind.properties) else ["Type"]
    return {
        "type": "object",
        "properties": {
            "Type": {"const": kind.type},
            "Properties": _object(kind.properties, functions=True),
            "DependsOn": {"type": ["string", "array"]},
            "DeletionPolicy": {"enum": ["Delete", "Retain"]},
            "UpdateReplacePolicy": {"type": "string"},
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
    described = {"description": row.documentation} if row.documentation else {}
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
    limits = {"enum": list(row.allowed) or None, "minimum": row.minimum, "maximum": row.maximum}
    pattern = {"pattern": f"^({row.pattern})$"} if row.pattern else {}
    types: Any = row.type if not functions or row.type == "string" else [row.type, "string"]
    return {"type": types, **pattern, **{name: value for name, value in limits.items() if value is not None}}
