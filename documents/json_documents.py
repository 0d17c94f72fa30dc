"""Reference of JSON: documents of commands, events of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from documents.markdown import anchored, code, table
from ocpprov.checks.result import Status
from ocpprov.engine.events import EventKind

DOCUMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "init": {
        "file": "the file that it has written",
        "plan": "the plan's name",
        "region": "its region",
        "id": "its id, which was made up",
        "cluster": "the cluster's name and domain",
        "resources": "how many of each type there will be, the infraID's among them",
        "billed": "how many of what is billed by the hour",
        "cost": 'by the prices given: `{"currency", "hourly", "monthly", "unpriced"}`, amounts as texts; null without prices',
        "quotas": "what it needs of what the account has: checks, as preflight's; none where AWS wasn't asked",
        "notes": "what else is to be said of the plan, in sentences",
        "next": "the commands to run next",
    },
    "validate": {
        "ok": "whether the plan is valid, and with `--reachability` all flows are as they should be",
        "plan": "its name",
        "resources": "how many resources it has",
        "flows": 'with `--reachability`: a list of `{"requirement", "name", "source", "target", "protocol", "ports", "wanted", "answer", "obstacles", "unread", "beyond", "pairs"}`; answer: `yes`, `no`, `unknown`, as it should be; pairs: `{"source", "target", "answer"}` of each two subnets, without a target of each subnet; an obstacle\'s `resources` open it when the plan gets them; null where only AWS knows the network',
        "unresolved": 'with `--reachability`: servers that the plan names and of which only others\' DNS knows the addresses, a list of `{"requirement", "name", "target"}`; null where `flows` is',
    },
    "preflight": {
        "ok": "whether no check failed",
        "seconds": "how long it took",
        "checks": 'a list of `{"id", "status", "detail", "remedy"}`; the ids are in [troubleshooting](../troubleshooting.md#checks-of-preflight)',
    },
    "rehearse": {
        "ok": "whether it would go through",
        "plan": "its name",
        "region": "its region",
        "latency": "milliseconds of each call",
        "scale": "how much faster than AWS it went by the wall; 0 in simulated time",
        "seed": "what chance began with",
        "faults": "what went wrong on purpose, as it was given",
        "acts": 'apply, apply again and destroy, as far as they were tried: `{"act", "ok", "exitCode", "seconds", "changed", "calls", "mutating", "throttled", "retried", "slowest", "errors"}`, in AWS\'s seconds',
        "quotas": 'what the plan needs of each, nearest first: `{"id", "name", "place", "needed", "limit", "within", "limited", "fits"}`; `limited` is the name for `--quota`',
        "billed": "how many of what is billed by the hour",
        "cost": "by the prices given, as in `init`; null without prices",
        "standIns": "what stood for what the plan names and others have made, in sentences",
        "assumptions": 'what it rests on: `{"what", "value", "source", "trust"}`; trust: `documented`, `seen` (by the first real run), `source`, `memory`, `given`',
    },
    "verify": {
        "ok": "whether every requirement holds that the plan asks for",
        "seconds": "how long it took",
        "requirements": 'a list of `{"id", "status", "evidence", "detail", "remedy", "commands"}`; status: `pass`, `fail`, `unknown`, `not-applicable`; evidence: AWS\'s ids; commands: of the AWS CLI, the smallest changes that open what somebody else has in the way',
        "exposures": 'what is open and no requirement needs, a list of `{"component", "resource", "allows", "exposed", "needed", "origin", "remedy"}`; component: AWS\'s id; resource: its logical id, empty without one; origin: `by the plan (file:line:column)`, `otherwise than the plan has it`, `no longer in the plan`, `not of this plan: id`, with `--vpc` `by id`; neither `ok` nor the exit code depends on it',
        "knownOpenings": "what AWS's defaults and the documentation have open, in sentences",
        "notJudged": "of what nobody could say whether it is open, and why, in sentences",
    },
    "status": {
        "ok": "whether it serves: no check failed, and none is unknown",
        "seconds": "how long it took",
        "checks": 'a list of `{"id", "status", "detail", "remedy"}`; the ids are in [troubleshooting](../troubleshooting.md#checks-of-status-and-wait)',
        "reach": "where a check fails: the rows of traffic that don't hold, as `requirements` of verify; null where that couldn't be read",
    },
    "wait": {
        "ok": "whether it is there",
        "seconds": "how long it took, in AWS's seconds",
        "checks": "those that it is about, as of the last look; the same as status's",
        "reach": "where it wasn't there in time; the same as status's",
    },
    "plan": {
        "plan": "its name",
        "region": "its region",
        "actions": 'a list of `{"resource", "type", "action", "id", "changes", "reason"}`; action: `create`, `update`, `replace`, `delete`, `keep`, …',
        "others": "what is there of others, and stays",
        "unproven": "what claims to be the plan's by copied tags, and stays",
        "notes": "what else is to be said, in sentences",
        "summary": "how many of each action",
    },
    "render": {
        "name": "and whatever else a plan has at its top, or with `--template` what a template of CloudFormation has there",
        "Resources": "by logical id: `Type`, `Properties`, `DependsOn`, `DeletionPolicy`",
        "Outputs": "by name: `Value`, `Description`",
        "Parameters": "those with NoEcho, whose values aren't in it",
        "Metadata": "`Ocpprov`: of a plan what CloudFormation has no word for, of a template `Name` and `Region`",
    },
    "explain": {
        "name": "what it is about",
        "meaning": "in a sentence",
        "type": "and `default`, `required`, `rules`, `a change`, `example`, `source`, …: facts by name, where there are some",
    },
    "list": {
        "account": "the account",
        "region": "the region",
        "plans": 'a list of `{"name", "clusters", "firstRun", "lastRun", "protected", "resources", "billed"}`',
        "unseen": "what couldn't be looked at, and why",
    },
    "version": {
        "ocpprov": "its version",
        "python": "Python's",
        "boto3": "boto3's",
        "botocore": "botocore's",
        "tagFormat": "the format of the tags that it writes",
    },
}  # fmt: skip
"""The members of each command's document. That of `outputs` has an output's name and value in each."""

FLEET: Final[Mapping[str, str]] = {
    "ok": "whether each plan ended well",
    "seconds": "how long all took",
    "calls": "how many calls all made",
    "plans": 'a list of `{"plan", "region", "account", "file", "host", "ok", "exitCode", "seconds", "changed", "calls", "notRun", "errors"}`; host: where it ran, empty for here; notRun: why it wasn\'t run, else empty; errors as of a refusal',
}  # fmt: skip
"""The members of a fleet's last event."""

