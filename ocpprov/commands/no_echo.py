"""What a run shows and keeps, without the values of parameters with NoEcho."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.engine.actions import Actions, Change
from ocpprov.engine.claims import named
from ocpprov.engine.events import Event
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live
from ocpprov.engine.secret_texts import MASK, NO_SECRETS, SecretTexts
from ocpprov.engine.values import Value, text, texts_in, to_json
from ocpprov.runs.folder import RunFolder
from ocpprov.ui.progress import View

NOTED: Final = "noEcho"
"""The key of the run folder's note with what a destroy without the plan file mustn't show."""
IN_POLICY: Final = "NoEcho"
"""In place of such a value in a policy of IAM, where the mask would stand for anything."""


class HidingView:
    """A view that is told everything without these texts."""

    def __init__(self, view: View, secrets: SecretTexts) -> None:
        self._view = view
        self._secrets = secrets

    def emit(self, event: Event) -> None:
        hidden: Any = self._secrets.document(event.detail)
        resource, id = self._secrets.masked(event.resource), self._secrets.masked(event.id)
        self._view.emit(replace(event, resource=resource, id=id, detail=hidden))

    def close(self) -> None:
        self._view.close()


def all_secrets(secrets: SecretTexts, actions: Actions, ours: Iterable[Live], folder: RunFolder) -> SecretTexts:
    """The plan's secrets, and what they were before: values of today where the plan has a secret, and of properties
    that had one when the plan was last applied, by the run folder's note."""
    former = {text for action in actions.actions for each in action.changes for text in _former(each, secrets)}
    noted = _noted(folder)
    for live in ours:
        for name in noted.get(named(live), ()):
            former.update(texts_in({"": text_of(live.properties.get(name))}))
    return secrets.also(former)


def _former(change: Change, secrets: SecretTexts) -> set[str]:
    """What stands there today in place of a secret."""
    if not _has_secret(change.after, secrets):
        return set()
    return {*texts_in(change.before)} - {*texts_in(change.after)}


def _has_secret(value: Value, secrets: SecretTexts) -> bool:
    return secrets.value(value) != NO_SECRETS.value(value)


def text_of(value: Value) -> str:
    """A single value as a text; empty for whatever has parts."""
    return text(value) if isinstance(value, str | int | float) else ""


def secret_properties(graph: Graph, secrets: SecretTexts, folder: RunFolder) -> dict[str, list[str]]:
    """Which properties have a secret for their value, by logical id: for the note in the run folder. What the plan no
    longer has stays in it."""
    found = {
        id: [name for name, value in one.properties.items() if text_of(value) and _has_secret(value, secrets)]
        for id, one in graph.resources.items()
    }
    gone = {id: list(names) for id, names in _noted(folder).items() if id not in graph.resources}
    return {**gone, **{id: names for id, names in found.items() if names and not secrets.hides(id)}}


def _noted(folder: RunFolder) -> Mapping[str, Sequence[str]]:
    content = folder.read(folder.last_plan)
    noted = content.get(NOTED) if isinstance(content, Mapping) else None
    rows = noted.items() if isinstance(noted, Mapping) else ()
    return {str(id): list(map(str, names)) for id, names in rows if isinstance(names, list)}


def without_secrets(actions: Actions, secrets: SecretTexts) -> Actions:
    """The actions to be shown."""
    shown = [
        replace(action, changes=[_hidden(change, secrets) for change in action.changes]) for action in actions.actions
    ]
    return replace(actions, actions=shown)


def _hidden(change: Change, secrets: SecretTexts) -> Change:
    """Where the new value has a secret in it, all of the old one may be."""
    before: Any = secrets.value(change.before)
    after: Any = secrets.value(change.after)
    name = secrets.masked(change.property)
    if (name, before, after) == (change.property, to_json(change.before), to_json(change.after)):
        return change
    if _has_secret(change.after, secrets) and change.before is not None:
        before = MASK
    return Change(name, before, after)
