"""What carries a plan's tag, of all types of EC2 in one answer (DescribeTags), instead of a list by tag for each type.

The answer says which things there are, by their ids. What they are like is told by lists: by network, and by id for
those that no such list has brought.
"""

from __future__ import annotations

from typing import Final

from ocpprov.engine.ownership import PLAN, SHARED
from ocpprov.kinds.contract import Found, Pages, Read, read

_ANY_MARK: Final = "* + *"
"""Fits each mark on somebody else's resource, which has several entries, and no plan's name. Filters of this call take
wildcards (EC2 API reference of 2014-06-15, DescribeTags: an asterisk matches zero or more characters)."""
_GROUP: Final = "AWS::EC2::SecurityGroup"
_RULE_PREFIX: Final = "sgr-"


def tags_read(plan: str) -> Read:
    """The call that brings a plan's tag wherever it is, and its marks on what others have; `plan` is its name."""
    filters = [
        {"Name": "key", "Values": [PLAN, SHARED + plan]},
        {"Name": "value", "Values": [plan, _ANY_MARK]},
    ]
    return read("ec2", "describe_tags", Filters=filters)


def tagged_ids(pages: Pages, plan: str) -> frozenset[str]:
    """The ids of what carries the plan's tag, by the answers."""
    rows = pages.items("ec2", "describe_tags", "Tags")
    return frozenset(row["ResourceId"] for row in rows if (row["Key"], row.get("Value")) == (PLAN, plan))


def sought_after(before: Found, after: Found) -> frozenset[str]:
    """What carries the plan's tag and isn't in what was found: none while lists by network are still to come, as what
    was found since the last question names another network, and no rules while there are new groups to ask for."""
    if after.tagged is None or before.vpc_ids() != after.vpc_ids():
        return after.sought
    missing = after.tagged - {live.id for lives in after.lives.values() for live in lives}
    if before.ids(_GROUP) != after.ids(_GROUP):
        missing = frozenset(id for id in missing if not id.startswith(_RULE_PREFIX))
    return after.sought | missing
