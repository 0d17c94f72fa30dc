"""What the command line gives reaches the commands: each option under its name, and with its value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from bundle.man_pages import pages
from ocpprov.cli.options import Given
from ocpprov.cli.running import options_of
from ocpprov.cli.verbs import main
from ocpprov.commands.options import Options
from ocpprov.commands.usage import USAGES

HOSTILE: Final = "x\x1b[2J\n7 to create\u202e"

OWN = {
    "apply": {"at_once", "plans"},
    "fleet": {"act", "at_once", "folder", "scheduler", "tls_ca", "tls_cert", "tls_key"},
    "policy": {"purpose", "folder"},
    "graph": {"wanted"},
    "report": {"page", "run"},
    "outputs": {"ami", "format", "output", "presign", "replicas", "template"},
    "render": {"template"},
    "explain": {"word"},
    "init": {
        "base_domain",
        "cluster_name",
        "egress",
        "endpoints",
        "file",
        "install_config",
        "install_dir",
        "machine_network",
        "offline",
        "openshift_version",
        "prices",
        "public_zone",
        "publish",
        "subnets",
        "vpc",
        "zones",
    },
    "install-config": {"file"},
    "fleet-worker": {"accounts", "at_once", "regions", "scheduler", "tls_ca", "tls_cert", "tls_key"},
    "rehearse": {"faults", "latency", "prices", "quotas", "scale", "seed"},
    "remove": {"force"},
    "wait": {"target", "timeout"},
    "manifests": {"compact", "folder"},
    "completion": {"shell"},
    "start": {"hosts", "scale"},
    "validate": {"reachability"},
    "verify": {"junit", "page", "vpc"},
}
"""Options that one verb has for itself."""


def verbs(group: click.Group = main) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield from verbs(command) if isinstance(command, click.Group) else [command]


@pytest.mark.parametrize("verb", list(verbs()), ids=lambda verb: str(verb.name))
def test_every_option_of_a_verb_is_one_that_is_read(verb: click.Command) -> None:
    names = {str(parameter.name) for parameter in verb.params}
    assert names - set(Given.__annotations__) == OWN.get(str(verb.name), set())


def test_every_option_that_is_read_is_one_of_a_verb() -> None:
    assert set(Given.__annotations__) <= {parameter.name for verb in verbs() for parameter in verb.params}


def read(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Options:
    """The options that a command line makes."""
    made: list[Options] = []

    def spy(given: Given) -> Options:
        made.append(options_of(given))
        raise SystemExit(0)

    monkeypatch.setattr("ocpprov.cli.verbs.options_of", spy)
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return made[0]


def test_without_options_there_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, "apply", "plan.yaml") == Options(plan=Path("plan.yaml"))


def test_each_option_has_the_value_that_was_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "parameters.json"
    file.write_text('[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "2"}]')
    words = "--name lab --region eu-west-1 --parameter B=3=4 --profile ops --sandbox --json --yes --concurrency 7"
    shared = [
        *words.split(),
        "--insecure-endpoint",
        "--dir",
        "runs",
        "--lock-timeout",
        "2.5",
        "--without",
        "iam, route53",
        "--verbose",
        "--plain",
        "--quiet",
    ]
    common = Options(
        plan=Path("p.yaml"),
        name="lab",
        region="eu-west-1",
        profile="ops",
        as_json=True,
        sandbox=True,
        insecure_endpoint=True,
        yes=True,
        concurrency=7,
        parameters={"A": "1", "B": "3=4"},
        directory=Path("runs"),
        lock_timeout=2.5,
        without=frozenset({"iam", "route53"}),
        verbose=True,
        plain=True,
        quiet=True,
    )
    apply = ["apply", "p.yaml", *shared, "--parameters", str(file), "--allow", "A", "--allow", "B"]
    applied = read(monkeypatch, *apply, "--verify")
    assert applied == replace(common, allow=frozenset({"A", "B"}), verify=True)
    monkeypatch.undo()
    more = ["--lock", "s3://b/p", "--cluster", "lab.example.com", "--cluster-leftovers", "list", "--infra-id", "lab-x1"]
    destroy = ["destroy", "p.yaml", *shared, "--parameters", str(file), *more]
    destroy += ["--with-running-machines", "--ignore-missing"]
    destroyed = read(monkeypatch, *destroy)
    assert destroyed == replace(
        common,
        lock="s3://b/p",
        cluster="lab.example.com",
        cluster_leftovers="list",
        infra_id="lab-x1",
        with_running_machines=True,
        ignore_missing=True,
    )
    monkeypatch.undo()
    planned = read(monkeypatch, "plan", "p.yaml", "--detailed-exitcode", "--out", "f")
    assert planned == Options(plan=Path("p.yaml"), detailed_exitcode=True, out=Path("f"))
    told = {name for each in (applied, destroyed, planned) for name in vars(each) if differs(each, name)}
    assert told == {field.name for field in fields(Options)}


def test_what_is_written_as_a_path_stays_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for word, path in (("lab", Path("lab")), ("./lab", tmp_path / "lab"), ("x/lab", Path("x/lab"))):
        assert read(monkeypatch, "destroy", word).plan == path
        monkeypatch.undo()
        monkeypatch.chdir(tmp_path)


def differs(options: Options, name: str) -> bool:
    return bool(getattr(options, name) != getattr(Options(), name))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--parameter", "x"], "--parameter: write NAME=VALUE\n"),
        (["--parameter", "=x"], "--parameter: write NAME=VALUE\n"),
        (
            ["--without", "ec2,iam"],
            "--without ec2,iam: a run can't do without ec2; write iam or route53, or both with a comma between them\n",
        ),
        (["--parameters", "none.json"], "--parameters none.json: can't be read: No such file or directory\n"),
    ],
)
def test_a_wrong_value_is_refused_in_a_line(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result: Any = CliRunner().invoke(main, ["plan", "p.yaml", *arguments])
    assert (result.exit_code, result.stderr, result.stdout) == (2, said, "")


WRONG = "write a list of {ParameterKey, ParameterValue}, each key once, or a mapping of names to values"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[" * 100_000, ": not JSON, or nested too deeply"),
        ("{]", ":1:2: not JSON: Expecting property name enclosed in double quotes"),
        ("\xff", ": not JSON, or nested too deeply"),
        ("[1, 2]", f": {WRONG}"),
        ('"CANARY"', f": {WRONG}"),
        ('{"A": {"B": "CANARY"}}', f": {WRONG}"),
        ('{"A": null}', f": {WRONG}"),
        ('[{"ParameterKey": "A"}]', f": {WRONG}"),
        ('[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "A", "ParameterValue": "2"}]', f": {WRONG}"),
        (" " * 1_048_577, ": larger than 1 MiB"),
    ],
)
def test_a_wrong_file_of_parameters_is_refused_in_a_line_and_not_quoted(
    content: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_bytes(content.encode("latin-1"))
    result: Any = CliRunner().invoke(main, ["validate", "p.yaml", "--parameters", "p.json"])
    assert (result.exit_code, result.stderr) == (2, f"--parameters p.json{said}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "--vpc", ""],
        ["init", "--vpc="],
        ["outputs", "p.yaml", "--presign", ""],
        ["install-config", "--file", ""],
        ["plan", "p.yaml", "--parameter", "A=1", "--parameter", ""],
        ["bootstrap", "remove", "--profile", ""],
        ["sandbox", "start", "--scale", "1", "--host", ""],
    ],
)
def test_an_option_that_is_empty_isnt_one_that_is_left_out(arguments: list[str]) -> None:
    ended = CliRunner().invoke(main, arguments)
    option = next(word.rstrip("=") for word in reversed(arguments) if word.startswith("--"))
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert f"Invalid value for '{option}': it is empty; give it a value, or leave it out" in ended.stderr


@pytest.mark.parametrize("arguments", [["schema"], ["sandbox", "stop"]])
def test_an_interrupt_before_a_command_has_begun_ends_like_any_other(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """While its modules are imported, say."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    for module in ("verbs", "sandbox"):
        monkeypatch.setattr(f"ocpprov.cli.{module}.run_command", interrupt)
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.output) == (130, "interrupted\n")


