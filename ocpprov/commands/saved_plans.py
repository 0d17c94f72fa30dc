"""A plan that was saved: what a person looked at, to be done later as it was, or not at all.

The file says which actions there were, for reading and for saying what is different, without secrets; and it has a
digest of them with the secrets, so that a value which nobody is shown can't be another one either. The digest is salted
and slow: it doesn't help anybody to guess one.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets as randomness
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ocpprov import __version__
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.no_echo import without_secrets
from ocpprov.commands.options import Options
from ocpprov.engine.actions import Action, Actions, Change
from ocpprov.engine.problem import Problem
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.engine.values import to_json
from ocpprov.plan.nodes import MOST_BYTES
from ocpprov.runs.input_files import read_file
from ocpprov.runs.private_files import Untrusted, read_own, write_into
from ocpprov.runs.saved_plan_file import HEADER, is_saved_plan

FORMAT: Final = 1
_ROUNDS: Final = 200_000
_SHOWN: Final = 20
"""The most differences that are told one by one."""
_AGAIN: Final = "plan it again with `--out`, look at that, and apply it"


@dataclass(frozen=True)
class SavedPlan:
    """What a saved plan's file says, beside where it lies. `plan_file` is the way to the plan file from its folder,
    `plan_digest` the digest of that, `actions` are documents without secrets, `digest` is of those with them."""

    path: Path
    plan_file: str
    plan_digest: str
    account: str
    options: Mapping[str, Any]
    secret_parameters: Sequence[str]
    actions: Sequence[Mapping[str, Any]]
    salt: str
    digest: str

    @property
    def plan_path(self) -> Path:
        return Path(os.path.normpath(self.path.parent / self.plan_file))


def save(path: Path, actions: Actions, secrets: SecretTexts, options: Options) -> None:
    """Write what is to be done into a file for its owner's eyes. `options` are those that it was planned with. Raises
    Refused where there is another file, or none can be written."""
    if path.exists() and not is_saved_plan(path):
        raise Refused(Problem(f"--out {path}", "is there, and no saved plan", "name another file, or remove it"))
    plan_file = options.plan or Path()
    salt = randomness.token_hex(16)
    # What has a secret inside is given again, like the secret itself.
    shown = {name: value for name, value in options.parameters.items() if name not in secrets.parameters}
    shown = {name: value for name, value in shown.items() if not secrets.hides(value)}
    document = {
        "ocpprov": __version__,
        "planFile": os.path.relpath(plan_file, path.parent),
        "planDigest": _digest_of(plan_file, salt),
        "account": actions.owner.account,
        "region": actions.owner.region,
        "plan": actions.owner.plan,
        "options": {
            "name": options.name,
            "region": options.region,
            "parameters": shown,
            "allow": sorted(options.allow),
            "without": sorted(options.without),
        },
        "secretParameters": sorted(set(options.parameters) - set(shown)),
        "actions": documents(without_secrets(actions, secrets), secrets),
        "salt": salt,
        "digest": _digest(documents(actions, NO_SECRETS), actions, salt),
    }
    text = f"{HEADER}{FORMAT}\n{json.dumps(document, indent=1)}\n"
    try:
        write_into(path.parent, path.name, text)
    except OSError as error:
        raise Refused(Problem(f"--out {path}", f"can't be written: {error.strerror}", "name another file")) from error


def saved_plan(path: Path) -> SavedPlan:
    """A saved plan. Raises Refused for what isn't whole, or may have been written by others, or by another version."""
    try:
        head, _, body = read_own(path).decode().partition("\n")
    except Untrusted as error:
        raise Refused(Problem(str(path), str(error.strerror))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(Problem(str(path), f"can't be read: {getattr(error, 'strerror', 'not a text')}")) from error
    if head != f"{HEADER}{FORMAT}":
        raise Refused(Problem(str(path), "was saved by another version of ocpprov", _AGAIN))
    try:
        content = json.loads(body)
        return SavedPlan(
            path,
            str(content["planFile"]),
            str(content["planDigest"]),
            str(content["account"]),
            dict(content["options"]),
            list(map(str, content["secretParameters"])),
            [dict(each) for each in content["actions"]],
            str(content["salt"]),
            str(content["digest"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(Problem(str(path), "isn't whole", _AGAIN)) from error


def unsaved(options: Options) -> tuple[Options, SavedPlan | None]:
    """The options of an apply with the plan file, and the saved plan where one was given in its place. Raises
    Refused."""
    if options.plan is None or not is_saved_plan(options.plan):
        return options, None
    saved = saved_plan(options.plan)
    return as_it_was_planned(saved, options), saved


def as_it_was_planned(saved: SavedPlan, given: Options) -> Options:
    """The options of an apply of it: those that it was planned with, and of those given what is about the run. Raises
    Refused where others are given that it has, where a secret is missing, and where the plan file is another."""
    fixed = {"name": given.name, "region": given.region, "without": given.without}
    foreign = [name for name, value in fixed.items() if value]
    foreign += [f"parameter {name}" for name in sorted(set(given.parameters) - set(saved.secret_parameters))]
    if foreign:
        raise Refused(
            Problem(str(saved.path), "a saved plan has its own options", f"leave out --{', --'.join(foreign)}")
        )
    if missing := sorted(set(saved.secret_parameters) - set(given.parameters)):
        detail = f"the values of {', '.join(missing)} aren't kept in it"
        raise Refused(Problem(str(saved.path), detail, f"give them again: --parameter {missing[0]}=..."))
    if _digest_of(saved.plan_path, saved.salt) != saved.plan_digest:
        raise Refused(Problem(str(saved.path), f"{saved.plan_path} isn't what it was when this was planned", _AGAIN))
    its = saved.options
    return replace(
        given,
        plan=saved.plan_path,
        name=str(its.get("name", "")),
        region=str(its.get("region", "")),
        parameters={**its.get("parameters", {}), **given.parameters},
        allow=given.allow | frozenset(its.get("allow", ())),
        without=frozenset(its.get("without", ())),
        yes=True,
    )


def guard_saved(saved: SavedPlan, actions: Actions, secrets: SecretTexts) -> None:
    """Raises Refused with what is different where the actions aren't just those that were saved."""
    if actions.owner.account != saved.account:
        detail = f"was planned for account {saved.account}, and these credentials are of {actions.owner.account}"
        raise Refused(Problem(str(saved.path), detail, "use credentials of the other account"))
    if _digest(documents(actions, NO_SECRETS), actions, saved.salt) == saved.digest:
        return
    now = documents(without_secrets(actions, secrets), secrets)
    found = [*differences(saved.actions, now)] or ["a value that isn't shown is another one"]
    if not now:
        found = ["nothing is to be done any more: it was done already, from here or elsewhere"]
    if len(found) > _SHOWN:
        found = [*found[:_SHOWN], f"and {len(found) - _SHOWN} more"]
    first = Problem(str(saved.path), "what there is to do isn't what was planned; nothing was changed", _AGAIN)
    raise Refused(first, *(Problem(str(saved.path), each) for each in found))


def documents(actions: Actions, secrets: SecretTexts) -> list[dict[str, Any]]:
    """What there is to do, in an order of its own: each action with its changes and with the properties that the plan
    has for it."""
    found = [_document(action, actions, secrets) for action in actions.changes]
    return sorted(found, key=lambda each: (each["resource"], each["type"], each["id"], each["action"]))


def _document(action: Action, actions: Actions, secrets: SecretTexts) -> dict[str, Any]:
    planned = actions.graph.resources.get(action.resource)
    properties = planned.properties if planned and planned.type == action.type else {}
    return {
        "resource": secrets.masked(action.resource),
        "type": action.type,
        "action": action.verb.value,
        "id": secrets.masked(action.id),
        "interrupts": action.interrupts,
        "changes": sorted((_change(each, secrets) for each in action.changes), key=lambda each: str(each["property"])),
        "properties": {secrets.masked(name): secrets.value(value) for name, value in sorted(properties.items())},
    }


def _change(change: Change, secrets: SecretTexts) -> dict[str, Any]:
    """AWS answers lists in any order."""
    before, after = to_json(change.before), to_json(change.after)
    if isinstance(before, list):
        before = sorted(before, key=str)
    return {
        "property": secrets.masked(change.property),
        "from": secrets.document(before),
        "to": secrets.document(after),
    }


def differences(saved: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is there to do now and wasn't, or was and isn't, or is done in another way."""
    before, after = ({_place(each): each for each in some} for some in (saved, now))
    for place in sorted({*before, *after}):
        old, new = before.get(place), after.get(place)
        if old is None or new is None:
            yield f"{'no longer' if new is None else 'now also'}: {_words(old or new or {})}"
        elif old != new:
            yield f"otherwise: {_words(old)}: {'; '.join(_parts(old, new))}"


def _place(each: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(each.get(name, "")) for name in ("resource", "type", "action", "id"))


def _words(each: Mapping[str, Any]) -> str:
    resource, type, action, id = _place(each)
    return f"{action} {resource} ({type}{f', {id}' if id else ''})"


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    changes = [{row["property"]: (row["from"], row["to"]) for row in each["changes"]} for each in (old, new)]
    for what, (before, after) in (("change of ", changes), ("", [old["properties"], new["properties"]])):
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield f"{what}{name} was {json.dumps(before.get(name))}, is {json.dumps(after.get(name))}"
    if old["interrupts"] != new["interrupts"]:
        yield "it interrupts" if new["interrupts"] else "it interrupts no more"


def _digest_of(path: Path, salt: str) -> str:
    """Of a plan file, which may have secrets in it. Raises Refused."""
    try:
        return _slow_digest(read_file(path, MOST_BYTES), salt)
    except OSError as error:
        raise Refused(Problem(str(path), f"can't be read: {error.strerror}")) from error


def _digest(rows: Sequence[Mapping[str, Any]], actions: Actions, salt: str) -> str:
    owner = actions.owner
    names = [owner.plan, owner.account, owner.region, owner.cluster, owner.plan_id, owner.protect]
    whole = [*names, dict(owner.user_tags), rows]
    return _slow_digest(json.dumps(whole, sort_keys=True).encode(), salt)


def _slow_digest(content: bytes, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", content, salt.encode(), _ROUNDS).hex()
