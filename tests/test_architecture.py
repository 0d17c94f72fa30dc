"""The rules of the house (docs/architecture.md), held by reading the sources."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from botocore import xform_name

from ocpprov.aws.error_causes import error_class_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.cli.verbs import main
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from tests.openshift.plans import SECTION_3AZ
from tests.support.imports import PACKAGE, ROOT, Module, loaded_with, modules, reached_from, room_of

ROOMS: Final = (
    "__main__",
    "cli",
    "commands",
    "ui",
    "report",
    "checks",
    "installer",
    "openshift",
    "plan",
    "reconcile",
    "kinds",
    "reachability",
    "runs",
    "aws",
    "engine",
    "sandbox",
)
"""From the top down: a room imports only those after it."""

CLOSED: Final = ("engine", "sandbox")
"""Rooms that import no other room."""

LIGHT: Final = ("installer", "openshift", "plan", "kinds", "reachability", "engine")
"""Rooms that `validate` loads, so that loading them must not load boto3."""

OPENSHIFT_PORTS: Final = ("6443", "22623")

AWS_LIBRARIES: Final = {"boto3", "botocore"}
SANDBOX_LIBRARIES: Final = {"moto", "werkzeug", "flask"}


@dataclass(frozen=True)
class Rule:
    """`broken_by` gives the line and a word for each place where a module breaks the rule; `example` is a module,
    by dotted name and source, that does."""

    name: str
    broken_by: Callable[[Module], Iterator[tuple[int, str]]]
    example: tuple[str, str]


def leaves_the_order(module: Module) -> Iterator[tuple[int, str]]:
    below = ROOMS[ROOMS.index(module.room) + 1 :] if module.room in ROOMS else ()
    allowed = {module.room, ""} if module.room in CLOSED else {module.room, "", *below}
    for made in module.imports():
        if made.library == PACKAGE and room_of(made.module) not in allowed:
            yield made.line, made.module


def closes_a_circle(module: Module) -> Iterator[tuple[int, str]]:
    """Also where an import is for types only or inside a function: that hides a circle, it doesn't end it."""
    for made in module.imports():
        if made.module == module.name or module.name in reached_from(made.module):
            yield made.line, made.module


def is_in_no_room(module: Module) -> Iterator[tuple[int, str]]:
    if module.room not in {*ROOMS, ""}:
        yield 1, module.room


def brings_a_library_into_the_engine(module: Module) -> Iterator[tuple[int, str]]:
    if module.room == "engine":
        known = {*sys.stdlib_module_names, PACKAGE}
        yield from ((made.line, made.module) for made in module.imports() if made.library not in known)


def uses_boto3_above_the_edge(module: Module) -> Iterator[tuple[int, str]]:
    if module.room not in ("aws", "sandbox"):
        for made in module.imports():
            if made.library in AWS_LIBRARIES and not made.for_types:
                yield made.line, made.module


def makes_clients(module: Module) -> Iterator[tuple[int, str]]:
    if module.name != f"{PACKAGE}.aws.session":
        yield from ((made.line, made.module) for made in module.imports() if made.library == "boto3")


def loads_boto3_for_validate(module: Module) -> Iterator[tuple[int, str]]:
    if module.room in LIGHT:
        yield from ((1, name) for name in loaded_with(module) if name.split(".")[0] in AWS_LIBRARIES)


def uses_moto_outside_the_sandbox(module: Module) -> Iterator[tuple[int, str]]:
    if module.room != "sandbox":
        yield from ((made.line, made.module) for made in module.imports() if made.library in SANDBOX_LIBRARIES)


def retries(module: Module) -> Iterator[tuple[int, str]]:
    if module.name != f"{PACKAGE}.aws.retry":
        yield from ((made.line, made.module) for made in module.imports() if made.library == "tenacity")


def sleeps(module: Module) -> Iterator[tuple[int, str]]:
    """The sandbox has no clock: it waits for its own server in real time."""
    if module.name == f"{PACKAGE}.aws.clock" or module.room == "sandbox":
        return
    for node in module.nodes():
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr="sleep"):
                yield node.lineno, "time.sleep"
            case ast.ImportFrom(module="time", names=names) if any(alias.name == "sleep" for alias in names):
                yield node.lineno, "sleep"


