"""Which runs spare reads: those that only want to know what there is, not those that tell what couldn't be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ocpprov.commands.refresh import take_inventory
from ocpprov.commands.scope import Scope
from ocpprov.engine.resources import Owner
from ocpprov.kinds.iam.account_details import DETAILS
from ocpprov.kinds.iam.common import LIST_ROLES
from ocpprov.kinds.reads import Found, Read

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
ROLE = {"RoleName": "lab-role", "Arn": "arn:aws:iam::123456789012:role/lab-role", "RoleId": "A1", "Path": "/"}


class Asked:
    """A reader that keeps what it is asked, and knows of one role."""

    def __init__(self) -> None:
        self.reads: list[Read] = []

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        self.reads += wanted
        return {one: [{"Roles": [ROLE]}] if one == LIST_ROLES else [] for one in wanted}


@pytest.mark.parametrize("tolerant", [True, False])
def test_whoever_tells_what_could_not_be_read_asks_for_each_by_itself(tolerant: bool) -> None:
    scope, reader = Scope(services=frozenset({"iam"})), Asked()
    stub: Any = reader
    take_inventory(scope.tolerant() if tolerant else scope, Found(OWNER, names=frozenset({"lab-role"})), stub)
    assert (DETAILS in reader.reads) is not tolerant
    assert "get_role" in {one.operation for one in reader.reads}
