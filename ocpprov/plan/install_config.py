"""What a plan takes from an install-config.yaml, so that nothing has to be written twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ocpprov.engine.resources import Position
from ocpprov.plan.beside import contents
from ocpprov.plan.nodes import MOST_BYTES, Node, parse
from ocpprov.plan.problems import PlanError, PlanErrors

_PATH: Final = "openshift.installConfig"
_PLACES: Final = (
    (("openshift", "clusterName"), ("metadata", "name")),
    (("openshift", "baseDomain"), ("baseDomain",)),
    (("openshift", "publish"), ("publish",)),
    (("openshift", "machineNetwork"), ("networking", "machineNetwork")),
    (("openshift", "clusterNetwork"), ("networking", "clusterNetwork")),
    (("openshift", "serviceNetwork"), ("networking", "serviceNetwork")),
    (("openshift", "subnets"), ("platform", "aws", "subnets")),
    (("openshift", "hostedZone"), ("platform", "aws", "hostedZone")),
    (("region",), ("platform", "aws", "region")),
    (("userTags",), ("platform", "aws", "userTags")),
    (("aws", "serviceEndpoints"), ("platform", "aws", "serviceEndpoints")),
    (("aws", "proxy"), ("proxy", "httpsProxy")),
    (("aws", "proxy"), ("proxy", "httpProxy")),
)
"""Where a value stands in the plan, and where in the install-config.yaml. Of two for one place, the first that is
there counts."""


def filled(root: Node, base: Path, errors: list[PlanError]) -> tuple[Node, bool]:
    """The plan with what its `installConfig` says in the places where it says nothing itself, and whether that file
    could be read, if one is named: without it nobody knows what is missing.

    A value that both have and that differs is an error. The install-config's other keys (a pull secret among them) are
    not looked at.
    """
    named = _at(root, ("openshift", "installConfig"))
    if named is None:
        return root, True
    content = contents(named, _PATH, base, MOST_BYTES, errors)
    if content is None:
        return root, False
    try:
        config = parse(content, str(base / str(named.value)))
    except PlanErrors as problems:
        errors.extend(problems.errors)
        return root, False
    for place, value in _taken(config):
        own = _at(root, place)
        if own is None:
            root = _with(root, place, value)
        elif _comparable(own) != _comparable(value):
            errors.append(_difference(own, value, ".".join(place)))
    return root, True


def _taken(config: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    done: set[tuple[str, ...]] = set()
    for place, source in _PLACES:
        value = _at(config, source)
        if value is not None and value.value is not None and place not in done:
            done.add(place)
            yield place, _blocks_alone(value) if place[-1] == "clusterNetwork" else value


def _blocks_alone(node: Node) -> Node:
    """install-config's list of `{cidr, hostPrefix}` as a list of blocks."""
    items = [(item.mapping() or {}).get("cidr", item) for item in node.items() or ()]
    return replace(node, value=items) if items else node


def _at(node: Node, path: tuple[str, ...]) -> Node | None:
    found: Node | None = node
    for key in path:
        found = (found.mapping() or {}).get(key) if found else None
    return found


def _with(node: Node, path: tuple[str, ...], value: Node) -> Node:
    """The node with a value put in at the path, the mappings on the way included; unchanged where another kind of
    value is in the way, which is an error of its own."""
    mapping = node.mapping()
    if mapping is None:
        return node
    head, rest = path[0], path[1:]
    inner = _with(mapping.get(head, Node({}, value.position)), rest, value) if rest else value
    keys: Mapping[str, Position] = {head: value.position, **node.keys}
    return replace(node, value={**mapping, head: inner}, keys=keys)


def without_list_form(node: Node) -> Node:
    """install-config writes the machine network as a list of `{cidr}`: of one of them, the block itself."""
    blocks = machine_blocks(node)
    return blocks[0] if len(blocks) == 1 and blocks[0].mapping() is None else node


def machine_blocks(node: Node) -> Sequence[Node]:
    """The blocks of a `machineNetwork`: one, or a list of blocks or of `{cidr}`, as install-config has it."""
    return [_block(item) for item in node.items() or [node]]


def _block(node: Node) -> Node:
    entry = node.mapping()
    return entry["cidr"] if entry is not None and set(entry) == {"cidr"} else node


def _comparable(node: Node) -> object:
    return node.plain() if node.mapping() is not None else sorted(str(each.plain()) for each in machine_blocks(node))


def _difference(own: Node, value: Node, path: str) -> PlanError:
    """Both places; the values too where they are single ones and hold no secret, which a proxy's URL may."""
    here, there = without_list_form(own), without_list_form(value)
    shown = path != "aws.proxy" and all(isinstance(node.value, str) for node in (here, there))
    message = f"{here.value} here, {there.value} in {value.position}" if shown else f"differs from {value.position}"
    return PlanError(own.position, path, message, "make them agree, or leave it out here")