def uses_a_waiter(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes():
        if isinstance(node, ast.Attribute) and node.attr == "get_waiter":
            yield node.lineno, node.attr


def names_an_error_code(module: Module) -> Iterator[tuple[int, str]]:
    """The sandbox plays AWS, so it names codes too."""
    if module.name.startswith(f"{PACKAGE}.aws.error") or module.room == "sandbox":
        return
    for node in module.nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_error_code(node.value):
            yield node.lineno, node.value


def is_error_code(text: str) -> bool:
    """Whether it looks like one of AWS's codes, or the end of one, and the classification knows it."""
    return (
        bool(re.fullmatch(r"[A-Za-z]*\.?[A-Z][A-Za-z]+", text))
        and error_class_of("", text, "", 400) is not ErrorClass.INVALID
    )


def knows_what_is_openshifts(module: Module) -> Iterator[tuple[int, str]]:
    """Logical ids, and the ports of the API and of the machine configurations, as whole literals. Ids that are words of
    CloudFormation's too, such as VPC, can't be told from those."""
    if module.room == "openshift":
        return
    for node in module.nodes():
        if isinstance(node, ast.Constant) and (
            str(node.value) in openshift_ids() or str(node.value) in OPENSHIFT_PORTS
        ):
            yield node.lineno, str(node.value)


@cache
def openshift_ids() -> frozenset[str]:
    """The ids that the table of ids lists, and those of a section that asks for most."""
    rows = [line.split("|")[1] for line in (ROOT / "docs" / "logical-ids.md").read_text().splitlines() if "|" in line]
    words = {type.rpartition("::")[2] for type in KINDS}
    return frozenset({*re.findall(r"`([A-Z][A-Za-z0-9]+)`", " ".join(rows)), *logical_ids(SECTION_3AZ)} - words)


TO_A_PARENT: Final = f"{PACKAGE}.plan.allowed_patterns"
"""Its child process writes to it, and to nobody's terminal."""

FILTERS: Final = ("printable", "printable_json")


def speaks_unfiltered(module: Module) -> Iterator[tuple[int, str]]:
    """What is written elsewhere than through the terminal is a text of ours, or has gone through the filter."""
    if module.name in (f"{PACKAGE}.commands.terminal", TO_A_PARENT) or module.room == "sandbox":
        return
    for node in module.nodes():
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="click"), attr="echo" | "secho"), args=[text, *_]):
                if not is_filtered(text):
                    yield node.lineno, ast.unparse(text)
            case ast.Call(func=ast.Name(id="print")):
                yield node.lineno, "print"


def is_filtered(text: ast.expr) -> bool:
    match text:
        case ast.Constant():
            return True
        case ast.IfExp(body=body, orelse=otherwise):
            return is_filtered(body) and is_filtered(otherwise)
        case ast.Call(func=ast.Name(id=name)):
            return name in FILTERS
    return False


CHANGING: Final = ("kinds", "reconcile", "sandbox")
CHANGES_ELSEWHERE: Final = tuple(
    f"{PACKAGE}.{name}" for name in ("aws.lock_object", "checks.dry_runs", "commands.stand_ins")
)
"""The lease's own object; calls that AWS is asked not to carry out; what stands for others' things in a rehearsal."""


def changes_aws(module: Module) -> Iterator[tuple[int, str]]:
    """By the methods of boto3's clients for all operations that ocpprov calls and that don't only read."""
    if module.room in CHANGING or module.name in CHANGES_ELSEWHERE:
        return
    for node in module.nodes():
        if isinstance(node, ast.Attribute) and node.attr in changing_methods():
            yield node.lineno, node.attr


@cache
def changing_methods() -> frozenset[str]:
    models = (ROOT / PACKAGE / "aws" / "cut_models").glob("*/*/service-2.json")
    operations = {name for model in models for name in json.loads(model.read_text("utf-8"))["operations"]}
    reading = re.compile("Describe|List|Get|Head|AssumeRole")
    return frozenset(xform_name(name) for name in operations if not reading.match(name))


def names_a_type_in_the_engine(module: Module) -> Iterator[tuple[int, str]]:
    """What the engine has to know of a type is a fact of its kind. A docstring may give an example."""
    if module.room == "engine":
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        told = {ast.get_docstring(node, clean=False) for node in module.nodes() if isinstance(node, documented)}
        for node in module.nodes():
            match node:
                case ast.Constant(value=str(text)) if text not in told and re.search("(AWS|Ocpprov)::", text):
                    yield node.lineno, text


MAY_MAKE_NAMES_CALLS: Final = (f"{PACKAGE}.aws.reads", f"{PACKAGE}.aws.credentials")
"""Reads are data; botocore asks its credentials by the names of their attributes."""


def makes_a_name_a_call(module: Module) -> Iterator[tuple[int, str]]:
    """Every call can be found by searching for its name."""
    if module.name in MAY_MAKE_NAMES_CALLS or module.room == "sandbox":
        return
    for node in module.nodes():
        match node:
            case ast.Call(func=ast.Name(id="getattr" | "setattr"), args=[_, name, *_]):
                if not isinstance(name, ast.Constant):
                    yield node.lineno, ast.unparse(node)


