"""Names that are generated, as a plan leaves them out, and that AWS doesn't take: they begin with the plan's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ocpprov.engine.kind_facts import KindFacts
from ocpprov.engine.ownership import generated_name
from ocpprov.engine.resources import Owner
from ocpprov.engine.values import Value
from ocpprov.plan.problems import PlanError
from ocpprov.plan.template_rules import TemplateContext

_ANY_REVISION: Final = "0-000000000000"


def name_problem(
    kind: KindFacts, plan: str, logical_id: str, properties: Mapping[str, Value]
) -> tuple[str, str] | None:
    """What is wrong with the name that a resource would get, and what helps; None where it gets none, or a good one.
    Its end, which is a hash, is never what is wrong."""
    row = next((row for row in kind.properties if row.name == kind.name_property), None)
    if row is None or row.name in properties or not plan:
        return None
    name = generated_name(kind, Owner(plan, "", "", ""), logical_id, _ANY_REVISION)
    if not row.pattern or re.fullmatch(row.pattern, name):
        return None
    message = f"{name.rpartition('-')[0]}-… would be its name, which AWS doesn't take"
    return message, f"give it a {row.name}, or the plan another name"


def generated_name_problems(context: TemplateContext, kinds: Mapping[str, KindFacts]) -> Iterator[PlanError]:
    """The same of all resources of a template, each at its place."""
    for resource in context.template.resources.values():
        wrong = name_problem(kinds[resource.type], context.name, resource.logical_id, resource.properties)
        if wrong and resource.position:
            yield PlanError(resource.position, context.template.paths[resource.logical_id], *wrong)
