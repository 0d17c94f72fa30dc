"""What carries a plan's tag, of all types of EC2 in one answer (DescribeTags), instead of a list by tag for each type.

The answer says which things there are, by their ids. What they are like is told by lists: by network, and by id for
those that no such list has brought, or has brought without the tag. Where the answers still differ then, neither is
believed (checks/unlisted.py).
"""

from __future__ import annotations

from typing import Final

from ocpprov.engine.ownership import PLAN, SHARED
from ocpprov.kinds.reads import Found, Pages, Read, read

_ANY_MARK: Final = "* + *"
"""Fits each mark on somebody else's resource, which has several entries, and no plan's name. Filters of this call take
wildcards (EC2 API reference of 2014-06-15, DescribeTags: an asterisk matches zero or more characters)."""
_GROUP: Final = "AWS::EC2::SecurityGroup"
_RULE_PREFIX: Final = "sgr-"
_EC2: Final = "AWS::EC2::"
"""Its types with tags of their own; marks have the ids of what they are on, which may be anybody's."""


def tags_read(plan: str) -> Read:
    """The call that brings a plan's tag wherever it is, and its marks on what others have; `plan` is its name."""
    filters = [
        {"Name": "key", "Values": [PLAN, SHARED + plan]},
        {"Name": "value", "Values": [plan, _ANY_MARK]},
    ]
    return read("ec2", "describe_tags", Filters=filters)


def tagged_ids(pages: Pages, plan: str) -> frozenset[str]:
    """The ids of what carries the plan's tag, by the answers. A value that is missing isn't another one: AWS sends an
    empty one, too."""
    rows = pages.items("ec2", "describe_tags", "Tags")
    return frozenset(row["ResourceId"] for row in rows if row["Key"] == PLAN and row["Value"] == plan)


def sought_after(before: Found, after: Found) -> frozenset[str]:
    """What carries the plan's tag and was found without it, or not at all, and what was found with it and doesn't carry
    it by the answer for all types, where that has any: none while lists by network are still to come, as what was found
    since the last question names another network, and no rules while there are new groups to ask for."""
    if after.tagged is None or before.vpc_ids() != after.vpc_ids():
        return after.sought
    shown = {
        live.id
        for type, lives in after.lives.items()
        for live in lives
        if type.startswith(_EC2) and live.tags.get(PLAN) == after.owner.plan
    }
    missing = after.tagged ^ shown if after.tagged else after.tagged
    if before.ids(_GROUP) != after.ids(_GROUP):
        missing = frozenset(id for id in missing if not id.startswith(_RULE_PREFIX))
    return after.sought | missing
