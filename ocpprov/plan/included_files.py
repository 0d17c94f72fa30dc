"""Files that a plan names: read from beside it, never larger than they should be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError


def is_absent(node: Node, base: Path) -> bool:
    """Whether a node gives the path of a file that isn't there. One that is there and can't be read isn't absent."""
    if not isinstance(node.value, str) or not node.value or "\0" in node.value:
        return False
    try:
        (base / node.value).stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def contents(node: Node, path: str, base: Path, most: int, errors: list[PlanError]) -> bytes | None:
    """The bytes of the file whose path a node gives, relative to `base`; None with an error where there are none."""
    if not isinstance(node.value, str) or not node.value or "\0" in node.value:
        errors.append(PlanError(node.position, path, f"expected a file's path, got {node.what()}"))
        return None
    file = base / node.value
    try:
        if file.exists() and not file.is_file():
            raise OSError(0, "not a regular file")
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        errors.append(PlanError(node.position, path, f"{node.value} can't be read: {error.strerror}"))
        return None
    if len(content) > most:
        errors.append(PlanError(node.position, path, f"{node.value} is larger than {most} bytes"))
        return None
    return content


def json_object(
    node: Node, path: str, base: Path, most: int, hint: str, errors: list[PlanError]
) -> Mapping[str, Any] | None:
    """The JSON object in such a file. Errors never show what is in it: it may hold secrets."""
    content = contents(node, path, base, most, errors)
    if content is None:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, Mapping):
        errors.append(PlanError(node.position, path, f"{node.value} is not a JSON object", hint))
        return None
    return found
