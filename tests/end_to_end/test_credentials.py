"""Credentials of each kind that end in the middle of a run: it goes on with new ones, or ends in five lines.

The sandbox refuses an access key after some changes. Nothing but the plan says where STS is, and what is set as proxy
lets nobody through: whoever asked a global endpoint, or a metadata service by way of the proxy, would get no answer.
"""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ocpprov.sandbox.client import SandboxControl
from tests.end_to_end.endings import ending
from tests.end_to_end.failing import errors
from tests.end_to_end.world import Finished, Operator, counts
from tests.support.fronts import refused_port
from tests.support.key_sources import AUTHORIZATION, KeyServer, command, container_service, metadata_service

SUBNETS = 12
PLAN = """\
name: rolling
region: eu-west-1
aws:
  serviceEndpoints: [{name: ec2, url: 'URL'}, {name: sts, url: 'URL'}]
MORE
Resources:
  VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
""" + "".join(
    f"  Subnet{number}:\n    Type: AWS::EC2::Subnet\n"
    f"    Properties: {{VpcId: {{Ref: VPC}}, CidrBlock: 10.0.{number}.0/24}}\n"
    for number in range(SUBNETS)
)
ROLE = "arn:aws:iam::123456789012:role/"
CHANGES = 5
"""That an access key makes until AWS refuses it."""


@dataclass
class Host:
    """What a case sets up: the files and variables of a user, and the plan's `assumeRole`, the `--profile`."""

    folder: Path
    levers: SandboxControl
    stack: ExitStack
    environ: dict[str, str] = field(default_factory=dict)
    role: str = ""
    profile: str = ""
    server: KeyServer | None = None

    def config(self, text: str) -> None:
        (self.folder / "config").write_text(text)

    def key_file(self, name: str, key: str) -> None:
        new = self.folder / "new"
        new.write_text(f"[{name}]\naws_access_key_id={key}\naws_secret_access_key=x\naws_session_token=t\n")
        new.rename(self.folder / "credentials")


def _environment(host: Host) -> None:
    host.environ |= _variables("ASIAFIRST")


def _variables(key: str) -> dict[str, str]:
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"}


def _long_term(host: Host) -> None:
    host.environ |= {"AWS_ACCESS_KEY_ID": "AKIAFIRST", "AWS_SECRET_ACCESS_KEY": "x"}


def _file(host: Host) -> None:
    host.key_file("default", "ASIAFIRST")


def _process(host: Host) -> None:
    host.config(f"[default]\ncredential_process = {command(host.folder)}\n")


def _process_once(host: Host) -> None:
    host.config(f"[default]\ncredential_process = {command(host.folder, good_for=1)}\n")


def _one_role(host: Host) -> None:
    host.key_file("own", "ASIAOWN")
    host.config(f"[profile lab]\nrole_arn = {ROLE}lab\nsource_profile = own\n")
    host.environ["AWS_PROFILE"] = "lab"


def _two_roles(host: Host) -> None:
    host.key_file("own", "ASIAOWN")
    host.config(
        f"[profile hub]\nrole_arn = {ROLE}hub\nsource_profile = own\n"
        f"[profile lab]\nrole_arn = {ROLE}lab\nsource_profile = hub\n"
    )
    host.environ["AWS_PROFILE"] = "lab"


def _role_from_environment(host: Host) -> None:
    host.config(f"[profile lab]\nrole_arn = {ROLE}lab\ncredential_source = Environment\n")
    # Variables win over AWS_PROFILE, but not over the option.
    host.environ |= _variables("ASIAOWN")
    host.profile = "lab"


def _role_from_metadata(host: Host) -> None:
    _metadata(host)
    host.config(f"[profile lab]\nrole_arn = {ROLE}lab\ncredential_source = Ec2InstanceMetadata\n")
    host.environ["AWS_PROFILE"] = "lab"


def _plans_role(host: Host) -> None:
    _environment(host)
    host.role = f"{ROLE}provisioner"


def _plans_role_on_a_file(host: Host) -> None:
    _file(host)
    host.role = f"{ROLE}provisioner"


def _plans_role_on_two(host: Host) -> None:
    _two_roles(host)
    host.role = f"{ROLE}provisioner"


def _plans_role_on_a_process(host: Host) -> None:
    _process(host)
    host.role = f"{ROLE}provisioner"


def _web_identity(host: Host) -> None:
    token = host.folder / "token"
    token.write_text("a.b.c")
    host.environ |= {"AWS_WEB_IDENTITY_TOKEN_FILE": str(token), "AWS_ROLE_ARN": f"{ROLE}pod"}


