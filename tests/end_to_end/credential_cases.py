"""Where credentials come from, what limits them, and what becomes of them in the middle of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.failing import errors
from tests.end_to_end.world import Operator
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
    admin: SandboxAdmin
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


def environment(host: Host) -> None:
    host.environ |= variables("ASIAFIRST")


def variables(key: str) -> dict[str, str]:
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"}


def _long_term(host: Host) -> None:
    host.environ |= {"AWS_ACCESS_KEY_ID": "AKIAFIRST", "AWS_SECRET_ACCESS_KEY": "x"}


def _file(host: Host) -> None:
    host.key_file("default", "ASIAFIRST")


def _process(host: Host) -> None:
    host.config(f"[default]\ncredential_process = {command(host.folder)}\n")


def process_once(host: Host) -> None:
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
    host.environ |= variables("ASIAOWN")
    host.profile = "lab"


def _role_from_metadata(host: Host) -> None:
    _metadata(host)
    host.config(f"[profile lab]\nrole_arn = {ROLE}lab\ncredential_source = Ec2InstanceMetadata\n")
    host.environ["AWS_PROFILE"] = "lab"


def _as_provisioner(source: Callable[[Host], None]) -> Callable[[Host], None]:
    """The source, and a role in the plan to act as."""

    def both(host: Host) -> None:
        source(host)
        host.role = f"{ROLE}provisioner"

    return both


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
    return lambda host: host.admin.faults(
        errors(operation, code, "is not authorized to perform this", 403, first=first)
    )


def _once(host: Host) -> None:
    assert host.server
    host.server.good_for = 1


def _nothing(_: Host) -> None:
    """The source stays as it is."""


def _without_token(host: Host) -> None:
    (host.folder / "token").unlink()
    host.admin.conditions(credentials_changes=1)


def _new_file(host: Host) -> None:
    host.key_file("default", "ASIASECOND")
    host.admin.conditions(ended_keys=["ASIAFIRST"])


def _new_file_below(host: Host) -> None:
    """The role's own keys end too, as they do some time."""
    host.key_file("default", "ASIASECOND")
    host.admin.conditions(ended_keys=["ASIAFIRST"], credentials_changes=CHANGES)


def _ended_below(host: Host) -> None:
    host.admin.conditions(ended_keys=["ASIAFIRST"], credentials_changes=1)


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
    "plan's role": Case(_as_provisioner(environment)),
    "plan's role on a file": Case(_as_provisioner(_file), then=_new_file_below),
    "plan's role on two": Case(_as_provisioner(_two_roles)),
    "plan's role on a process": Case(_as_provisioner(_process)),
    "web identity": Case(_web_identity),
    "container": Case(_container),
    "metadata": Case(_metadata),
}
EXPIRED = r"\w+: RequestExpired: Request has expired. \(request \S+\)"
DENIED = r"AssumeRole: AccessDenied: is not authorized to perform this \(request \S+\)"
ENDS = {
    "environment": Case(environment, says=f"{EXPIRED}.*credentials of the environment"),
    "long-term keys": Case(_long_term, says=f"{EXPIRED}.*credentials of the environment"),
    "file": Case(_file, says=f"{EXPIRED}.*credentials of the shared credentials file"),
    "process": Case(
        process_once, says=r"of credential_process \(profile default\): .*the command failed; run it yourself"
    ),
    "role": Case(_one_role, _until(2), says=rf"{DENIED}.*the profile's role_arn \(profile lab\)"),
    "two roles": Case(_two_roles, _until(3), says=DENIED),
    "role on the environment": Case(_role_from_environment, _until(2), says=DENIED),
    "role on metadata": Case(_role_from_metadata, _once, says="No credentials found in credential_source"),
    "plan's role": Case(_as_provisioner(environment), _until(2), says=rf"{DENIED}.*provisioner \(aws.assumeRole\)"),
    "plan's role on what ended": Case(
        _as_provisioner(environment),
        then=_ended_below,
        says=r"AssumeRole: ExpiredToken: .*credentials of the environment",
    ),
    "plan's role on two": Case(_as_provisioner(_two_roles), _until(4), says=DENIED),
    "web identity": Case(
        _web_identity,
        _until(2, "AssumeRoleWithWebIdentity", "ExpiredTokenException"),
        says=r"AssumeRoleWithWebIdentity: ExpiredTokenException: .*the web identity token",
    ),
    "web identity without its file": Case(_web_identity, then=_without_token, says="No such file or directory"),
    "container": Case(_container, _once, says="the agent has no keys for this task"),
    "metadata": Case(_metadata, _once, says="the instance metadata service"),
}


@contextmanager
def host_of(case: Case, operator: Operator, admin: SandboxAdmin) -> Iterator[tuple[Operator, Host]]:
    """An operator whose credentials are the case's, and who has no others."""
    with ExitStack() as stack:
        host = Host(operator.folder, admin, stack)
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
