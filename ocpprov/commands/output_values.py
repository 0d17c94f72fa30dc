"""What the outputs of a plan are, as far as what they are about is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ocpprov.commands.excluded_services import predicted_attributes
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.resources import Live
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value, is_known, resolve
from ocpprov.plan.model import Output


def output_values(
    wanted: Sequence[Output],
    planned: PlanResult,
    current: Mapping[str, Live],
    secrets: SecretTexts,
    *,
    joined: bool = False,
) -> dict[str, object]:
    """The outputs whose resources exist, in order, and those of what is left out, as far as its names tell; without
    these texts. One of several values is a list, or (`joined`) the text that a template has."""
    to_come = predicted_attributes(planned.excluded, planned.actions.owner)

    def lookup(reference: Ref | GetAtt) -> Value:
        live = current.get(reference.logical_id)
        if live is None:
            return to_come.get(reference, Unknown(reference))
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes.get(reference.attribute, Unknown(reference, is_unanswered=True))

    resolved = {
        output.name: resolve(output.value, lookup)
        if joined or not output.items
        else list(_flat(resolve(item, lookup) for item in output.items))
        for output in wanted
    }
    return {name: secrets.value(value) for name, value in resolved.items() if is_known(value)}


def _flat(items: Iterable[Value]) -> Iterator[Value]:
    """The values, in place of a list its own."""
    for item in items:
        if isinstance(item, Sequence) and not isinstance(item, str):
            yield from item
        else:
            yield item