def _container(host: Host) -> None:
    host.server = host.stack.enter_context(container_service())
    host.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{host.server.url}/keys"
    host.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = AUTHORIZATION


def _metadata(host: Host) -> None:
    host.server = host.stack.enter_context(metadata_service())
    host.environ |= {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": host.server.url}


def _until(first: int, operation: str = "AssumeRole", code: str = "AccessDenied") -> Callable[[Host], None]:
    """From so many on, such requests to STS are refused."""
    return lambda host: host.levers.faults(
        errors(operation, code, "is not authorized to perform this", 403, first=first)
    )


def _once(host: Host) -> None:
    assert host.server
    host.server.good_for = 1


def _nothing(_: Host) -> None:
    """The source stays as it is."""


def _without_token(host: Host) -> None:
    (host.folder / "token").unlink()
    host.levers.conditions(credentials_changes=1)


def _new_file(host: Host) -> None:
    host.key_file("default", "ASIASECOND")
    host.levers.conditions(ended_keys=["ASIAFIRST"])


def _new_file_below(host: Host) -> None:
    """The role's own keys end too, as they do some time."""
    host.key_file("default", "ASIASECOND")
    host.levers.conditions(ended_keys=["ASIAFIRST"], credentials_changes=CHANGES)


def _ended_below(host: Host) -> None:
    host.levers.conditions(ended_keys=["ASIAFIRST"], credentials_changes=1)


@dataclass(frozen=True)
class Case:
    """A source, how it is limited, and what happens to it in the middle of a run, which waits for it. `says` is in the
    last lines of a run that ends."""

    source: Callable[[Host], None]
    limit: Callable[[Host], None] = _nothing
    then: Callable[[Host], None] | None = None
    says: str = ""


RENEWED = {
    "file": Case(_file, then=_new_file),
    "process": Case(_process),
    "role": Case(_one_role),
    "two roles": Case(_two_roles),
    "role on the environment": Case(_role_from_environment),
    "role on metadata": Case(_role_from_metadata),
    "plan's role": Case(_plans_role),
    "plan's role on a file": Case(_plans_role_on_a_file, then=_new_file_below),
    "plan's role on two": Case(_plans_role_on_two),
    "plan's role on a process": Case(_plans_role_on_a_process),
    "web identity": Case(_web_identity),
    "container": Case(_container),
    "metadata": Case(_metadata),
}
EXPIRED = r"\w+: RequestExpired: Request has expired. \(request \S+\)"
DENIED = r"AssumeRole: AccessDenied: is not authorized to perform this \(request \S+\)"
ENDS = {
    "environment": Case(_environment, says=f"{EXPIRED}.*credentials of the environment"),
    "long-term keys": Case(_long_term, says=f"{EXPIRED}.*credentials of the environment"),
    "file": Case(_file, says=f"{EXPIRED}.*credentials of the shared credentials file"),
    "process": Case(_process_once, says=r"of credential_process \(profile default\): .*the vault is sealed"),
    "role": Case(_one_role, _until(2), says=rf"{DENIED}.*the profile's role_arn \(profile lab\)"),
    "two roles": Case(_two_roles, _until(3), says=DENIED),
    "role on the environment": Case(_role_from_environment, _until(2), says=DENIED),
    "role on metadata": Case(_role_from_metadata, _once, says="No credentials found in credential_source"),
    "plan's role": Case(_plans_role, _until(2), says=rf"{DENIED}.*provisioner \(aws.assumeRole\)"),
    "plan's role on what ended": Case(
        _plans_role, then=_ended_below, says=r"AssumeRole: ExpiredToken: .*credentials of the environment"
    ),
    "plan's role on two": Case(_plans_role_on_two, _until(4), says=DENIED),
    "web identity": Case(
        _web_identity,
        _until(2, "AssumeRoleWithWebIdentity", "ExpiredTokenException"),
        says=r"AssumeRoleWithWebIdentity: ExpiredTokenException: .*the web identity token",
    ),
    "web identity without its file": Case(_web_identity, then=_without_token, says="No such file or directory"),
    "container": Case(_container, _once, says="the agent has no keys for this task"),
    "metadata": Case(_metadata, _once, says="the instance metadata service"),
}
SAMPLE = {"metadata": RENEWED, "plan's role on two": RENEWED, "environment": ENDS, "process": ENDS}


def _cases(table: Mapping[str, Case]) -> pytest.MarkDecorator:
    rows = [
        pytest.param(case, id=name, marks=[] if SAMPLE.get(name) is table else [pytest.mark.torture])
        for name, case in table.items()
    ]
    return pytest.mark.parametrize("case", rows)


@contextmanager
def _host(case: Case, operator: Operator, levers: SandboxControl) -> Iterator[tuple[Operator, Host]]:
    """An operator whose credentials are the case's, and who has no others."""
    with ExitStack() as stack:
        host = Host(operator.folder, levers, stack)
        case.source(host)
        more = f"  assumeRole: {host.role}" if host.role else ""
        (operator.folder / "plan.yaml").write_text(PLAN.replace("URL", operator.url).replace("MORE", more))
        closed = stack.enter_context(refused_port())
        yield (
            Operator(
                "",
                operator.folder,
                {
                    **operator.environ,
                    **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ""),
                    "AWS_SHARED_CREDENTIALS_FILE": str(host.folder / "credentials"),
                    "AWS_CONFIG_FILE": str(host.folder / "config"),
                    **dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), closed),
                    **dict.fromkeys(("NO_PROXY", "no_proxy"), urlsplit(operator.url).netloc),
                    **host.environ,
                },
            ),
            host,
        )


