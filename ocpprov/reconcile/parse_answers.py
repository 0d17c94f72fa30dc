"""Answers to lives: each kind's `parse`, and what becomes of an answer that it can't make sense of.

Where it is about something of this plan, or may be, that is an error which names operation and thing. What is surely
somebody else's, in whatever shape, is passed over and said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Answer, told, unreadable
from ocpprov.engine.ownership import PLAN, claimed_by
from ocpprov.engine.resources import Live
from ocpprov.engine.values import texts_in
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found, Pages, Read

_NETWORK: Final = "AWS::EC2::"
_OF_OUR_MARKS: Final = "describe_tags"
"""EC2 is asked for single tags only where a plan has put them."""


@dataclass(frozen=True)
class Parsed:
    """The live resources of a kind, and in words what of others' couldn't be read."""

    lives: Sequence[Live]
    passed_over: Sequence[str] = ()


@dataclass(frozen=True)
class _Part:
    """What an answer tells of one thing, with the read that brought it; alone in its answer."""

    read: Read
    thing: Mapping[str, Any]
    alone: Mapping[str, Any]


def parse(kind: Kind, pages: Pages) -> Sequence[Live]:
    """The live resources of a kind in the answers. Raises AwsError where the kind can't make sense of one of them."""
    heard = _Heard(pages.answers)
    try:
        return [_with_its_id(kind, live) for live in kind.parse(heard)]
    except AwsError:
        raise
    except Exception as error:
        operations = " or ".join(dict.fromkeys(heard.operations))
        raise unreadable(operations, f"it can't be read as {kind.type} ({told(error)})") from error


def _with_its_id(kind: Kind, live: Live) -> Live:
    """The same. Raises ValueError where its id is none: no other call could be made about it, and nobody would know it
    again."""
    if not live.id or live.id != live.id.strip() or not live.id.startswith(kind.id_prefix):
        raise ValueError("one has no id of the type")
    return live


def parse_around(kind: Kind, pages: Pages, found: Found) -> Parsed:
    """The same, without what is surely not of the plan that asks. Raises AwsError where what can't be read may be."""
    try:
        return Parsed(parse(kind, pages))
    except AwsError as error:
        strange = list(_strange(kind, pages))
        ours = [wrong for part, wrong in strange if _may_be_ours(kind, part, found)]
        if ours:
            raise ours[0] from error
    things = [part.thing for part, _ in strange]
    lives = parse(kind, _without(pages, things))
    return Parsed(lives, [f"{wrong}: it isn't this plan's, and is left alone" for _, wrong in strange])


@dataclass(frozen=True)
class _Heard(Pages):
    """Answers that keep in mind which of them were asked for, by the API's names of their operations."""

    operations: list[str] = field(default_factory=list)

    def documents(self, service: str, operation: str) -> Iterator[tuple[Read, Mapping[str, Any]]]:
        self.operations.append("".join(word.capitalize() for word in operation.split("_")))
        return super().documents(service, operation)


def _strange(kind: Kind, pages: Pages) -> Iterator[tuple[_Part, AwsError]]:
    """What can't be read even by itself, each with what is wrong."""
    for read, answers in pages.answers.items():
        for part in chain.from_iterable(_parts(read, answer) for answer in answers):
            try:
                parse(kind, Pages({read: [part.alone]}))
            except AwsError as error:
                yield part, error


def _parts(read: Read, answer: Mapping[str, Any]) -> Iterator[_Part]:
    """The items of a list; of an answer that is about one thing, the whole."""
    items = [item for value in answer.values() if isinstance(value, list) for item in value]
    things = [item for item in items if isinstance(item, Mapping)]
    if read.operation.startswith("get_") or not things or not isinstance(answer, Answer):
        yield _Part(read, answer, answer)
        return
    for thing in things:
        yield _Part(read, thing, answer.narrowed(lambda item, thing=thing: item is thing))  # type: ignore[misc]


def _without(pages: Pages, things: Collection[Mapping[str, Any]]) -> Pages:
    ids = {id(thing) for thing in things}
    return Pages(
        {
            read: [
                answer.narrowed(lambda item: id(item) not in ids) if isinstance(answer, Answer) else answer
                for answer in answers
                if id(answer) not in ids
            ]
            for read, answers in pages.answers.items()
        }
    )


def _may_be_ours(kind: Kind, part: _Part, found: Found) -> bool:
    """EC2 says whose a thing is with the thing, or by the answer about the plan's tag; of the rest a name may tell, or
    what the thing belongs to, but not the network that it lies in. What says nothing of itself may be anybody's."""
    if not any(_own_texts(part.thing)):
        return True
    if _carries_plan(part.thing, found.owner.plan) or part.read.operation == _OF_OUR_MARKS:
        return True
    claimed = [live for lives in found.lives.values() for live in lives if claimed_by(live, found.owner)]
    if part.read.service == "ec2":
        if kind.id_prefix and _is_known_by_id(kind, part, found):
            return True
        asked = set(texts_in(part.read.arguments())) if part.thing is part.alone else set[str]()
        return any(live.id in asked for live in claimed)
    ids = {live.id for live in claimed if not live.type.startswith(_NETWORK)} | found.made
    texts = set(texts_in([part.thing, part.read.arguments()]))
    if not ids.isdisjoint(texts) or any(text.startswith(f"ocpprov/{found.owner.plan}/") for text in texts):
        return True
    words = {word.removesuffix(".").lower() for text in texts for word in text.replace(":", "/").split("/")}
    known = {name.lower() for name in found.names or ()}
    return any(word in known or word.startswith(f"{found.owner.plan}-") for word in words)


def _own_texts(thing: Mapping[str, Any]) -> Iterator[str]:
    """What a thing says, or the answer that is about one thing, but for what AWS says of the answer itself."""
    return texts_in([value for name, value in thing.items() if name != "ResponseMetadata"])


def _is_known_by_id(kind: Kind, part: _Part, found: Found) -> bool:
    """Whether the id of a thing is one of the plan's, by the journal or the answer about the plan's tag. What has
    neither id nor tags may be any of them. Ids further in are of other things, such as groups that a group lets in."""
    texts = (text for text in part.thing.values() if isinstance(text, str))
    ids = {text for text in texts if text.startswith(kind.id_prefix) and text == text.strip()}
    if not ids:
        return not part.thing.get("Tags")
    return not ids.isdisjoint(found.made | (found.tagged or frozenset()))


def _carries_plan(value: Any, plan: str) -> bool:
    """Whether the plan's tag is somewhere in an answer."""
    if isinstance(value, Mapping):
        is_tag = not value.keys().isdisjoint(("Key", "Value"))
        if is_tag and value.get("Key", PLAN) == PLAN and value.get("Value", plan) == plan:
            return True
        return any(_carries_plan(item, plan) for item in value.values())
    return isinstance(value, list) and any(_carries_plan(item, plan) for item in value)
