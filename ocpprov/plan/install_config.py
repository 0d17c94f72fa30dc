"""What a plan takes from an install-config.yaml, so that nothing has to be written twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ocpprov.engine.resources import Position
from ocpprov.plan.included_files import contents, is_absent
from ocpprov.plan.install_config_keys import node_at, strange
from ocpprov.plan.install_config_values import ENDPOINTS, PLACES, PROXY, SUBNETS, ZONE, Place, Taken, taken, taken_notes
from ocpprov.plan.network_plugin import NetworkPlugin, plugin_of
from ocpprov.plan.nodes import MOST_BYTES, Node, parse
from ocpprov.plan.openshift_table import ZONE_ID
from ocpprov.plan.problems import PlanError, PlanErrors

_PATH: Final = "openshift.installConfig"
_ID: Final = re.compile(rf"subnet-[0-9a-f]+|{ZONE_ID}")
_OF_IDS: Final = (SUBNETS, ZONE)


@dataclass(frozen=True)
class Filled:
    """A plan with what its install-config.yaml says. `complete`: nothing is missing because that can't be read;
    `gone`: it isn't there, and nobody remembers it. `kept` is what an apply may remember, by place in the plan. `ids`
    are those of subnets and zones that the file names, `given` those that the plan names itself. `plugin` is what it
    says of the cluster's own network."""

    root: Node
    complete: bool = True
    gone: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    plugin: NetworkPlugin = field(default_factory=NetworkPlugin)


def filled(
    root: Node, base: Path, errors: list[PlanError], remembered: Mapping[str, Any], own: frozenset[str] | None
) -> Filled:
    """The plan with what its `installConfig` says in the places where it says nothing itself.

    A value that both have and that differs is an error. What was `remembered` stands in for a file that isn't there any
    more: openshift-install consumes it. Ids in the file that are this plan's `own` count as not written, in the plan
    itself they are an error; None takes all that the file names for its own. Its secrets (a pull secret among them) are
    not looked at.
    """
    named = node_at(root, "openshift", "installConfig")
    if named is None:
        return _merged(root, (), own or frozenset(), errors)
    if is_absent(named, base):
        if not remembered:
            return Filled(root, complete=False, gone=True)
        before = _from_memory(remembered, named.position)
        gone = (f"{named.position}: {named.value} isn't there: what the last apply took from it is used",)
        return replace(_merged(root, before, own, errors, remembered=True), notes=gone)
    content = contents(named, _PATH, base, MOST_BYTES, errors)
    if content is None:
        return Filled(root, complete=False)
    try:
        config = parse(content, str(base / str(named.value)))
    except PlanErrors as problems:
        errors.extend(problems.errors)
        return Filled(root, complete=False)
    trusted = node_at(root, "aws", "caBundle") is not None
    notes = (*taken_notes(config), *strange(config, errors, trusted=trusted))
    return replace(_merged(root, taken(config), own, errors), notes=notes, plugin=plugin_of(config))


def _merged(
    root: Node,
    values: Iterable[Taken],
    own: frozenset[str] | None,
    errors: list[PlanError],
    *,
    remembered: bool = False,
) -> Filled:
    """The plan with these values. Where the file isn't there any more, what the plan says itself may differ."""
    found = {each.place: each for each in values}
    ids = frozenset(each for place in _OF_IDS if place in found for each in _ids_in(found[place].value))
    ours = ids if own is None else own
    errors.extend(_own_in_the_plan(root, ours))
    given = frozenset(each for place in _OF_IDS for each in _ids_in(node_at(root, *place)))
    own_places: set[Place] = set()
    for place, each in found.items():
        said = node_at(root, *place)
        left = _not_ours(each.value, ours, ".".join(place), errors) if place in _OF_IDS else each.value
        if left is None:
            own_places.add(place)
        made_here = left is None and said is not None and said.value == "create"
        if said is None:
            root = _with(root, place, left) if left is not None else root
        elif remembered or made_here or each.yields:
            continue
        elif _comparable(said) != _comparable(each.value):
            errors.append(_difference(said, each.value, ".".join(place)))
        elif place == SUBNETS and left is not None and not _has_roles(said):
            root = _with(root, place, left)
    # Ids of the plan's own are no word of the plan's: they change, and nobody could correct them there.
    lasting = {place: each.value for place, each in found.items() if place not in own_places}
    kept = {".".join(place): value.plain() for place, value in lasting.items() if not _secret(place, value)}
    return Filled(root, kept=kept, ids=ids, given=given)


def _ids(node: Node | None) -> Sequence[Node]:
    """The nodes of the ids in a list, or of a single one."""
    if node is None:
        return ()
    items = node.items()
    return (node,) if items is None else [(item.mapping() or {}).get("id", item) for item in items]


def _has_roles(node: Node) -> bool:
    return any(item.mapping() is not None for item in node.items() or ())


def _ids_in(node: Node | None) -> Iterator[str]:
    """What of them can be an id of AWS: `create` isn't one."""
    for one in _ids(node):
        if isinstance(one.value, str) and _ID.fullmatch(one.value):
            yield one.value


def _not_ours(value: Node, ours: frozenset[str], path: str, errors: list[PlanError]) -> Node | None:
    """The ids if they name what is there already, None where they are the plan's own. Both at once is an error."""
    own = [one for one in _ids(value) if isinstance(one.value, str) and one.value in ours]
    others = [one for one in _ids(value) if one not in own]
    if own and others:
        stranger = others[0].value if isinstance(others[0].value, str) else others[0].what()
        message = f"{stranger} is not this plan's own, and {own[0].value} in {own[0].position} is"
        errors.append(PlanError(others[0].position, path, message, "name subnets of one network"))
    return None if own else value


def _own_in_the_plan(root: Node, ours: frozenset[str]) -> Iterator[PlanError]:
    for place in _OF_IDS:
        for one in _ids(node_at(root, *place)):
            if isinstance(one.value, str) and one.value in ours:
                path = ".".join(place)
                message = f"{one.value} is this plan's own, and {place[-1]} names what is there already"
                yield PlanError(one.position, path, message, f"leave {place[-1]} out of the plan")


def _secret(place: tuple[str, ...], value: Node) -> bool:
    """Whether a value may hold a password: an address with a user in it."""
    return place in (PROXY, ENDPOINTS) and "@" in str(value.plain())


def _from_memory(remembered: Mapping[str, Any], position: Position) -> Iterator[Taken]:
    known = {".".join(place): place for place in PLACES}
    for name, value in remembered.items():
        if name in known:
            yield Taken(known[name], _node(value, position))


def _node(value: Any, position: Position) -> Node:
    """Plain data as it was kept, all of it at one place."""
    if isinstance(value, dict):
        keys = {str(key): position for key in value}
        return Node({str(key): _node(item, position) for key, item in value.items()}, position, keys)
    if isinstance(value, list):
        return Node([_node(item, position) for item in value], position)
    return Node(value, position)


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
