"""A property of an AWS type, as data: checker, JSON Schema, documentation and diff read the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from ocpprov.engine.values import Value


class NotCompared:
    """The default of a property that the plan may leave to AWS: not given means not looked at."""

    def __repr__(self) -> str:
        return "not compared"


NOT_COMPARED: Final = NotCompared()

PropertyType = Literal["string", "integer", "number", "boolean", "list", "map", "object", "json"]


class ListRule(Enum):
    """Whether others may add to a list of ours (`CONTAINS`) or it is ours alone (`EXCLUSIVE`)."""

    EXCLUSIVE = "exclusive"
    CONTAINS = "contains"


@dataclass(frozen=True)
class Property:
    """One row of a type's table.

    `type` is JSON's word, `json` meaning any document (a policy). `items` describes a list's items, `properties` an
    object's members. `create_only`: AWS can't change it in place. `after_create`: the create call doesn't take it, so
    an update call follows the create. `default` is what an absent property means; `NOT_COMPARED` leaves it to AWS.
    `compared` is false for what AWS doesn't keep (the path of a local file).
    `may_be_absent`: AWS's answers leave a `create_only` property out where it has no value, so its absence says
    something. Of all others it says that the answer isn't whole, which is no reason to replace anything.
    `list_rule` holds for lists, and for the statements of a policy document.
    `ordered`: the order of the list's items means something, as that of name servers, asked one after another.
    `keeps_one`: AWS lets nobody take the last item of the list away.
    `pattern` is a regular expression for the whole string, `format` one of `cidr`, `ipv4`, `domain`, or empty.
    """

    name: str
    type: PropertyType
    required: bool = False
    create_only: bool = False
    after_create: bool = False
    default: Value | NotCompared = NOT_COMPARED
    allowed: Sequence[Value] = ()
    pattern: str = ""
    format: Literal["", "cidr", "ipv4", "domain"] = ""
    minimum: int | None = None
    maximum: int | None = None
    items: Property | None = None
    properties: Sequence[Property] = field(default_factory=tuple)
    list_rule: ListRule = ListRule.EXCLUSIVE
    ordered: bool = False
    keeps_one: bool = False
    compared: bool = True
    may_be_absent: bool = False
    documentation: str = ""
