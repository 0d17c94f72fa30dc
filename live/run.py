"""The story of a run: look, state, ask, make, ask AWS, take away, prove."""

from __future__ import annotations

import json
import traceback
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from live.answers import Answer, Asked, to_json, to_table, write_private
from live.asking import ask_all
from live.cleaning import Cleaner
from live.cleanliness import left_of
from live.interruption import Abandoned, Interrupted, Interruption, interruptible
from live.inventory import look
from live.lab import Lab
from live.names import CLUSTER, SMALLEST, new_run, plan_name
from live.plans import IGNITION, Place, cluster, smallest
from live.proofs import judge
from live.region import zone_of
from live.setting import BEFORE, Setting
from live.stages import Stage
from ocpprov import __version__

DONE, FAILED, NOTHING_BEGUN, INTERRUPTED = 0, 1, 2, 130


class Stopped(Exception):
    """The run mustn't begin; the text says why."""


@dataclass
class _Run:
    """What has happened so far."""

    place: Place
    before: Collection[str]
    begun: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def run(setting: Setting, stages: Collection[Stage]) -> int:
    """0: it went as it should, whatever AWS answered. 1: something failed, or is left. 2: nothing was begun. 130: it
    was interrupted, and nothing is left."""
    try:
        ours = _begin(setting)
    except Stopped as stopped:
        setting.say(f"{stopped}; nothing was begun")
        return NOTHING_BEGUN
    first = next(stage for stage in Stage if stage in stages)
    try:
        confirmed = setting.confirmed(first)
    except KeyboardInterrupt:
        confirmed = False
    if not confirmed:
        setting.say("not confirmed; nothing was begun")
        return NOTHING_BEGUN
    write_private(setting.folder / BEFORE, _before(setting, ours))
    interruption = Interruption(setting.say)
    try:
        with interruptible(interruption):
            try:
                interruption.arm()
                _stages(setting, ours, stages, first)
                interruption.clean()
            except Interrupted as signal:
                setting.say(f"{signal}: cleaning up")
            left = _cleaned(setting, ours)
    except Abandoned:
        setting.say(f"left as it is; take it away with: {setting.again}")
        return FAILED
    _report(setting, ours, left)
    return FAILED if ours.troubles or left else INTERRUPTED if interruption.names else DONE


def _cleaned(setting: Setting, ours: _Run) -> Sequence[str]:
    """What is left, in words."""
    try:
        left = cleaner_of(setting).clean(ours.place.run, ours.before, ours.begun)
    except Exception:
        left = [f"the clean-up failed: {traceback.format_exc()}"]
    if not left:
        (setting.folder / BEFORE).unlink(missing_ok=True)
    return left


def cleaner_of(setting: Setting) -> Cleaner:
    """Who takes everything away."""
    return Cleaner(setting.client, setting.clock, setting.product, setting.region, setting.say)


def _begin(setting: Setting) -> _Run:
    """Raises Stopped."""
    try:
        found = look(setting.client)
        zone = zone_of(setting.client, setting.region)
    except (BotoCoreError, ClientError, LookupError) as error:
        raise Stopped(str(error)) from error
    if found.unseen:
        raise Stopped(f"what can't be looked at can't be proved clean: {'; '.join(found.unseen)}")
    if left := left_of(judge(found.things)):
        raise Stopped(
            f"an earlier run has left things, such as: {left[0]}. Take them away with: {setting.again},"
            " in the region of that run"
        )
    place = Place(setting.account, setting.region, zone, new_run())
    return _Run(place, frozenset(thing.id for thing in found.things))


def _before(setting: Setting, ours: _Run) -> str:
    document = {
        "account": setting.account,
        "region": setting.region,
        "run": ours.place.run,
        "ids": sorted(ours.before),
    }
    return json.dumps(document, indent=1) + "\n"


def _stages(setting: Setting, ours: _Run, stages: Collection[Stage], first: Stage) -> None:
    for stage in Stage:
        if stage not in stages or (stage is not first and not setting.confirmed(stage)):
            continue
        try:
            _stage(setting, ours, stage)
        except Exception:
            ours.troubles.append(f"{stage.value} went wrong here: {traceback.format_exc()}")


def _stage(setting: Setting, ours: _Run, stage: Stage) -> None:
    match stage:
        case Stage.SMALLEST:
            _plan_stage(setting, ours, SMALLEST, smallest(ours.place))
        case Stage.QUESTIONS:
            _question_stage(setting, ours)
        case Stage.CLUSTER:
            write_private(setting.folder / IGNITION, '{"ignition": {"version": "3.2.0"}}\n')
            _plan_stage(setting, ours, CLUSTER, cluster(ours.place, setting.domain))


def _plan_stage(setting: Setting, ours: _Run, sort: str, document: dict[str, Any]) -> None:
    """Preflight, apply, apply again, destroy."""
    name = plan_name(ours.place.run, sort)
    file = f"{sort}.json"
    write_private(setting.folder / file, json.dumps(document, indent=2) + "\n")
    product = setting.product
    if product.run("preflight", file) != 0:
        ours.troubles.append(f"preflight of {file} failed, so it wasn't applied")
        return
    ours.begun.append(name)
    if product.run("apply", file, "--yes") != 0:
        ours.troubles.append(f"apply of {file} failed")
    else:
        before = product.changes(name)
        if product.run("apply", file, "--yes") != 0:
            ours.troubles.append(f"the second apply of {file} failed")
        elif more := product.changes(name) - before:
            ours.troubles.append(f"the second apply of {file} sent {more} changes, not none")
    if product.run("destroy", file, "--yes", "--ignore-missing") == 0:
        ours.begun.remove(name)
    else:
        ours.troubles.append(f"destroy of {file} failed")


def _question_stage(setting: Setting, ours: _Run) -> None:
    place = ours.place

    def new_lab() -> Lab:
        return Lab(setting.client, setting.clock, place.region, place.zone, place.run)

    for answer in ask_all(setting.topics, new_lab, setting.say):
        ours.answers.append(answer)


def _report(setting: Setting, ours: _Run, left: Sequence[str]) -> None:
    troubles = [*ours.troubles, *left, *([f"take it away with: {setting.again}"] if left else [])]
    now = datetime.now(UTC)
    asked = Asked(setting.partition, setting.region, f"{now:%Y-%m-%d}", __version__, setting.rehearsed)
    stem = setting.folder / f"answers-{now:%Y%m%dT%H%M%SZ}"
    if ours.answers:
        write_private(stem.with_suffix(".json"), to_json(asked, ours.answers))
        write_private(stem.with_suffix(".md"), to_table(ours.answers, troubles))
        differ = sum(answer.differs for answer in ours.answers)
        missing = sum(not answer.asked for answer in ours.answers)
        setting.say(
            f"\n{len(ours.answers)} questions, {differ} answered otherwise than believed, {missing} couldn't be asked:"
            f" {stem.with_suffix('.md')}"
        )
    for trouble in troubles:
        setting.say(f"! {trouble}")
    if not left:
        setting.say("nothing is left")