def words(group: click.Group = main, above: str = "") -> Iterator[str]:
    """The words of every command, of a group's too."""
    for name, command in group.commands.items():
        yield from words(command, f"{above}{name} ") if isinstance(command, click.Group) else [f"{above}{name}"]


def test_wherever_a_command_is_defined_help_manual_completion_and_examples_have_it() -> None:
    assert {"validate", "apply", "sandbox start"} <= set(words())
    assert set(words()) <= set(USAGES)
    assert {f"ocpprov-{each.replace(' ', '-')}" for each in words()} <= set(pages(main))
    complete = ShellComplete(main, {}, "ocpprov", "_OCPPROV_COMPLETE")
    for each in words():
        *group, last = each.split()
        assert last in {item.value for item in complete.get_completions(group, "")}
        assert f"  {last} " in CliRunner().invoke(main, [*group, "--help"]).output


@pytest.mark.parametrize(
    "words",
    [["plan", "a.yaml", HOSTILE], [HOSTILE], ["plan", f"--{HOSTILE}"], ["graph", "a.yaml", "--format", HOSTILE]],
)
def test_names_of_files_on_the_command_line_reach_no_terminal_as_they_are(words: list[str]) -> None:
    """`ocpprov plan *` in a folder of somebody else's."""
    said = CliRunner().invoke(main, words).stderr
    assert all(line.isprintable() for line in said.splitlines())
    assert not any(line.startswith("7 to create") for line in said.splitlines())
