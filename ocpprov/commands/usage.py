"""Examples and exit codes of each command: for `--help` and the manual pages. A test runs the examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Example:
    """A command line after `ocpprov`, and what it does. `code` is how it ends, run after those before it."""

    words: str
    does: str
    code: int = 0


@dataclass(frozen=True)
class Usage:
    """What a command is used like, and what its exit codes mean there."""

    examples: Sequence[Example]
    codes: Mapping[int, str]


_REFUSED: Final = {2: "the command line or the plan is wrong, or a guard refused; nothing was touched"}
_INTERRUPTED: Final = {130: "interrupted"}
_DONE: Final = {0: "done"}
_ALONE: Final = {**_DONE, **_REFUSED}
_ASKS_ONLY: Final = {**_REFUSED, **_INTERRUPTED}
_ASKS: Final = {**_DONE, **_REFUSED, **_INTERRUPTED}

USAGES: Final[Mapping[str, Usage]] = {
    "init": Usage(
        (
            Example("init", "ask for what a plan needs, and write plan.yaml", code=2),
            Example(
                "init lab.yaml --region eu-west-1 --cluster-name lab --base-domain example.com --publish Internal",
                "from options, for scripts",
            ),
        ),
        {
            0: "the plan is written",
            2: "something is missing or wrong, or the file is there already; nothing was written",
            **_INTERRUPTED,
        },
    ),
    "validate": Usage(
        (
            Example("validate prod.yaml", "all mistakes in one pass, each with file, line and column"),
            Example(
                "validate prod.yaml --reachability", "whether groups, ACLs and routes let the cluster's traffic through"
            ),
        ),
        {
            0: "the plan is valid, and with --reachability all flows are as they should be",
            1: "a flow isn't",
            2: "the plan isn't valid",
            3: "what can't be known of the flows is all that is wrong",
        },
    ),
    "explain": Usage(
        (
            Example("explain zones", "a key of the openshift section"),
            Example("explain AWS::EC2::Subnet.CidrBlock", "a property of a type"),
        ),
        {**_DONE, 2: "nothing of that name is known"},
    ),
    "schema": Usage((Example("schema", "for an editor: write it into a file, and name that in the plan"),), _DONE),
    "version": Usage((Example("version --json", "for a report of a fault"),), _DONE),
    "completion": Usage((Example("completion bash", "put it where your shell looks for completions"),), _ALONE),
    "graph": Usage((Example("graph prod.yaml", "what names what, for Mermaid"),), _ALONE),
    "policy": Usage((Example("policy prod.yaml --for apply --output policies", "in files that IAM takes"),), _ALONE),
    "preflight": Usage(
        (Example("preflight prod.yaml", "what an apply would fail on, with a remedy under each line", code=0),),
        {0: "nothing stands against an apply", 1: "something does", **_REFUSED, **_INTERRUPTED},
    ),
    "rehearse": Usage(
        (
            Example("rehearse prod.yaml", "how long it would take, what it needs, and whether it would go through"),
            Example("rehearse prod.yaml --fault throttling --quota AllocateAddress=20", "a bad day, and your quota"),
            Example("rehearse prod.yaml --fault no-nat-capacity", "what is said when AWS can't", code=1),
        ),
        {
            0: "it would go through",
            1: "it would fail; where, and what AWS says, is said",
            2: "the command line or the plan is wrong, or nothing can stand for what it names",
            **_INTERRUPTED,
        },
    ),
    "plan": Usage(
        (
            Example("plan prod.yaml", "what apply would do"),
            Example("plan prod.yaml --detailed-exitcode", "for scripts: 2 means that there is something to do", code=2),
            Example("plan prod.yaml --out saved", "to be looked at, and then applied just so"),
        ),
        {
            **_ASKS,
            0: "shown; with --detailed-exitcode: nothing to do",
            1: "with --detailed-exitcode: any error",
            2: "refused, nothing was touched; with --detailed-exitcode: there is something to do",
        },
    ),
    "apply": Usage(
        (
            Example("apply saved", "just what `plan --out saved` has shown, without asking"),
            Example("apply prod.yaml", "show the plan, ask, do it"),
            Example("apply prod.yaml --yes --json", "for programs: an event a line"),
            Example(
                "apply prod.yaml --yes --verify", "and prove each requirement of a cluster on what is there", code=1
            ),
            Example("apply east.yaml west.yaml", "two plans together, each as it runs alone; ask once"),
        ),
        {
            0: "everything is as the plan wants it, and with --verify every requirement holds",
            1: "something failed on the way, and the same command goes on; or with --verify a requirement doesn't hold",
            **_REFUSED,
            3: "with --verify: nothing failed, and what can't be read leaves a requirement unknown",
            **_INTERRUPTED,
        },
    ),
    "fleet": Usage(
        (
            Example("fleet plans --do plan", "what would be done with each plan of the folder"),
            Example("fleet plans", "show it, ask once, apply all of them together"),
            Example("fleet plans --yes --json", "for programs: the events of all plans, each with its plan"),
        ),
        {
            0: "each plan ended well",
            1: "one failed on the way, and none was interrupted; the others went on",
            2: "the command line or a plan is wrong, and nothing was touched; or a guard refused one, and none failed",
            3: "with --verify of apply: nothing failed, and a requirement is unknown",
            130: "interrupted; this is the code, too, where others have failed",
        },
    ),
    "outputs": Usage(
        (
            Example("outputs prod.yaml", "ids and names for the next step"),
            Example("outputs VpcId", "the value alone, of the plan last applied from this folder"),
            Example("outputs prod.yaml --format install-config", "lines for install-config.yaml"),
            Example(
                "outputs prod.yaml --format cfn-parameters --for 05", "for Red Hat's template of the control plane"
            ),
            Example(
                "outputs prod.yaml --format ignition-pointer --presign 1h", "for the bootstrap machine's user data"
            ),
        ),
        _ASKS,
    ),
    "verify": Usage(
        (
            Example("verify prod.yaml", "each requirement of a cluster, and what mends those that don't hold", code=1),
            Example("verify --json", "for programs: a list of requirements with their evidence", code=1),
            Example("verify --junit verify.xml", "for continuous integration: a test case each, too", code=1),
            Example("verify --html verify.html", "to hand on: a page with the port matrix as a picture, too", code=1),
            Example(
                "verify --vpc vpc-0a1b2c3d4e5f60718 --cluster prod.example.com --region eu-west-1",
                "the same of somebody else's network, without a plan",
                code=1,
            ),
        ),
        {
            0: "every requirement holds, or the plan doesn't ask for it",
            1: "one doesn't hold",
            **_REFUSED,
            3: "none fails, and what can't be read leaves one unknown",
            **_INTERRUPTED,
        },
    ),
    "status": Usage(
        (
            Example("status prod.yaml", "what serves, what doesn't, and what can't be seen from here", code=1),
            Example("status --json", "for programs: a list of checks", code=1),
        ),
        {
            0: "it serves",
            1: "something doesn't",
            3: "nothing fails, and something can't be seen from here",
            **_ASKS_ONLY,
        },
    ),
    "wait": Usage(
        (
            Example("wait api prod.yaml", "until the API is served, by whichever machine"),
            Example("wait bootstrap --timeout 1h", "until the bootstrap machine may go"),
            Example("wait ingress --timeout 1h", "until the router is there"),
        ),
        {
            0: "it is there",
            1: "it wasn't in time; what was missing is said",
            3: "nothing is missing, and something can't be seen from here",
            **_ASKS_ONLY,
        },
    ),
    "install-config": Usage(
        (
            Example("install-config prod.yaml --file inst/install-config.yaml", "show the diff, ask, write it"),
            Example("install-config --yes", "for scripts: the file that the plan names"),
        ),
        {**_ASKS, 0: "written, or there was nothing to do"},
    ),
    "manifests": Usage(
        (
            Example("manifests inst prod.yaml", "show what is edited and what goes, ask, do it"),
            Example("manifests inst --compact --yes", "for a cluster without workers"),
        ),
        {**_ASKS, 0: "done, or there was nothing to do"},
    ),
    "bootstrap": Usage((), _ALONE),
    "bootstrap remove": Usage(
        (
            Example("bootstrap remove prod.yaml", "show what is written and what goes, ask, do it"),
            Example("bootstrap remove --yes", "of the plan that was applied from this folder"),
        ),
        {
            0: "nothing of a bootstrap is left",
            1: "something failed on the way; the same command goes on",
            2: "the control plane doesn't serve yet, or the plan is wrong, or a guard refused; nothing was touched",
            **_INTERRUPTED,
        },
    ),
    "render": Usage(
        (
            Example("render prod.yaml", "the whole plan in CloudFormation's words"),
            Example("render prod.yaml --template", "a template to make a stack of"),
        ),
        _ASKS,
    ),
    "list": Usage((Example("list --region eu-west-1", "the plans that are there, and what they bill for"),), _ASKS),
    "report": Usage((Example("report prod.yaml", "a page on the last run, in the run folder"),), _ALONE),
    "destroy": Usage(
        (
            Example("destroy prod.yaml", "show what goes, ask, take it away"),
            Example("destroy --name prod --region eu-west-1", "the same without the plan file"),
        ),
        {
            0: "nothing of the plan is left",
            1: "something failed on the way, or nothing of the plan was there (--ignore-missing: 0)",
            **_REFUSED,
            **_INTERRUPTED,
        },
    ),
    "fleet-worker": Usage(
        (
            Example(
                "fleet-worker --scheduler tls://centre:8786 --tls-ca ca.pem --tls-cert bastion.pem "
                "--tls-key bastion.key --region eu-west-1",
                "run the plans of eu-west-1 that a fleet sends",
            ),
        ),
        {
            0: "it was ended",
            1: "the scheduler is gone",
            2: "it doesn't reach what it was to, or the command line is wrong; it took no plan",
            **_INTERRUPTED,
        },
    ),
    "sandbox": Usage((), _ALONE),
    "sandbox start": Usage((Example("sandbox start --scale 100", "100 seconds of AWS in each of ours"),), _ALONE),
    "sandbox stop": Usage((Example("sandbox stop", "what was made in it is gone"),), _ALONE),
    "sandbox reset": Usage((Example("sandbox reset", "what was made in it is gone"),), _ALONE),
}
"""By the words of the command."""
