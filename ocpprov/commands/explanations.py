"""What `explain` finds: keys of a plan, types of resources and their properties, by what somebody types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.kind_facts import NotCompared, Property
from ocpprov.engine.problem import Problem
from ocpprov.engine.values import to_json
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.key_meanings import TEMPLATE_KEYS, TOP_KEYS, KeyMeaning
from ocpprov.plan.openshift_key_meanings import OPENSHIFT_KEYS
from ocpprov.plan.openshift_table import BOOTSTRAP, BUCKET, DHCP_OPTIONS, OPENSHIFT
from ocpprov.plan.problems import likely
from ocpprov.plan.template import INTERNAL
from ocpprov.plan.top_level import TOP_LEVEL

_SECTION: Final = "openshift."


_INTERRUPTS: Final = "where the new one would have the name or place of the old one, that goes first"


@dataclass(frozen=True)
class Row:
    """One fact by name; `value` is a text, or a list of texts."""

    name: str
    value: str | Sequence[str]


@dataclass(frozen=True)
class Explanation:
    """What is known of one thing: its full name, what it means, and facts in the order in which people read them."""

    name: str
    meaning: str
    rows: Sequence[Row]


def explanation(word: str) -> Explanation:
    """Of a plan's key (`openshift.zones`, `zones`), a type (`AWS::EC2::Subnet`, `Subnet`) or a property of one
    (`Subnet.CidrBlock`). Raises Refused for what isn't known, or may be one of several."""
    keys, types = key_names(), type_names()
    if word in keys:
        return _of_key(word)
    if found := [each for each in keys if each.endswith(f".{word}")]:
        # A key of the section comes before those inside its keys.
        least = min(each.count(".") for each in found)
        return _of_key(_only(word, [each for each in found if each.count(".") == least]))
    if found := [*_types_called(word)]:
        return _of_kind(KINDS[_only(word, found)])
    type, dot, path = word.partition(".")
    if dot and (found := [*_types_called(type)]):
        return _of_property(KINDS[_only(word, found)], path)
    if found := [each for each in keys if each.casefold().endswith(f".{word}".casefold())]:
        return _of_key(_only(word, found))
    hint = likely(word, [*keys, *(each.removeprefix(_SECTION) for each in keys), *types, *map(_short, types)])
    raise Refused(
        Problem(word, "neither a plan's key nor a type nor a property", hint or "`ocpprov explain` lists them")
    )


def key_names() -> list[str]:
    """Every key of a plan, by its path."""
    return list(_meanings())


def type_names() -> list[str]:
    """Every type that a plan may have in its resources."""
    return sorted(name for name in KINDS if not name.startswith(INTERNAL))


def _meanings() -> Mapping[str, KeyMeaning]:
    top = {each.path: each for each in (*TOP_KEYS, *TEMPLATE_KEYS)}
    return {**top, **{f"{_SECTION}{each.path}": each for each in OPENSHIFT_KEYS}}


def _types_called(word: str) -> Iterator[str]:
    """By the whole name, or by its end."""
    for name in KINDS:
        if f"::{name}".casefold().endswith(f"::{word}".casefold()):
            yield name


def _only(word: str, found: Sequence[str]) -> str:
    if len(found) > 1:
        raise Refused(Problem(word, f"may be {' or '.join(sorted(found))}", "write one of them"))
    return found[0]


def _short(type: str) -> str:
    return type.rpartition("::")[2]


def _of_key(path: str) -> Explanation:
    meaning = _meanings()[path]
    row = _row_of(path)
    shape = meaning.shape or (_shape(row) if row else "object")
    default = meaning.default or (_default(row) if row else "")
    change = f"{', '.join(effect.value for effect in meaning.effects)}{f': {meaning.note}' if meaning.note else ''}"
    origin = f"install-config.yaml's {meaning.origin}" if meaning.origin else "ocpprov's own"
    rows = [
        Row("type", shape),
        Row("default", default or "none"),
        Row("required", "yes" if row and row.required else ""),
        Row("rules", row.documentation if row else ""),
        Row("a change", change),
        Row("example", f"{path.rpartition('.')[2]}: {meaning.example}" if meaning.example else ""),
        Row("keys in it", [each.rpartition(".")[2] for each in key_names() if each.rpartition(".")[0] == path]),
        Row("source", "CloudFormation's" if meaning in TEMPLATE_KEYS and path != "openshift" else origin),
    ]
    return Explanation(path, meaning.meaning, [each for each in rows if each.value])