def _rolled_over(operator: Operator, host: Host, case: Case) -> Finished:
    """An apply during which AWS refuses the keys that it began with."""
    command = ("apply", "plan.yaml", "--yes", *(("--profile", host.profile) if host.profile else ()))
    if case.then is None:
        host.levers.conditions(credentials_changes=CHANGES)
        case.limit(host)
        return operator.run(*command)
    host.levers.faults(errors("CreateSubnet", "RequestLimitExceeded", "Request limit exceeded.", 503))
    host.levers.clear_calls()
    process = operator.start(*command)
    deadline = time.monotonic() + 120
    while not any(call["operation"] == "CreateSubnet" for call in host.levers.calls()):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    host.levers.faults([])
    case.then(host)
    out, err = process.communicate(timeout=240)
    return Finished(process.returncode, out, err)


def _no_secret(finished: Finished, folder: Path) -> None:
    left = "".join(path.read_text(errors="replace") for path in (folder / ".ocpprov").rglob("*") if path.is_file())
    assert "ASIA" not in finished.out + finished.err + left


def _a_minute_passes(journal: Path) -> None:
    """Until then, the next run would look for what was about to be sent, at AWS's pace."""
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    journal.write_text("".join(json.dumps({**record, "time": record["time"] - 60}) + "\n" for record in records))


@_cases(RENEWED)
def test_the_run_goes_on_with_new_credentials(operator: Operator, levers: SandboxControl, case: Case) -> None:
    with _host(case, operator, levers) as (user, host):
        finished = _rolled_over(user, host, case)
        assert finished.code == 0, finished.err
        assert finished.err.count("AWS says that the credentials ended; the run goes on with new ones") >= 1
        assert counts(operator.url)["Subnets"] == 3 + SUBNETS
        _no_secret(finished, operator.folder)
        if host.server:
            assert host.server.refused == []
            # Asked once for all threads: at the beginning, and for each time that AWS refused what they had.
            assert host.server.handed_out <= 1 + finished.err.count("the run goes on with new ones") + 1
        # Who has only a token yet doesn't sign, and names no region.
        asked = [call for call in levers.calls() if call["service"] == "sts" and "Web" not in call["operation"]]
        assert {call["region"] for call in asked} <= {"eu-west-1"}


@_cases(ENDS)
def test_the_run_ends_in_five_lines_that_say_which_credentials_ended(
    operator: Operator, levers: SandboxControl, case: Case
) -> None:
    with _host(case, operator, levers) as (user, host):
        finished = _rolled_over(user, host, case)
        assert finished.code == 1, finished.err
        assert "Traceback" not in finished.err
        said = ending(finished)
        assert re.search(case.says, f"{said.said} {said.cause}"), finished.err
        assert "Set or renew the credentials" in said.cause
        assert "missing:  nothing" not in finished.err
        _no_secret(finished, operator.folder)
        # Nobody wonders what became of requests that were never signed.
        assert "in doubt" not in finished.err
        journal = (user.folder / ".ocpprov/rolling/journal.jsonl").read_text().splitlines()
        made = {record["id"] for record in map(json.loads, journal) if record["event"] == "created"}
        assert len(made) < 1 + SUBNETS
        assert sum(counts(operator.url)[type] for type in ("Vpcs", "Subnets")) == 4 + len(made)
        levers.conditions()
        levers.faults([])
        _a_minute_passes(user.folder / ".ocpprov/rolling/journal.jsonl")
        host.config("[default]\n")
        renewed = Operator("", user.folder, {**user.environ, **_variables("ASIALATER"), "AWS_PROFILE": "default"})
        if host.role:
            (user.folder / "plan.yaml").write_text((user.folder / "plan.yaml").read_text().replace("  assumeRole", "#"))
        renewed.good(*(word for word in shlex.split(said.next)[1:] if word not in ("--profile", "lab")))
        assert counts(operator.url)["Subnets"] == 3 + SUBNETS


