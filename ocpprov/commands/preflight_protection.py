"""What `preflight` finds protected in AWS of what the plan has made: there a later destroy stops, or this apply."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.aws.reads import Reader
from ocpprov.checks.deletion_protection import protected_machines, protections
from ocpprov.checks.result import Check, failed, passed, unknown, warned
from ocpprov.commands.destroy_guards import machines_in
from ocpprov.commands.guards import deleted_by, protected_by_plan
from ocpprov.commands.refresh import PlanResult

_ID = "deletion-protection"


def protected_things(planned: PlanResult, reader: Reader, now: float) -> Iterator[Check]:
    """A result for each, or one word that there is none; nothing where the plan has made nothing yet. `now` is in
    seconds since 1970."""
    ours = list(planned.ours())
    if not ours:
        return
    machines, unseen = machines_in(planned, reader, needed=False)
    asked = (protections(ours, reader, now), protected_machines(machines, reader))
    found = [each for answers in asked for each in answers.found if each.id not in protected_by_plan(planned)]
    going = {live.id for live in deleted_by(planned.actions)}
    for each in found:
        detail, remedy = f"{each.name} is protected by {each.by}", f"if it may go: {each.lift}"
        if each.id in going:
            yield failed(_ID, f"{detail}, and this plan would delete it", remedy)
        else:
            yield warned(_ID, f"{detail}: destroy refuses", remedy)
    missing = [*unseen, *(text for answers in asked for text in answers.unknown)]
    yield from (unknown(_ID, text, "ask who may look") for text in missing)
    if not found and not missing:
        yield passed(_ID, "nothing that the plan has made is protected from deletion in AWS")
