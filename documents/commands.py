"""Reference of commands: what click knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import click

from documents.markdown import anchored, code, table
from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.usage import USAGES

_EXITS = {
    ExitCode.DONE: "Done.",
    ExitCode.FAILED: "Something failed on the way. What exists is known, and the next apply goes on. Or `destroy` found nothing of a "
    "plan that was never applied from this folder (with `--ignore-missing`: 0). `preflight`: a check failed.",
    ExitCode.REFUSED: "The command line or the plan is wrong, or a guard refused. Nothing was touched.",
    ExitCode.INTERRUPTED: "Interrupted, by Ctrl-C or SIGTERM.",
}

_MORE: Final[Mapping[str, str]] = {
    "validate": "It finds everything that can be known without AWS: all mistakes in one pass, each with file, line and column.",
    "policy": "`--for` says for whom: see [permissions](../permissions.md).",
    "preflight": "Services reached and by which way, account, clock, zones, endpoint services, permissions, quotas (used, needed, left), names "
    "and addresses that are taken, an existing network as openshift-install validates it. Under each line that isn't good is "
    "what helps; [troubleshooting](../troubleshooting.md#checks-of-preflight) has all checks.",
    "rehearse": "No AWS, no credentials, no network. [Rehearse a plan](../how-to/rehearse.md) says what its lines mean, and which faults have names.",
    "plan": "It says what apply would do and why, property by property, with outages marked. `--out` saves it for apply.",
    "apply": "It shows the plan, asks, and does it.",
    "fleet": "See [many plans at once](../how-to/many-plans.md).",
    "fleet-worker": "See [a fleet over several bastions](../how-to/fleet-over-several-bastions.md).",
    "outputs": "Ids and names that the next steps need: [outputs](outputs.md) says where each goes.",
    "destroy": "Without a plan file: `--name prod --region eu-west-1`. See [take away](../how-to/take-away.md).",
    "graph": "What names what, for Mermaid, Graphviz or programs; or, as `svg`, the topology as a picture.",
    "report": "To keep or to hand on: topology, time line, ids with links, preflight, the last verification with its port matrix as a picture, every changing call with its request id.",
    "explain": "Of a plan's key, a type, or a property of one: what it means, its default, and what changing it does. `explain zones`, "
    "`explain Subnet.CidrBlock`.",
    "list": "By their tags: cluster, age, last run, sizes, what is billed by the hour.",
    "completion": "`install.sh` puts it, and the manual pages, beside the program.",
    "sandbox start": "It is [its owner's alone](../sandbox.md#who-may-do-what).",
}
"""What its own help leaves out, by a command's words."""


def page() -> str:
    """The page, as Markdown."""
    codes = table(("code", "means"), ((str(code.value), text) for code, text in _EXITS.items()))
    verbs = "\n".join(_command(words, command) for words, command in commands())
    return f"""# Commands

Results go to stdout, everything else to stderr. Each command also has `--help`. Where credentials come from is in [credentials](credentials.md);
what `--json` prints is in [JSON](json.md).

Without a plan file, `plan` and `outputs` take the one last applied from this folder, `apply` and `destroy` only where one plan alone was. Addresses of
services are https ones, or on this host; any other is refused unless `--insecure-endpoint` is given. A proxy may be `http://`.
`--profile` chooses credentials; `--region` [checks and doesn't choose](../how-to/write-a-plan.md#where-the-region-comes-from).

## Exit codes

{codes}
`plan --detailed-exitcode` is different: 0 means nothing to do, 2 changes, 1 an error of any kind.

{verbs}"""


def commands() -> Iterator[tuple[Sequence[str], click.Command]]:
    """All commands with their words, as `("sandbox", "start")`."""
    yield from _below((), main)


def _below(words: Sequence[str], group: click.Group) -> Iterator[tuple[Sequence[str], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _below((*words, name), command)
        elif not command.hidden:
            yield (*words, name), command


def _command(words: Sequence[str], command: click.Command) -> str:
    name = " ".join(("ocpprov", *words))
    context = click.Context(command, info_name=name)
    usage = f"```text\n{' '.join([name, *command.collect_usage_pieces(context)])}\n```\n"
    text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = [_option(words, parameter) for parameter in command.params if isinstance(parameter, click.Option)]
    shown = table(("option", "default", "does"), options) if options else ""
    more = f"{found}\n\n" if (found := _MORE.get(" ".join(words), "")) else ""
    return f"## {name}\n\n{usage}\n{text}\n\n{more}{shown}\n{_usage(' '.join(words))}"


def _usage(words: str) -> str:
    """Examples, and what the exit codes mean here."""
    usage = USAGES[words]
    examples = table(("example", "does"), ((code(f"ocpprov {each.words}"), each.does) for each in usage.examples))
    codes = table(("exit code", "means"), ((str(number), means) for number, means in sorted(usage.codes.items())))
    return f"{examples}\n{codes}" if usage.examples else codes


def _option(words: Sequence[str], option: click.Option) -> Sequence[str]:
    names = ", ".join(code(name) for name in sorted(option.opts, key=len, reverse=True))
    value = "" if option.is_flag else f" {code(_value(option))}"
    plain = isinstance(option.default, str | int | float) and not option.is_flag
    default = code(f"{option.default:g}" if isinstance(option.default, float) else str(option.default)) if plain else ""
    anchor = "-".join((*words, option.opts[0].lstrip("-")))
    return anchored(anchor, names + value), default, option.help or ""


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return " or ".join(map(str, option.type.choices))
    return option.metavar or {"text": "TEXT", "path": "PATH"}.get(option.type.name, "NUMBER")