@pytest.mark.torture
def test_a_destroy_whose_credentials_end_ends_in_five_lines_too(operator: Operator, levers: SandboxControl) -> None:
    with _host(Case(_environment), operator, levers) as (user, _):
        user.good("apply", "plan.yaml", "--yes")
        levers.conditions(credentials_changes=CHANGES)
        second = Operator("", user.folder, {**user.environ, **_variables("ASIASECOND")})
        finished = second.run("destroy", "plan.yaml", "--yes")
        assert finished.code == 1, finished.err
        said = ending(finished)
        assert re.search(f"{EXPIRED}.*credentials of the environment", f"{said.said} {said.cause}"), finished.err
        assert "Subnet" in said.there
        levers.conditions()
        Operator("", user.folder, {**user.environ, **_variables("ASIALATER")}).good(*shlex.split(said.next)[1:])
        assert (counts(operator.url)["Vpcs"], counts(operator.url)["Subnets"]) == (1, 3)


@pytest.mark.torture
def test_short_lived_credentials_are_renewed_before_they_end(operator: Operator, levers: SandboxControl) -> None:
    def short(host: Host) -> None:
        host.config(f"[default]\ncredential_process = {command(host.folder, seconds=4)}\n")

    with _host(Case(short), operator, levers) as (user, host):
        levers.conditions(latency=150)
        finished = user.good("apply", "plan.yaml", "--yes", "--concurrency", "1")
        assert "AWS says" not in finished.err
        asked = len((host.folder / "asked").read_text())
        calls = len(levers.calls())
        assert 2 <= asked < calls / 2


SOON = r"the credentials of the environment \(AWS_ACCESS_KEY_ID\) end in \d minutes? and can't be renewed, and the run"
SLOW = "".join(
    f"  Gateway{number}:\n    Type: AWS::EC2::NatGateway\n    DependsOn: {before}\n"
    "    Properties: {SubnetId: {Ref: Subnet0}, ConnectivityType: private}\n"
    for number, before in enumerate(("Subnet0", *(f"Gateway{number}" for number in range(5))))
)
"""Six gateways, one after another, of a minute and a half each."""


def test_credentials_that_end_before_the_run_will_are_told_of_before_it_begins(
    operator: Operator, levers: SandboxControl
) -> None:
    with _host(Case(_environment), operator, levers) as (user, _):
        plan = user.folder / "plan.yaml"
        plan.write_text(plan.read_text() + SLOW)
        ends = datetime.now(UTC) + timedelta(seconds=420)
        soon = Operator("", user.folder, {**user.environ, "AWS_CREDENTIAL_EXPIRATION": f"{ends:%Y-%m-%dT%H:%M:%SZ}"})
        found = soon.run("preflight", "plan.yaml", "--json")
        checks = {check["id"]: check for check in json.loads(found.out)["checks"]}
        assert (checks["credentials"]["status"], found.code) == ("warn", 0)
        assert re.match(SOON, checks["credentials"]["detail"])
        # Nobody is there to say yes, so nothing is changed.
        refused = soon.run("apply", "plan.yaml")
        assert refused.code == 2
        assert re.search(rf"^{SOON} takes about 10 minutes; set new ones first", refused.err, re.MULTILINE), refused.err
        unknown = user.run("preflight", "plan.yaml", "--json")
        assert "ASIA" not in found.out + refused.err + unknown.out
        checks = {check["id"]: check for check in json.loads(unknown.out)["checks"]}
        assert checks["credentials"]["status"] == "unknown"


def test_preflight_says_what_keeps_credentials_from_being_had(operator: Operator, levers: SandboxControl) -> None:
    with _host(Case(_process_once), operator, levers) as (user, host):
        (host.folder / "asked").write_text("x")
        found = user.run("preflight", "plan.yaml", "--json")
        checks = [(check["id"], check["status"]) for check in json.loads(found.out)["checks"]]
        assert (checks[-2:], found.code) == ([("credentials", "fail"), ("aws", "unknown")], 1)
        assert "the vault is sealed" in found.out
        refused = user.run("apply", "plan.yaml", "--yes")
        assert (refused.code, "the vault is sealed" in refused.err) == (2, True), refused.err
        assert levers.calls() == []
