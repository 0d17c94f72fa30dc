"""Plain http to another host is refused before anything is sent, whoever gives the address."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ocpprov.aws.endpoint_guard import EndpointGuard, InsecureEndpoint, variable_of
from ocpprov.aws.session import Session, open_session
from tests.aws.conftest import set_all

READ = "whoever is on the way reads session tokens, AWS's answers and bootstrap.ign"
REMEDY = "write https://, or give --insecure-endpoint where nobody can be on the way"


def client(url: str, service: str = "ec2", proxy: str = "") -> Any:
    """As much of a client as says where it goes."""
    config = SimpleNamespace(proxies={"http": proxy} if proxy else {})
    return SimpleNamespace(
        meta=SimpleNamespace(endpoint_url=url, config=config, service_model=SimpleNamespace(service_name=service))
    )


def refusing() -> EndpointGuard:
    return EndpointGuard(False, lambda _: None, {"s3": "plan.yaml:3:5: aws.serviceEndpoints"}, "config (profile corp)")


def opened(warned: list[str] | None = None, **given: Any) -> Session:
    notices: list[str] = [] if warned is None else warned
    return open_session("eu-west-1", on_call=lambda _: None, on_notice=notices.append, **given)


@pytest.mark.parametrize(
    "url",
    [
        "http://aws.corp:8080",
        "http://192.0.2.7",
        "http://0.0.0.0:80",
        "http://10.0.0.1",
        "http://[::ffff:192.0.2.7]",
        "http://[fe80::1]:80",
        "http://localhost.corp",
        "http://notlocalhost",
        "http://127.0.0.1.corp",
        "http://user:password@aws.corp",
        "HTTP://aws.corp",
        "http://169.254.169.254",
    ],
)
def test_plain_http_to_another_host_is_refused(environ: pytest.MonkeyPatch, url: str) -> None:
    set_all(environ, {"AWS_ENDPOINT_URL_EC2": url})
    with pytest.raises(InsecureEndpoint) as refused:
        refusing().check(client(url))
    shown = url.replace("user:password@", "")
    where = "AWS_ENDPOINT_URL_EC2"
    assert str(refused.value.problem) == f"{where}: {shown} is plain http to another host: {READ}; {REMEDY}"
    assert refused.value.next_step == REMEDY


@pytest.mark.parametrize(
    "url", ["http://aws.corp\\@127.0.0.1:80", "http://aws.corp\\@localhost", "http://[::1]aws.corp"]
)
def test_a_url_that_is_read_in_two_ways_is_of_another_host(url: str) -> None:
    """Python reads the host after the `@`, and urllib3 connects to what is before the backslash."""
    with pytest.raises(InsecureEndpoint, match="plain http to another host"):
        refusing().check(client(url))
    with pytest.raises(InsecureEndpoint, match="plain http to another host through the proxy"):
        refusing().check(client("http://localhost", proxy=url.replace("[::1]aws.corp", r"aws.corp\@[::1]")))
    with pytest.raises(InsecureEndpoint, match="plain http to another host"):
        refusing().check_metadata(url.replace("127.0.0.1", "169.254.169.254"))


@pytest.mark.parametrize(
    "url",
    [
        "https://aws.corp:8443",
        "https://192.0.2.7",
        "http://127.0.0.1:5000",
        "http://127.9.9.9",
        "http://localhost:5000",
        "http://LOCALHOST",
        "http://localhost.:5000",
        "http://[::1]:5000",
    ],
)
def test_tls_and_this_host_are_taken(url: str) -> None:
    refusing().check(client(url))


@pytest.mark.parametrize(
    ("settings", "service", "where"),
    [
        ({"AWS_ENDPOINT_URL": "http://aws.corp"}, "ec2", "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL": "-", "AWS_ENDPOINT_URL_EC2": "-"}, "ec2", "AWS_ENDPOINT_URL_EC2"),
        ({"AWS_ENDPOINT_URL": "-", "AWS_ENDPOINT_URL_S3": "-"}, "s3", "plan.yaml:3:5: aws.serviceEndpoints"),
        ({"AWS_ENDPOINT_URL_S3": "-"}, "ec2", "endpoint_url of ec2 in config (profile corp)"),
    ],
    ids=["all services", "one service", "the plan", "the settings"],
)
def test_the_place_is_named(environ: pytest.MonkeyPatch, settings: dict[str, str], service: str, where: str) -> None:
    set_all(environ, settings)
    with pytest.raises(InsecureEndpoint) as refused:
        refusing().check(client("http://aws.corp", service))
    assert refused.value.problem.where == where


def test_a_profiles_address_is_refused_too(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile corp]\nendpoint_url = http://aws.corp\n")
    set_all(environ, {"AWS_CONFIG_FILE": str(config)})
    with pytest.raises(InsecureEndpoint) as refused:
        _ = opened(profile="corp").clients["ec2"]
    assert refused.value.problem.where == f"endpoint_url of ec2 in {config} (profile corp)"


@pytest.mark.parametrize(
    ("variable", "credentials"),
    [
        ("AWS_ENDPOINT_URL_STS", "role_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"),
        ("AWS_ENDPOINT_URL_STS", "role_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = {folder}/token\n"),
        (
            "AWS_ENDPOINT_URL_SSO",
            "sso_start_url = https://sso.corp\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n",
        ),
    ],
    ids=["a role", "a web identity", "IAM Identity Center"],
)
def test_whoever_gives_credentials_is_looked_at_before_it_is_asked(
    environ: pytest.MonkeyPatch, tmp_path: Path, variable: str, credentials: str
) -> None:
    (tmp_path / "token").write_text("token")
    base = "[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
    config = tmp_path / "config"
    config.write_text(f"[profile corp]\n{credentials.format(folder=tmp_path)}{base}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        environ.delenv(name)
    set_all(environ, {"AWS_CONFIG_FILE": str(config), variable: "http://aws.corp", "HOME": str(tmp_path)})
    session = opened(profile="corp")
    with pytest.raises(InsecureEndpoint) as refused:
        session.credentials.get_frozen_credentials()
    assert refused.value.problem.where == variable


@pytest.mark.parametrize(
    ("proxy", "refused"),
    [("http://proxy.corp:3128", True), ("http://127.0.0.1:3128", False), ("", False)],
    ids=["a proxy elsewhere", "a proxy here", "none"],
)
def test_what_is_in_clear_goes_through_no_proxy_elsewhere(proxy: str, refused: bool) -> None:
    clear = client("http://localhost:5000", proxy=proxy)
    if not refused:
        refusing().check(clear)
        return
    with pytest.raises(InsecureEndpoint, match=r"through the proxy proxy\.corp"):
        refusing().check(clear)


def test_tls_goes_through_any_proxy() -> None:
    refusing().check(client("https://ec2.eu-west-1.amazonaws.com", proxy="http://proxy.corp:3128"))


def test_where_it_is_allowed_one_warning_is_given(environ: pytest.MonkeyPatch) -> None:
    set_all(environ, {"AWS_ENDPOINT_URL": "http://user:password@aws.corp"})
    warned: list[str] = []
    session = opened(warned, insecure_endpoint=True)
    _ = session.clients["ec2"], session.probes["sts"]
    assert warned == [
        f"AWS_ENDPOINT_URL: http://aws.corp is plain http to another host, as --insecure-endpoint allows: {READ}"
    ]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://169.254.169.254/latest/api/token", False),
        ("http://[fd00:ec2::254]/latest/api/token", False),
        ("http://127.0.0.1:1338/latest/api/token", False),
        ("https://metadata.corp/latest/api/token", False),
        ("http://metadata.corp/latest/api/token", True),
        ("http://[fd00:ec3::254]/latest/api/token", True),
        ("http://user:password@192.0.2.7/latest/api/token", True),
    ],
)
def test_the_metadata_service_is_on_the_instances_own_link(url: str, refused: bool) -> None:
    guard = refusing()
    if not refused:
        guard.check_metadata(url)
        return
    with pytest.raises(InsecureEndpoint) as said:
        guard.check_metadata(url)
    assert said.value.problem.where == "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    assert "password" not in str(said.value)


def test_a_metadata_service_elsewhere_is_never_asked(environ: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"):
        environ.delenv(name)
    set_all(environ, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://metadata.corp/"})
    with pytest.raises(InsecureEndpoint):
        opened().credentials.get_frozen_credentials()


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("elbv2", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"),
        ("sso", "AWS_ENDPOINT_URL_SSO"),
        ("sso-oidc", "AWS_ENDPOINT_URL_SSO_OIDC"),
    ],
)
def test_the_variable_of_a_service(service: str, variable: str) -> None:
    assert variable_of(service) == variable