def reaches_into_a_library(module: Module) -> Iterator[tuple[int, str]]:
    """A private attribute that isn't of the module's own classes. The sandbox is built on moto's insides."""
    if module.name == f"{PACKAGE}.aws.botocore_private" or module.room == "sandbox":
        return
    own = set(private_names(module))
    for node in module.nodes():
        match node:
            case ast.Attribute(attr=name) if re.match("_[^_]", name) and name not in {*own, "_exit"}:
                yield node.lineno, ast.unparse(node)
            case ast.ImportFrom(names=names):
                yield from ((node.lineno, each.name) for each in names if re.match("_[^_]", each.name))


def private_names(module: Module) -> Iterator[str]:
    """Those that a module gives to its own classes and their attributes."""
    for node in module.nodes():
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


VERBS: Final = "|".join(sorted(main.commands))
COMMAND: Final = re.compile(rf"(?<!\w)(aws [a-z0-9-]+ [a-z]+-[a-z-]+|ocpprov ({VERBS}))\s")


QUOTING: Final = tuple(
    f"{PACKAGE}.{name}"
    for name in ("cli.running", "engine.suggestion", "engine.secret_texts", "installer.environment_file")
)
"""They have the command line as it was given, suggested ones, of a secret what a shell makes, and a file for one."""


def writes_a_command_by_hand(module: Module) -> Iterator[tuple[int, str]]:
    """A command with words in it that aren't ours is quoted in one place. One without is a literal."""
    if module.name in QUOTING or module.room == "sandbox":
        return
    yield from ((made.line, made.module) for made in module.imports() if made.library == "shlex")
    for node in module.nodes():
        if isinstance(node, ast.JoinedStr):
            for before, after in pairwise(node.values):
                if isinstance(before, ast.Constant) and isinstance(after, ast.FormattedValue):
                    found = COMMAND.search(str(before.value))
                    if found and "`" not in str(before.value)[found.end() :]:
                        yield node.lineno, found[0]


RULES: Final = (
    Rule("every module is in a room", is_in_no_room, ("ocpprov.attic.box", "")),
    Rule(
        "a room imports only those below it",
        leaves_the_order,
        ("ocpprov.kinds.ec2.vpc", "from ocpprov.reconcile import create"),
    ),
    Rule(
        "no import circle",
        closes_a_circle,
        (
            "ocpprov.plan.intrinsics.text_functions",
            "if TYPE_CHECKING:\n    from ocpprov.plan.intrinsics.evaluator import TemplateEvaluator",
        ),
    ),
    Rule("the sandbox imports no room", leaves_the_order, ("ocpprov.sandbox.server", "import ocpprov.engine.values")),
    Rule(
        "the engine needs the standard library only",
        brings_a_library_into_the_engine,
        ("ocpprov.engine.values", "import tenacity"),
    ),
    Rule(
        "boto3 is used at the edge only",
        uses_boto3_above_the_edge,
        ("ocpprov.kinds.ec2.vpc", "def create():\n    from botocore.exceptions import ClientError"),
    ),
    Rule("one module makes clients", makes_clients, ("ocpprov.aws.reads", "import boto3")),
    Rule(
        "what validate needs loads no boto3",
        loads_boto3_for_validate,
        ("ocpprov.plan.model", "from ocpprov.aws import session"),
    ),
    Rule(
        "moto is used in the sandbox only",
        uses_moto_outside_the_sandbox,
        ("ocpprov.commands.apply", "from moto.server import ThreadedMotoServer"),
    ),
    Rule("one module retries", retries, ("ocpprov.reconcile.create", "import tenacity")),
    Rule(
        "only kinds and reconcile change anything in AWS",
        changes_aws,
        ("ocpprov.checks.cluster_leftovers", "def remove(ec2):\n    ec2.delete_volume(VolumeId='vol-1')"),
    ),
    Rule(
        "the engine names no type of AWS",
        names_a_type_in_the_engine,
        ("ocpprov.engine.ordering", 'def first():\n    """Networks."""\n    return "AWS::EC2::VPC"'),
    ),
    Rule(
        "no call by a name that is put together",
        makes_a_name_a_call,
        ("ocpprov.kinds.ec2.vpc", "def create(client, operation):\n    getattr(client, operation)()"),
    ),
    Rule(
        "a library's private names are behind one module",
        reaches_into_a_library,
        ("ocpprov.aws.credentials", "def ends(keys):\n    return keys._expiry_time"),
    ),
    Rule("only a clock sleeps", sleeps, ("ocpprov.reconcile.wait", "import time\n\ntime.sleep(1)")),
    Rule("no waiter of botocore", uses_a_waiter, ("ocpprov.kinds.ec2.vpc", "ec2.get_waiter('vpc_available')")),
    Rule(
        "error codes are classified in one place",
        names_an_error_code,
        ("ocpprov.kinds.ec2.vpc", "gone = code == 'InvalidVpcID.NotFound' or code.endswith('.NotFound')"),
    ),
    Rule(
        "nothing unfiltered reaches a terminal",
        speaks_unfiltered,
        ("ocpprov.commands.render", "click.echo(f'{name}: {value}', err=True)"),
    ),
    Rule(
        "suggested commands are quoted in one place",
        writes_a_command_by_hand,
        ("ocpprov.checks.quotas", "remedy = f'run aws ec2 delete-tags --resources {vpc}'"),
    ),
    Rule(
        "OpenShift's logical ids are known to its room only",
        knows_what_is_openshifts,
        ("ocpprov.plan.template_rules", "external = ('ExtApiElb', 'ExtApiClassicElb')"),
    ),
    Rule(
        "OpenShift's ports are known to its room only",
        knows_what_is_openshifts,
        ("ocpprov.plan.template_rules", "MACHINE_CONFIG_PORT: Final = 22623"),
    ),
)

