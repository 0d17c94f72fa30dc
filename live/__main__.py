"""`make live`, `make live-clean` and their rehearsals: see docs/first-real-run.md."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from live.answers import write_private
from live.clients import WallClock, clients_of
from live.command_line import SANDBOX_ACCOUNT, Wanted, parse
from live.endings import rehearse_endings
from live.product import Commands
from live.rehearsal import rehearsing
from live.run import DONE, FAILED, INTERRUPTED, NOTHING_BEGUN, cleaner_of, run
from live.setting import BEFORE, Setting, ask_on_terminal, known_before
from live.topics import TOPICS
from live.voice import Voice
from ocpprov.sandbox.seen_facts import FILE, facts_in, known_facts, merged, to_json


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where all is well; 1 where something failed or is left; 2 where nothing was begun; 130 where it was
    interrupted."""
    wanted = parse(arguments)
    match wanted.verb:
        case "take-in":
            return _take_in(wanted.answers, FILE)
        case "endings":
            return rehearse_endings(wanted)
        case "rehearse" | "rehearse-clean":
            with rehearsing(wanted.folder, last=wanted.verb == "rehearse-clean" and not wanted.keep) as running:
                return _in_account(wanted, WallClock(running.scale))
        case _:
            return _in_account(wanted, WallClock())


def _in_account(wanted: Wanted, clock: WallClock) -> int:
    account = SANDBOX_ACCOUNT if wanted.rehearsed else wanted.account
    region = wanted.region or "eu-west-1"
    try:
        client = clients_of(boto3.Session(region_name=region))
        identity = client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        print(f"no credentials that AWS accepts: {error}; nothing was begun", file=sys.stderr)
        return NOTHING_BEGUN
    if identity["Account"] != account:
        print(
            f"these credentials are of account {identity['Account']}, not of {account}; nothing was begun",
            file=sys.stderr,
        )
        return NOTHING_BEGUN
    wanted.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    say = Voice(wanted.folder / "live.log").say
    answered = wanted.rehearsed or os.environ.get("LIVE_YES") == "1"
    setting = Setting(
        account,
        region,
        identity["Arn"].split(":")[1],
        wanted.domain,
        wanted.folder,
        client,
        clock,
        Commands(wanted.folder, say, ["--sandbox"] if wanted.rehearsed else []),
        say,
        ask_on_terminal(account, say, answered),
        [topic for topic in TOPICS if not wanted.topics or topic.name in wanted.topics],
        _again(wanted),
        wanted.rehearsed,
    )
    return _clean(setting) if wanted.verb in ("clean", "rehearse-clean") else run(setting, wanted.stages)


def _again(wanted: Wanted) -> str:
    """The command that takes away what is left."""
    if wanted.rehearsed:
        return shlex.join(["python", "-m", "live", "rehearse-clean", "--folder", str(wanted.folder)])
    return f"make live-clean ACCOUNT={wanted.account} REGION={wanted.region}"


def _clean(setting: Setting) -> int:
    setting.say(f"takes away what runs have left in account {setting.account}, region {setting.region}")
    try:
        left = cleaner_of(setting).clean(before=known_before(setting))
    except KeyboardInterrupt:
        setting.say("interrupted; the same command goes on where it was")
        return INTERRUPTED
    for each in left:
        setting.say(f"! {each}")
    if not left:
        (setting.folder / BEFORE).unlink(missing_ok=True)
        setting.say("nothing of any run is left")
    return FAILED if left else DONE


def _take_in(answers: Path, into: Path) -> int:
    try:
        known = known_facts(into)
        new = facts_in(answers.read_text())
    except (OSError, ValueError) as error:
        print(f"{answers}: {error}; nothing was taken in", file=sys.stderr)
        return NOTHING_BEGUN
    write_private(into, to_json(merged(known, new)))
    print(f"{into}: {len(new)} facts from {answers}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
