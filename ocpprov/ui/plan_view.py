"""A plan as a person reads it: what hurts first, then by subject, children counted with what they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.printable import offered
from ocpprov.engine.resources import Owner
from ocpprov.engine.suggestion import allow_option
from ocpprov.engine.values import references
from ocpprov.kinds.contract import Kind, Subject
from ocpprov.kinds.inline_ids import words
from ocpprov.ui.change_lines import ChangeKey, is_bookkeeping, key_of, shared_text, texts_of
from ocpprov.ui.families import Families
from ocpprov.ui.lines import Line, Tone

_SIGNS: Final = {
    Verb.CREATE: "+",
    Verb.UPDATE: "~",
    Verb.REPLACE: "±",
    Verb.DELETE: "-",
    Verb.ADOPT: "~",
    Verb.FORGET: "∅",
    Verb.SWEEP: "-",
    Verb.KEEP: " ",
}
_TONES: Final = {
    Verb.CREATE: Tone.GOOD,
    Verb.UPDATE: Tone.CHANGE,
    Verb.ADOPT: Tone.CHANGE,
    Verb.FORGET: Tone.CHANGE,
    Verb.REPLACE: Tone.DANGER,
    Verb.DELETE: Tone.DANGER,
    Verb.SWEEP: Tone.DANGER,
    Verb.KEEP: Tone.PLAIN,
}
_TAKES: Final = (Verb.DELETE, Verb.SWEEP)
_CHANGES: Final = (Verb.UPDATE, Verb.ADOPT)
_ALIKE: Final = 3
"""From so many resources on, the same change is told once."""
_FEW: Final = 6
"""Up to so many children of what stays have a line each."""
_SOME: Final = 10
"""So many notes of a sort, and the number of the others."""
_WIDEST: Final = 34


@dataclass(frozen=True)
class PlanView:
    """What is shown of a plan. `allowed` are what `--allow` names, None where nothing needs it (a destroy); `verbose`
    unfolds all that is counted."""

    actions: Actions
    kinds: Mapping[str, Kind]
    allowed: frozenset[str] | None = frozenset()
    verbose: bool = False

    def lines(self) -> Iterator[Line]:
        """The whole plan. It ends with the summary."""
        if self.actions.changes:
            yield from self._harm()
            yield from self._alike()
            for subject in Subject:
                yield from self._about(subject)
        yield from self._asides()
        yield Line(summary_text(self.actions.summary()), Tone.HEADING)

    @cached_property
    def _families(self) -> Families:
        return Families(self.actions, self.kinds)

    @cached_property
    def _own(self) -> Sequence[Action]:
        """What has a line of its own: no child of another; of what stays, what has children that don't."""
        alone = [action for action in self.actions.actions if self._families.parent(action) is None]
        return [action for action in alone if self._is_told(action)]

    def _is_told(self, action: Action) -> bool:
        changes = action.verb not in (Verb.KEEP, *_CHANGES) or self._left(action)
        return bool(changes or self._families.children.get(action.resource))

    def _hurts(self, action: Action) -> bool:
        """Whether something is lost or interrupted. Where everything goes, nothing stands out."""
        return not self._everything_goes and (action.verb in (*_TAKES, Verb.REPLACE) or action.interrupts)

    def _harm(self) -> Iterator[Line]:
        if harmful := [action for action in self._own if self._hurts(action)]:
            yield Line("Replaced, deleted or interrupted:", Tone.HEADING)
            for action in harmful:
                yield from self._rows(action, 0)

    def _about(self, subject: Subject) -> Iterator[Line]:
        rows = [each for each in self._own if self._subject(each) is subject and not self._hurts(each)]
        if rows:
            yield Line(f"{subject.value}:", Tone.HEADING)
            if self._everything_goes and not self.verbose:
                yield from self._together(rows)
                return
            width = min(max(len(action.resource) for action in rows), _WIDEST)
            for action in rows:
                yield from self._rows(action, width)

    @cached_property
    def _everything_goes(self) -> bool:
        return all(action.verb in (*_TAKES, Verb.FORGET) for action in self.actions.actions)

    def _together(self, rows: Sequence[Action]) -> Iterator[Line]:
        """All of a type in one line, with AWS's ids, and how many go with them."""
        alike: dict[tuple[Verb, str, str], list[Action]] = {}
        for action in rows:
            alike.setdefault((action.verb, action.type, self._reason(action)), []).append(action)
        for (verb, type, reason), actions in alike.items():
            names = ", ".join(map(self._name_and_id, actions))
            children = [child for each in actions for child in self._families.children.get(each.resource, ())]
            along = ", ".join(text for _, text in self._families.counted(children))
            said = f"{f'; {along}' if along else ''}{f' ({reason})' if reason else ''}"
            short = type.rpartition("::")[2]
            yield Line(f"  {_SIGNS[verb]} {verb.value:7} {short}: {names}{said}", _TONES[verb])

    def _subject(self, action: Action) -> Subject:
        kind = self.kinds.get(action.type)
        return kind.subject_of() if kind else Subject.NETWORK

    def _rows(self, action: Action, width: int) -> Iterator[Line]:
        children = self._families.children.get(action.resource, ())
        folded = [child for child in children if self._goes_along(child, action)]
        beside = [child for child in children if not self._goes_along(child, action)]
        counts = ", ".join(dict.fromkeys(text for _, text in self._families.counted(folded)))
        yield Line(f"  {self._headline(action, width, counts)}", _TONES[action.verb])
        for change in self._left(action):
            yield from (Line(f"      {text}", Tone.CHANGE) for text in texts_of(change))
        # What goes is named, however much it is: nobody says yes to a number.
        counted = [child for child in beside if child.verb not in _TAKES]
        if len(counted) > _FEW and not self.verbose:
            yield Line(f"      {self._by_verb(counted)}", Tone.CHANGE)
            beside = [child for child in beside if child.verb in _TAKES]
        for child in beside:
            yield Line(f"    {self._headline(child, 0, '')}", _TONES[child.verb])
            for change in self._left(child):
                yield from (Line(f"        {text}", Tone.CHANGE) for text in texts_of(change))

    def _goes_along(self, child: Action, parent: Action) -> bool:
        """Whether what happens to the child is no more than what happens to its parent says."""
        if self.verbose:
            return False
        anew = parent.verb is Verb.REPLACE and child.verb in (Verb.CREATE, Verb.REPLACE, *_TAKES)
        return anew or (child.verb is parent.verb and parent.verb in (Verb.CREATE, *_TAKES))

    def _by_verb(self, children: Sequence[Action]) -> str:
        return ", ".join(f"{text} to {verb}" for verb, text in self._families.counted(children))

    def _name_and_id(self, action: Action) -> str:
        """Once where they are one: what is on others' things has no name but theirs."""
        return " ".join(dict.fromkeys(filter(None, [action.resource, self._id(action)])))

    def _headline(self, action: Action, width: int, counts: str) -> str:
        kind = self.kinds.get(action.type)
        properties = self._families.properties(action)
        values = [words(properties.get(name)) for name in (kind.tells if kind else ())]
        named = action.resource.replace("/", " ", 1).split()
        tells = [value for value in values if value.rstrip(".") not in named]
        told = " ".join(dict.fromkeys(filter(None, [action.type.rpartition("::")[2], *tells, self._id(action)])))
        verb = "" if action.verb is Verb.KEEP else action.verb.value
        line = f"{_SIGNS[action.verb]} {verb:7} {action.resource:{width}}  {told}{f': {counts}' if counts else ''}"
        if reason := self._reason(action):
            line += f" ({reason})"
        if action.interrupts:
            line += "  INTERRUPTS: the old one goes before the new one is there"
        return line + self._needs(action)

    def _id(self, action: Action) -> str:
        """AWS's id. An ARN, or a key that is put together for what has none, fills a row and says little more than the
        name."""
        return action.id if self.verbose or not ("|" in action.id or action.id.startswith("arn:")) else ""

    def _reason(self, action: Action) -> str:
        """Why; for what is made anew only since something that it refers to is, the names of that."""
        if action.verb is Verb.REPLACE and action.changes and (causes := self._causes(action)):
            return f"with {', '.join(causes)}"
        return "" if action.verb is Verb.CREATE else action.reason

    def _causes(self, action: Action) -> Sequence[str]:
        """What is replaced and referred to, where nothing else changes; empty where something does."""
        names = [name for change in action.changes for name in _named(change)]
        only = all(not self._replaced.isdisjoint(_named(change)) for change in action.changes)
        return [*dict.fromkeys(name for name in names if name in self._replaced)] if only and not self.verbose else ()

    @cached_property
    def _replaced(self) -> frozenset[str]:
        return frozenset(each.resource for each in self.actions.actions if each.verb is Verb.REPLACE)

    def _needs(self, action: Action) -> str:
        """What apply refuses as it is."""
        if self.allowed is None:
            return ""
        needed = [*action.guarded_ids, *([action.resource] if action.guarded else [])]
        missing = [name for name in needed if name not in self.allowed]
        if not all(map(offered, missing)):
            return "  apply refuses it: somebody else chose that name"
        return f"  apply needs {' '.join(map(allow_option, missing))}" if missing else ""

    def _left(self, action: Action) -> Sequence[Change]:
        """The changes to be told here: not those of what is new, of our own bookkeeping, or that many have."""
        if action.verb is Verb.CREATE or (action.verb is Verb.REPLACE and self._causes(action)):
            return ()
        if action.verb not in _CHANGES:
            return action.changes
        if self.verbose:
            return action.changes
        return [each for each in action.changes if not is_bookkeeping(each) and key_of(each) not in self._shared]

    @cached_property
    def _updates(self) -> Sequence[Action]:
        return [action for action in self.actions.changes if action.verb in _CHANGES]

    @cached_property
    def _shared(self) -> Mapping[ChangeKey, int]:
        changes = [each for action in self._updates for each in action.changes if not is_bookkeeping(each)]
        counts = Counter(map(key_of, changes))
        return {} if self.verbose else {key: count for key, count in counts.items() if count >= _ALIKE}

    def _alike(self) -> Iterator[Line]:
        for key, count in self._shared.items():
            yield Line(f"  ~ {shared_text(key)} on {count} resources", Tone.CHANGE)
        if not self.verbose and (hidden := sum(any(map(is_bookkeeping, each.changes)) for each in self._updates)):
            yield Line(f"  ~ ocpprov's own tags on {hidden} resources", Tone.ASIDE)

    def _asides(self) -> Iterator[Line]:
        left = [other for other in self.actions.others if other.is_left]
        along = [other for other in self.actions.others if not other.is_left]
        yield from (Line(f"  not ours, goes along: {each.resource}: {each.what}", Tone.DANGER) for each in along)
        others = [f"  not ours, left alone: {other.resource}: {other.what}" for other in left]
        notes = [f"  note: {note}" for note in self.actions.notes]
        for texts in (others, notes):
            shown = texts if self.verbose else texts[:_SOME]
            yield from (Line(text, Tone.ASIDE) for text in shown)
            if len(texts) > len(shown):
                yield Line(f"    and {len(texts) - len(shown)} more (--verbose lists them)", Tone.ASIDE)


def header(owner: Owner, there: int, *, sandbox: bool) -> Line:
    """What is planned, where, and what it was compared with: `there` resources of the plan."""
    place = f"plan {owner.plan}, account {owner.account}, region {owner.region}{', SANDBOX' if sandbox else ''}"
    return Line(f"{place}: compared with {there} of its resources in AWS", Tone.HEADING)


def _named(change: Change) -> Sequence[str]:
    """The logical ids in a new value."""
    return [each.logical_id for each in references(change.after)]


def summary_text(counts: Mapping[str, int]) -> str:
    """How many of each, in one line: what plan, apply and destroy say is counted alike."""
    shown = {verb: count for verb, count in counts.items() if count or verb in ("create", "delete")}
    text = ", ".join(f"{count} {'unchanged' if verb == 'keep' else f'to {verb}'}" for verb, count in shown.items())
    nothing = all(verb == "keep" for verb, count in counts.items() if count)
    return f"{text}: nothing to do" if nothing else text