every_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


@every_rule
def test_the_sources_keep(rule: Rule) -> None:
    broken = [f"{module.path}:{line}: {what}" for module in modules().values() for line, what in rule.broken_by(module)]
    assert broken == []


@every_rule
def test_a_breach_is_noticed(rule: Rule) -> None:
    name, source = rule.example
    assert list(rule.broken_by(Module(name, Path(name.rsplit(".", 1)[-1] + ".py"), ast.parse(source)))) != []


@pytest.mark.parametrize(
    "literal", ["'PrivateSubnet3'", "'IntDns'", "'ExtDns'", "'IntApiElb'", "'MasterIngressEtcd'", "'22623'", "6443"]
)
def test_what_is_openshifts_is_noticed(literal: str) -> None:
    module = Module("ocpprov.commands.discovery", Path("discovery.py"), ast.parse(f"known = ({literal}, 'VPC', 443)"))
    assert list(knows_what_is_openshifts(module)) == [(1, literal.strip("'"))]


@pytest.mark.parametrize(
    "source",
    [
        "from ocpprov.plan.intrinsics.functions import FUNCTIONS",
        "from ocpprov.plan.intrinsics import functions",
        "def select():\n    import ocpprov.plan.intrinsics.functions",
        "import ocpprov.plan.intrinsics.text_functions",
    ],
)
def test_a_circle_is_noticed_however_it_is_imported(source: str) -> None:
    name = "ocpprov.plan.intrinsics.text_functions"
    module = Module(name, Path("text_functions.py"), ast.parse(source))
    assert [line for line, _ in closes_a_circle(module)] == [source.count("\n") + 1]


def test_what_is_only_for_types_is_no_use_of_boto3() -> None:
    source = "if TYPE_CHECKING:\n    from botocore.client import BaseClient"
    module = Module("ocpprov.kinds.ec2.vpc", Path("vpc.py"), ast.parse(source))
    assert list(uses_boto3_above_the_edge(module)) == []


WITHOUT_ROOM: Final = {"bundle", "documents", "end_to_end", "live", "rows", "support"}
"""Folders of tests that mirror no room: bundle, documents, whole runs, the first real run, requirements, what tests
share."""

ON_VALUES: Final = ("engine", "reconcile")
"""Rooms whose tests need values and scripted clients only."""

WORLDS: Final = {"boto3", "moto", "multiprocessing", "socket", "subprocess", "werkzeug"}


def test_tests_mirror_the_rooms() -> None:
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    rooms = {room for room in ROOMS if (ROOT / PACKAGE / room).is_dir()}
    assert folders - WITHOUT_ROOM == rooms


@pytest.mark.parametrize("room", ON_VALUES)
def test_logic_is_tested_on_values(room: str) -> None:
    """Neither processes nor servers, nor a look at what end-to-end tests have."""
    used = {made for path in (ROOT / "tests" / room).glob("*.py") for made in imported(path.read_text("utf-8"))}
    assert {name for name in used if name.split(".")[0] in WORLDS or name.startswith("tests.end_to_end")} == set()


def test_a_process_in_a_test_is_noticed() -> None:
    assert imported("def test() -> None:\n    from subprocess import run") == {"subprocess"}


def imported(source: str) -> set[str]:
    """The modules that a source names in import statements, wherever they stand."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module=str(module)):
                found.add(module)
    return found