def _row_of(path: str) -> Property | None:
    """The key's row in the checker's tables; None where a key has several shapes."""
    rows: Sequence[Property] = TOP_LEVEL
    if path.startswith(_SECTION):
        path, rows = path.removeprefix(_SECTION), (*OPENSHIFT, BOOTSTRAP, BUCKET, DHCP_OPTIONS)
    found: Property | None = None
    for name in path.split("."):
        found = next((each for each in rows if each.name == name), None)
        if found is None:
            return None
        rows = found.items.properties if found.items else found.properties
    return found


def _of_kind(kind: Kind) -> Explanation:
    permissions = kind.permissions
    protected = "replacing or deleting one in an apply needs --allow" if kind.protected else ""
    rows = [
        Row("properties", [f"{each.name}: {_shape(each)}; {_change(each)}" for each in kind.properties]),
        Row("attributes", list(kind.attributes)),
        Row("to read", list(permissions.read)),
        Row("to create", list(permissions.create)),
        Row("to update", list(permissions.update)),
        Row("to delete", list(permissions.delete)),
        Row("guard", protected),
        Row("interrupts", _INTERRUPTS if type(kind).unique is not Kind.unique else ""),
        Row("ready after", f"{kind.typical_seconds:g} s, usually" if kind.settles else ""),
        Row("source", _source(kind)),
    ]
    return Explanation(kind.type, _first_sentence(kind), [each for each in rows if each.value])


def _of_property(kind: Kind, path: str) -> Explanation:
    rows: Sequence[Property] = kind.properties
    top: Property | None = None
    found: Property | None = None
    full = kind.type
    for name in path.split("."):
        found = next((each for each in rows if each.name.casefold() == name.casefold()), None)
        if found is None:
            known = [each.name for each in rows]
            hint = likely(name, known) or f"it has {', '.join(known) or 'none'}"
            raise Refused(Problem(full, f"has no property {name}", hint))
        top, full = top or found, f"{full}.{found.name}"
        rows = found.items.properties if found.items else found.properties
    if found is None or top is None:
        raise Refused(Problem(kind.type, "names no property", "write TYPE.PROPERTY"))
    permissions = [*kind.permissions.create, *(() if top.create_only else kind.permissions.update)]
    rows_of = [
        Row("type", _shape(found)),
        Row("default", _default(found) or "what AWS takes; not compared"),
        Row("required", "yes" if found.required else ""),
        Row("a change", _change(top)),
        Row("properties in it", [f"{each.name}: {_shape(each)}" for each in rows]),
        Row("permissions", list(dict.fromkeys(permissions))),
        Row("source", _source(kind)),
    ]
    return Explanation(full, found.documentation, [each for each in rows_of if each.value])


def _change(row: Property) -> str:
    return "a change replaces the resource" if row.create_only else "changed in place"


def _source(kind: Kind) -> str:
    return "ocpprov's own" if kind.type.startswith(INTERNAL) else f"CloudFormation's {kind.type}"


def _first_sentence(kind: Kind) -> str:
    return " ".join((type(kind).__doc__ or "").partition("\n\n")[0].split())


def _shape(row: Property) -> str:
    """`integer from 5 to 13`, `list of CIDR block`."""
    words = {"cidr": "CIDR block", "ipv4": "IPv4 address", "domain": "domain", "": ""}
    if row.type in ("list", "map") and row.items:
        return f"{row.type} of {_shape(row.items)}"
    limits = [
        f"from {row.minimum}" if row.minimum is not None else "",
        f"to {row.maximum}" if row.maximum is not None else "",
    ]
    allowed = f": {', '.join(map(str, row.allowed))}" if row.allowed else ""
    return " ".join(filter(None, [words[row.format] or row.type, *limits])) + allowed


def _default(row: Property) -> str:
    if isinstance(row.default, NotCompared) or row.default is None:
        return ""
    value = to_json(row.default)
    return str(value).lower() if isinstance(value, bool) else str(value)