EVENTS: Final[Mapping[EventKind, str]] = {
    EventKind.PLANNED: "first: the document of `plan`",
    EventKind.STARTED: "an action begins; `action` says which",
    EventKind.EXISTS: "it was made; AWS may still be working on it",
    EventKind.READY: "AWS has finished it; `seconds` that it took, as far as somebody looked at about that time",
    EventKind.UPDATED: "it was changed",
    EventKind.DELETED: "it is gone",
    EventKind.FORGOTTEN: "its tags were taken off, and it stays (`DeletionPolicy: Retain`)",
    EventKind.RETRYING: "a request is sent again; `reason`, `code`, `seconds`",
    EventKind.WAITING: "it is waited for; `reason`",
    EventKind.IN_DOUBT: "the answer was lost, and it is looked for",
    EventKind.ADOPTED: "it was found, and is the plan's again",
    EventKind.FAILED: "an action failed; `code`, `request_id`, `reason`",
    EventKind.SKIPPED: "an action was left out because of a failed one, or as the run was stopped; `reason`",
    EventKind.NOTE: "something to know; `reason`",
    EventKind.HANDED_OVER: "what `--without` leaves to somebody else",
    EventKind.OUTPUTS: "the outputs, by name",
    EventKind.VERIFIED: "with `--verify`, after a run that went well: `ok`, `requirements` and what is open, as `verify --json` has them; `ok` of `finished` stays about the run",
    EventKind.ERROR: "an error: `place`, `detail`, `remedy`",
    EventKind.FINISHED: "last: `ok`, `summary` (what this run did), `seconds`, `calls`, `unproven`; after an error `error` and `errors`",
}  # fmt: skip

STATUSES: Final[Mapping[Status, str]] = {
    Status.PASS: "nothing is wrong",
    Status.WARN: "apply gets over it, and the cluster may not; of status: it serves, and something is odd",
    Status.FAIL: "apply would fail on it; of status: it doesn't serve",
    Status.UNKNOWN: "nobody could be asked, or nobody can tell from this host",
}


def page() -> str:
    """The page, as Markdown."""
    documents = "\n".join(
        f"### ocpprov {command} --json\n\n{table(('member', 'is'), ((code(name), text) for name, text in members.items()))}"
        for command, members in DOCUMENTS.items()
    )
    events = table(
        ("event", "says"), ((anchored(f"event-{kind.value}", code(kind.value)), EVENTS[kind]) for kind in EventKind)
    )
    fleet = table(("member", "is"), ((code(name), text) for name, text in FLEET.items()))
    statuses = table(("status", "means"), ((code(each.value), STATUSES[each]) for each in Status))
    return f"""# JSON

With `--json` a command prints one document on stdout; apply, destroy and fleet print one event a line. New members may come; those that are here keep their meaning.

## Documents

`outputs` prints an object of outputs by name; with `--presign`, the URL as a text.

{documents}
Statuses of checks:

{statuses}
### Errors

A refusal or failure is `{{"error": {{"place", "detail", "remedy"}}, "errors": [...]}}`: where, what, and what to do next. `error` is the first of `errors`.

## Events of apply and destroy

Each has `event` and `time` (ISO 8601, UTC), and of a resource `resource` (its logical id), `type` and `id`.

{events}
## Events of several plans

With `fleet`, and `apply` of several plans, each event has `plan` and `region`, too; `started` without a resource is where a plan begins, and what a run says
in words is a `note`. The last line is a `finished` without `plan`:

{fleet}"""
