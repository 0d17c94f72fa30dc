"""What a role may do, as one policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ocpprov.sandbox.policy_evaluation import is_policy


def role_policy(role: Any) -> Mapping[str, Any]:
    """The statements of all policies that one of moto's roles has, in it or attached; an empty mapping, which allows
    everything, where one of them has what can't be judged here."""
    attached = [version for policy in role.managed_policies.values() for version in policy.versions]
    texts = [*role.policies.values(), *(version.document for version in attached if version.is_default)]
    statements: list[Any] = []
    for text in texts:
        document = json.loads(text) if isinstance(text, str) else text
        found = document.get("Statement", [])
        statements += [found] if isinstance(found, Mapping) else found
    whole = {"Statement": statements}
    return whole if is_policy(whole) else {}
