"""What a plan takes from an install-config.yaml, so that nothing has to be written twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ocpprov.engine.resources import Position
from ocpprov.plan.included_files import contents, is_absent
from ocpprov.plan.install_config_keys import node_at, strange
from ocpprov.plan.install_dir import STATE, named_files, state_beside
from ocpprov.plan.model import OwnRoles
from ocpprov.plan.network_plugin import NetworkPlugin, plugin_of
from ocpprov.plan.nodes import MOST_BYTES, Node, parse
from ocpprov.plan.own_ids import OF_IDS, another_accounts, has_roles, ids_in, not_ours, own_in_the_plan, roles_of_own
from ocpprov.plan.problems import PlanError, PlanErrors
from ocpprov.plan.taken_from_install_config import (
    CLUSTER_PROXY,
    ENDPOINTS,
    PLACES,
    PROXY,
    SUBNETS,
    Place,
    Taken,
    contradictions,
    taken,
    taken_notes,
    zone_notes,
)

_CONFIG: Final = ("openshift", "installConfig")
_PATH: Final = ".".join(_CONFIG)
_NEEDED: Final = frozenset(("clusterName", "baseDomain"))


@dataclass(frozen=True)
class Filled:
    """A plan with what its install-config.yaml says. `complete`: nothing is missing because that can't be read;
    `gone`: it isn't there, and nobody remembers it. `kept` is what an apply may remember, by place in the plan. `ids`
    are those of subnets and zones that the file names, `given` those that the plan names itself. `plugin` is what it
    says of the cluster's own network, `own_roles` of what subnets of the plan's own are for."""

    root: Node
    complete: bool = True
    gone: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    plugin: NetworkPlugin = field(default_factory=NetworkPlugin)
    own_roles: Mapping[str, OwnRoles] = field(default_factory=dict)


def filled(
    root: Node, base: Path, errors: list[PlanError], remembered: Mapping[str, Any], own: frozenset[str] | None
) -> Filled:
    """The plan with what its `installConfig` says in the places where it says nothing itself.

    The files in its `installDir` count as named. A value that both have and that differs is an error. What the
    installer has kept, or what was `remembered`, stands in for a file that isn't there any more: openshift-install
    consumes it. Ids in the file that are this plan's `own` count as not written, in the plan itself they are an error;
    None takes all that the file names for its own. Its secrets (a pull secret among them) are not looked at.
    """
    files = named_files(root, base, errors)
    for place, file in files.items():
        root = _with_file(root, place, file)
    named = node_at(root, *_CONFIG)
    if named is None:
        return _merged(root, (), own or frozenset(), errors)
    if is_absent(named, base):
        return _without_file(root, named, base, errors, remembered, own, implied=_CONFIG in files)
    content = contents(named, _PATH, base, MOST_BYTES, errors)
    if content is None:
        return Filled(root, complete=False)
    try:
        config = parse(content, str(base / str(named.value)))
    except PlanErrors as problems:
        errors.extend(problems.errors)
        return Filled(root, complete=False)
    if config.mapping() is None:
        # Somebody's key or pull secret, for instance, which isn't shown.
        what = "a single text" if config.items() is None else "a list"
        message = f"an install-config.yaml is a mapping, not {what}"
        hint = "name the file that `openshift-install create install-config` wrote"
        errors.append(PlanError(config.position, _PATH, message, hint))
        return Filled(root, complete=False)
    return _from_config(root, config, own, errors)


def _with_file(root: Node, place: Place, file: Node) -> Node:
    """The plan with the path of a file in it; `bootstrap: true` says no more than that there is one."""
    above = node_at(root, *place[:-1])
    if above is not None and above.value is True:
        root = _with(root, place[:-1], Node({}, above.position))
    return _with(root, place, file)


def _from_config(root: Node, config: Node, own: frozenset[str] | None, errors: list[PlanError], *said: str) -> Filled:
    """The plan with what an install-config says. `said` is to be told first."""
    trusted = node_at(root, "aws", "caBundle") is not None
    errors.extend(contradictions(config))
    notes = (*said, *taken_notes(config), *zone_notes(root, config), *strange(config, errors, trusted=trusted))
    return replace(_merged(root, taken(config), own, errors), notes=notes, plugin=plugin_of(config))


def _without_file(
    root: Node,
    named: Node,
    base: Path,
    errors: list[PlanError],
    remembered: Mapping[str, Any],
    own: frozenset[str] | None,
    *,
    implied: bool,
) -> Filled:
    """Where the file isn't there any more: by the installer's own state, by what was `remembered`, or, where only its
    folder is named (`implied`), by what the plan says itself."""
    lacking = f"{named.position}: {named.value} isn't there"
    state = state_beside(named, base)
    if state.config:
        taken_from = f"{lacking}: what openshift-install has kept of it in {STATE} is used"
        return _from_config(root, _node(state.config, named.position), own, errors, taken_from)
    if remembered:
        filled_up = _merged(root, _from_memory(remembered, named.position), own, errors, remembered=True)
        return replace(filled_up, notes=(f"{lacking}: what the last apply took from it is used",))
    if implied and set((node_at(root, "openshift") or root).mapping() or {}) >= _NEEDED:
        return _merged(root, (), own or frozenset(), errors)
    return Filled(root, complete=False, gone=True)


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
    ids = frozenset(each for place in OF_IDS if place in found for each in ids_in(found[place].value))
    ours = (ids if own is None else own) - another_accounts(root, found)
    errors.extend(own_in_the_plan(root, ours))
    given = frozenset(each for place in OF_IDS for each in ids_in(node_at(root, *place)))
    own_places: set[Place] = set()
    for place, each in found.items():
        said = node_at(root, *place)
        left = not_ours(each.value, ours, ".".join(place), errors) if place in OF_IDS else each.value
        if left is None:
            own_places.add(place)
        made_here = left is None and said is not None and said.value == "create"
        if said is None:
            root = _with(root, place, left) if left is not None else root
        elif remembered or made_here or each.yields:
            continue
        elif not _agree(place, said, each.value):
            errors.append(_difference(said, each.value, ".".join(place)))
        elif place == SUBNETS and left is not None and not has_roles(said):
            root = _with(root, place, left)
    # Ids of the plan's own are no word of the plan's: they change, and nobody could correct them there.
    lasting = {place: each.value for place, each in found.items() if place not in own_places}
    kept = {".".join(place): value.plain() for place, value in lasting.items() if not _secret(place, value)}
    roles = roles_of_own(found[SUBNETS].value) if SUBNETS in own_places else {}
    return Filled(root, kept=kept, ids=ids, given=given, own_roles=roles)


def _secret(place: tuple[str, ...], value: Node) -> bool:
    """Whether a value may hold a password: an address with a user in it."""
    return (place in (PROXY, ENDPOINTS) or place[:2] == CLUSTER_PROXY) and "@" in str(value.plain())


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


def _agree(place: Place, said: Node, value: Node) -> bool:
    """Whether the plan says the same. Of subnets it may name the ids alone, without what they are for."""
    if place == SUBNETS and not (has_roles(said) and has_roles(value)):
        return sorted(ids_in(said)) == sorted(ids_in(value))
    return _comparable(said) == _comparable(value)


def _comparable(node: Node) -> object:
    return node.plain() if node.mapping() is not None else sorted(str(each.plain()) for each in machine_blocks(node))


def _difference(own: Node, value: Node, path: str) -> PlanError:
    """Both places; the values too where they are single ones and hold no secret, which a proxy's URL may."""
    here, there = without_list_form(own), without_list_form(value)
    of_a_proxy = path in (".".join(PROXY), *(f"{'.'.join(CLUSTER_PROXY)}.{key}" for key in ("httpProxy", "httpsProxy")))
    shown = not of_a_proxy and all(isinstance(node.value, str) for node in (here, there))
    message = f"{here.value} here, {there.value} in {value.position}" if shown else f"differs from {value.position}"
    return PlanError(own.position, path, message, "make them agree, or leave it out here")
