"""A cluster behind an authenticating proxy, and services that a plan doesn't use.

The proxy is Debian's tinyproxy where it is installed; the tests' own stands in for it elsewhere, and the tests' names
say which one it was. `make torture` goes through both.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.world import ROOT, Operator, everything
from tests.support.fronts import Fronts, refused_port, service_fronts
from tests.support.proxies import PASSWORD, USER, authenticating_proxy, programs

PLAN = str(ROOT / "plans" / "restricted-3az.yaml")
PROGRAMS = programs()
through = pytest.mark.parametrize(
    "program", [pytest.param(name, marks=[pytest.mark.torture] if name != PROGRAMS[0] else []) for name in PROGRAMS]
)


REFUSES = {
    "no password": r"wants a user and password \(it answered 407 [^)]*\)",
    # tinyproxy's answer is 401.
    "a wrong password": r"doesn't accept the user and password that it is given \(it answered 40[17] [^)]*\)",
}
REMEDY = "; write HTTPS_PROXY (or aws.proxy) as http://USER:PASSWORD@HOST:PORT, or add AWS's hosts to NO_PROXY\n"


def _behind(bare: Operator, fronts: Fronts, proxy_url: str) -> Operator:
    """The operator on a host from which AWS is reached through the proxy only."""
    nothing = dict.fromkeys(("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "")
    proxies = {"HTTPS_PROXY": proxy_url, "https_proxy": proxy_url}
    return Operator("", bare.folder, {**bare.environ, **fronts.environ, **nothing, **proxies})


def _left_on_disk(folder: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in sorted(folder.rglob("*")) if path.is_file())


@through
def test_the_restricted_cluster_is_made_and_taken_away_through_the_proxy(
    bare: Operator, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, program: str
) -> None:
    before = everything(bare.url)
    with (
        authenticating_proxy(tmp_path_factory.mktemp("proxy") / program, program) as proxy,
        service_fronts(bare.url, tls=True) as fronts,
    ):
        operator = _behind(bare, fronts, proxy.url)
        applied = operator.good("apply", PLAN, "--yes")
        assert everything(bare.url) != before
        destroyed = operator.good("destroy", PLAN, "--yes")
        assert everything(bare.url) == before
        # Nobody was asked who isn't one of the services of the plan, the tagging API least of all.
        asked = {service for service in fronts.urls if fronts.requests_to(service)}
        # The router's balancer may be a classic one, and is sought at the same endpoint.
        assert asked == {"ec2", "elb", "elbv2", "iam", "route53", "s3", "sts"}
        assert proxy.connected() == {urlsplit(fronts.urls[service]).netloc for service in asked}
    told = "".join([applied.out, applied.err, destroyed.out, destroyed.err, _left_on_disk(tmp_path)])
    assert "journal.jsonl" in {path.name for path in tmp_path.rglob("*")}
    assert PASSWORD not in told
    assert USER not in told


@through
@pytest.mark.parametrize("given", ["no password", "a wrong password"])
def test_a_proxy_that_lets_nobody_through_is_named_in_one_sentence(
    bare: Operator, tmp_path_factory: pytest.TempPathFactory, program: str, given: str
) -> None:
    with (
        authenticating_proxy(tmp_path_factory.mktemp("proxy") / program, program) as proxy,
        service_fronts(bare.url, tls=True) as fronts,
    ):
        wrong = proxy.url.replace(PASSWORD, "tr0ub4dor")
        operator = _behind(bare, fronts, wrong if given == "a wrong password" else proxy.url_without_password)
        refused = operator.run("apply", PLAN, "--yes")
        assert fronts.requests == []
        assert re.fullmatch(f"the proxy {proxy.address} {REFUSES[given]}{re.escape(REMEDY)}", refused.err), refused.err
    assert (refused.code, refused.out) == (2, "")
    assert "tr0ub4dor" not in _left_on_disk(bare.folder)


def test_the_password_of_a_proxy_that_is_down_is_not_told(bare: Operator) -> None:
    with service_fronts(bare.url, tls=True) as fronts, refused_port() as closed:
        proxy = closed.replace("http://", f"http://{USER}:{PASSWORD}@")
        plan = bare.folder / "plan.yaml"
        plan.write_text(Path(PLAN).read_text() + f"aws: {{proxy: '{proxy}'}}\n")
        refused = _behind(bare, fronts, "").run("apply", "plan.yaml", "--yes")
        assert fronts.requests == []
    assert (refused.code, refused.out) == (2, "")
    assert "the proxy refuses the connection" in refused.err
    assert PASSWORD not in refused.err
    assert not (bare.folder / ".ocpprov").exists()


GIVEN = """\
name: given
region: eu-west-1
openshift:
  clusterName: given
  baseDomain: example.com
  infraID: given-x7k2p
  publish: Internal
  egress: none
  zones: 1
  hostedZone: none
  appsRecord: none
  bucket: none
  iam: {instanceProfiles: {master: theirs-master, worker: theirs-worker, bootstrap: theirs-bootstrap}}
"""


@pytest.mark.torture
def test_services_that_a_plan_does_not_use_need_not_be_reachable(bare: Operator) -> None:
    plan = bare.folder / "plan.yaml"
    plan.write_text(GIVEN)
    before = everything(bare.url)
    with service_fronts(bare.url) as fronts, refused_port() as closed:
        unused = {f"AWS_ENDPOINT_URL_{name}": closed for name in ("IAM", "ROUTE_53", "S3", "ELASTIC_LOAD_BALANCING")}
        tagging = {"AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API": closed}
        operator = Operator("", bare.folder, {**bare.environ, **fronts.environ, **unused, **tagging})
        operator.good("apply", "plan.yaml", "--yes")
        made = everything(bare.url)
        assert len(made["LoadBalancers"]) == 1
        assert made["Roles"] == made["HostedZones"] == made["Buckets"] == []
        operator.good("destroy", "plan.yaml", "--yes")
        assert everything(bare.url) == before
    # The closed port answers nobody, so a call of any kind would have failed; the fronts saw none either.
    assert {request.service for request in fronts.requests} == {"ec2", "elbv2", "sts"}
