"""What is done to an install-config.yaml for a plan: on values, by what the file has."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from ocpprov.engine.resources import Position
from ocpprov.installer.install_config_edits import InstallConfigEdits, install_config_edits
from ocpprov.installer.install_config_values import FORMS, ConfigSubnet, InstallConfigValues
from ocpprov.installer.yaml_edits import Put, edited
from ocpprov.plan.model import OpenShift, Plan, ServiceEndpoint
from ocpprov.plan.nodes import parse

FILE: Final = "inst/install-config.yaml"
ZONE: Final = Position("prod.yaml", 9, 3)
ELSEWHERE: Final = Position(FILE, 7, 3)
SECTION: Final = OpenShift(
    "prod", "example.com", positions={"openshift.hostedZone": ZONE, "openshift.publish": ELSEWHERE}
)
PLAN: Final = Plan("prod", "eu-west-1", openshift=SECTION, file="prod.yaml")
BARE: Final = InstallConfigValues(FORMS[0], "Internal", machine_networks=(IPv4Network("10.0.0.0/16"),))
SUBNETS: Final = (ConfigSubnet("subnet-a"), ConfigSubnet("subnet-b"))
ROLES: Final = (ConfigSubnet("subnet-a", ("ClusterNode",)), ConfigSubnet("subnet-b", ("BootstrapNode",)))
OWN: Final = frozenset({"subnet-a", "subnet-b", "subnet-public"})
READY: Final = "publish: Internal\ncompute: [{name: worker, replicas: 0}]\n"
"""What nothing has to be done to for BARE."""
CERTIFICATE: Final = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
OTHER: Final = "-----BEGIN CERTIFICATE-----\nWE1M\n-----END CERTIFICATE-----\n"


def found_for(text: str, values: InstallConfigValues) -> InstallConfigEdits:
    return install_config_edits(parse(text, FILE), values, PLAN, OWN)


def puts(text: str, **values: Any) -> dict[str, Any]:
    """What is put where, into a file that is ready but for this; and nothing stands against it."""
    found = found_for(READY + text, replace(BARE, **values))
    assert found.errors == []
    before = parse(READY + text, FILE).plain()
    return {
        ".".join(map(str, edit.path)): edit.value
        for edit in found.edits
        if isinstance(edit, Put) and parse(edited(READY + text, [edit], FILE), FILE).plain() != before
    }


def errors(text: str, **values: Any) -> list[str]:
    return list(map(str, found_for(text, replace(BARE, **values)).errors))


def notes(text: str, **values: Any) -> list[str]:
    return list(found_for(text, replace(BARE, **values)).notes)


def aws(lines: str) -> str:
    return f"platform: {{aws: {{{lines}}}}}\n"


@pytest.mark.parametrize(
    ("text", "form", "subnets", "expected"),
    [
        ("", 0, SUBNETS, {"platform.aws.subnets": ["subnet-a", "subnet-b"]}),
        ("", 1, SUBNETS, {"platform.aws.vpc.subnets": [{"id": "subnet-a"}, {"id": "subnet-b"}]}),
        (
            "",
            1,
            ROLES,
            {
                "platform.aws.vpc.subnets": [
                    {"id": "subnet-a", "roles": [{"type": "ClusterNode"}]},
                    {"id": "subnet-b", "roles": [{"type": "BootstrapNode"}]},
                ]
            },
        ),
        (aws("subnets: [subnet-b, subnet-a]"), 0, SUBNETS, {}),
        (aws("subnets: [subnet-b, subnet-a]"), 1, ROLES, {}),
        (aws("subnets: [subnet-b]"), 1, ROLES, {"platform.aws.subnets.1": "subnet-a"}),
        (aws("subnets: []"), 0, SUBNETS, {"platform.aws.subnets": ["subnet-a", "subnet-b"]}),
        (aws("vpc: {subnets: [{id: subnet-b}]}"), 0, SUBNETS, {"platform.aws.vpc.subnets.1": {"id": "subnet-a"}}),
        (aws("vpc: {subnets: [{id: subnet-b}]}"), 1, ROLES, {"platform.aws.vpc.subnets.1": {"id": "subnet-a"}}),
        (
            aws("vpc: {subnets: [{id: subnet-b, roles: [{type: EdgeNode}]}]}"),
            1,
            ROLES,
            {"platform.aws.vpc.subnets.1": {"id": "subnet-a", "roles": [{"type": "ClusterNode"}]}},
        ),
        (
            aws("subnets: [subnet-public, subnet-b]"),
            0,
            SUBNETS,
            {"platform.aws.subnets": ["subnet-b", "subnet-a"]},
        ),
    ],
)
def test_subnets_stand_in_the_form_that_is_there(
    text: str, form: int, subnets: tuple[ConfigSubnet, ...], expected: dict[str, Any]
) -> None:
    assert puts(text, form=FORMS[form], subnets=subnets) == expected


@pytest.mark.parametrize(
    ("text", "path", "column"),
    [
        (aws("subnets: [subnet-a, subnet-x]"), "platform.aws.subnets", 38),
        (aws("vpc: {subnets: [{id: subnet-x}]}"), "platform.aws.vpc.subnets", 34),
    ],
)
def test_foreign_subnets_are_refused_with_both_places(text: str, path: str, column: int) -> None:
    assert errors(text, subnets=SUBNETS) == [
        f"{FILE}:1:{column}: {path}: subnet-x is not a subnet of plan prod, which has subnet-a, subnet-b, "
        "subnet-public; name it in the plan (prod.yaml), or take it out here"
    ]


def test_subnets_that_are_not_known_are_left_and_it_is_said() -> None:
    assert puts(aws("subnets: [subnet-a]")) == {}
    assert notes("x: 1\n") == ["the ids of the subnets aren't known yet: apply the plan, then run the same again"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"platform.aws.hostedZone": "Z1"}),
        (aws("hostedZone: "), {"platform.aws.hostedZone": "Z1"}),
        (aws("hostedZone: Z1"), {}),
    ],
)
def test_hosted_zone(text: str, expected: dict[str, Any]) -> None:
    assert puts(text, hosted_zone="Z1") == expected


def test_the_role_of_another_accounts_zone_stands_beside_it() -> None:
    role = "arn:aws:iam::210987654321:role/zones"
    expected = {"platform.aws.hostedZone": "Z1", "platform.aws.hostedZoneRole": role}
    assert puts("", hosted_zone="Z1", hosted_zone_role=role) == expected
    assert puts(aws(f"hostedZone: Z1, hostedZoneRole: {role}"), hosted_zone="Z1", hosted_zone_role=role) == {}


def test_another_hosted_zone_is_refused_with_both_places() -> None:
    assert errors(aws("hostedZone: Z2"), hosted_zone="Z1") == [
        f"{FILE}:1:30: platform.aws.hostedZone: Z2 here, Z1 in prod.yaml:9:3; make them agree; is it another cluster's "
        "file?"
    ]


@pytest.mark.parametrize(
    ("text", "path", "here"),
    [
        ("metadata: {name: test}\n", "metadata.name", "test here, prod in prod.yaml"),
        ("baseDomain: example.net\n", "baseDomain", "example.net here, example.com in prod.yaml"),
        (aws("region: us-east-1"), "platform.aws.region", "us-east-1 here, eu-west-1 in prod.yaml"),
        ("publish: External\n", "publish", "External here, Internal in prod.yaml"),
        (
            "networking: {machineNetwork: [{cidr: 10.1.0.0/16}]}\n",
            "networking.machineNetwork",
            "another network here, 10.0.0.0/16 in prod.yaml",
        ),
    ],
)
def test_another_clusters_file_is_refused(text: str, path: str, here: str) -> None:
    (error,) = errors(text)
    assert f"{path}: {here}; make them agree" in error


def test_what_is_published_in_part_stays() -> None:
    text = "publish: Mixed\ncompute: [{replicas: 0}]\n"
    assert found_for(text, BARE).errors == []
    assert notes(text)[0] == f"{FILE}:1:10: publish stays Mixed; its operatorPublishingStrategy says what is public"


@pytest.mark.parametrize(
    ("networks", "text", "expected"),
    [
        (["10.0.0.0/16"], "", {}),
        (["10.1.0.0/16"], "", {"networking.machineNetwork": [{"cidr": "10.1.0.0/16"}]}),
        (
            ["10.1.0.0/16", "10.2.0.0/16"],
            "networking: {machineNetwork: [{cidr: 10.2.0.0/16}, {cidr: 10.1.0.0/16}]}\n",
            {},
        ),
    ],
)
def test_machine_networks(networks: list[str], text: str, expected: dict[str, Any]) -> None:
    assert puts(text, machine_networks=tuple(map(IPv4Network, networks))) == expected


HOSTS: Final = ("ec2.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ",".join(HOSTS)),
        ("  noProxy: .corp, 10.0.0.0/8\n", f".corp,10.0.0.0/8,{','.join(HOSTS)}"),
        (f"  noProxy: {HOSTS[1].upper()}\n", f"{HOSTS[1].upper()},{HOSTS[0]}"),
        ("  noProxy: .eu-west-1.amazonaws.com\n", None),
        ("  noProxy: eu-west-1.amazonaws.com\n", None),
        ("  noProxy: west-1.amazonaws.com\n", f"west-1.amazonaws.com,{','.join(HOSTS)}"),
        ("  noProxy: '*'\n", None),
    ],
)
def test_no_proxy_is_merged(written: str, expected: str | None) -> None:
    for key in ("httpProxy", "httpsProxy"):
        found = puts(f"proxy:\n  {key}: http://u:p@proxy\n{written}", no_proxy=HOSTS)
        assert found == ({"proxy.noProxy": expected} if expected else {})


def test_without_a_proxy_there_is_no_no_proxy() -> None:
    assert puts("proxy: {}\n", no_proxy=HOSTS, behind_proxy=True) == {}
    assert f"the file has no proxy; with one, its noProxy needs {','.join(HOSTS)}" in notes(
        "x: 1\n", no_proxy=HOSTS, behind_proxy=True
    )
    assert len(notes("x: 1\n", no_proxy=HOSTS)) == 1


EC2: Final = ServiceEndpoint("ec2", "https://ec2.corp")
EC2_ROW: Final = {"name": "ec2", "url": "https://ec2.corp"}
S3: Final = ServiceEndpoint("s3", "https://s3.corp", "prod.yaml:4:9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"platform.aws.serviceEndpoints.0": EC2_ROW}),
        (aws("serviceEndpoints: [{name: ec2, url: https://ec2.corp/}, {name: s3, url: https://s3.corp}]"), {}),
        (
            aws("serviceEndpoints: [{name: sts, url: https://sts.corp}]"),
            {"platform.aws.serviceEndpoints.1": EC2_ROW},
        ),
    ],
)
def test_service_endpoints_are_added(text: str, expected: dict[str, Any]) -> None:
    assert puts(text, service_endpoints=(EC2,)) == expected


def test_another_url_of_a_service_is_refused_and_not_shown() -> None:
    text = aws("serviceEndpoints: [{name: s3, url: 'https://u:secret@s3.other'}]")
    assert errors(text, service_endpoints=(EC2, S3)) == [
        f"{FILE}:1:53: platform.aws.serviceEndpoints.s3: differs from what prod.yaml:4:9 has; make them agree; is it "
        "another cluster's file?"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"additionalTrustBundle": CERTIFICATE, "additionalTrustBundlePolicy": "Always"}),
        ("additionalTrustBundlePolicy: Always\n", {"additionalTrustBundle": CERTIFICATE}),
        (
            "additionalTrustBundle: |\n  -----BEGIN CERTIFICATE-----\n  WE1M\n  -----END CERTIFICATE-----\n",
            {"additionalTrustBundle": OTHER + CERTIFICATE, "additionalTrustBundlePolicy": "Always"},
        ),
        (
            "additionalTrustBundle: |\n  -----BEGIN CERTIFICATE-----\n  TU\n  lJ\n  -----END CERTIFICATE-----\n",
            {"additionalTrustBundlePolicy": "Always"},
        ),
    ],
)
def test_certificates_are_merged(text: str, expected: dict[str, Any]) -> None:
    assert puts(text, trust_bundle=CERTIFICATE, trust_bundle_policy="Always") == expected


def test_certificates_that_would_not_be_trusted_are_refused() -> None:
    text = "additionalTrustBundlePolicy: Proxyonly\n"
    (error,) = errors(text, trust_bundle=CERTIFICATE, trust_bundle_policy="Always")
    assert "additionalTrustBundlePolicy: Proxyonly here, Always in prod.yaml" in error


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"credentialsMode": "Manual"}),
        ("credentialsMode: ''\n", {"credentialsMode": "Manual"}),
        ("credentialsMode: Manual\n", {}),
        ("credentialsMode: Passthrough\n", {}),
    ],
)
def test_credentials_mode(text: str, expected: dict[str, Any]) -> None:
    assert puts(text, credentials_mode="Manual") == expected
    assert puts(text) == {}


def test_credentials_that_the_cluster_would_make_are_refused() -> None:
    (error,) = errors("credentialsMode: Mint\n", credentials_mode="Manual")
    assert error.startswith(f"{FILE}:1:18: credentialsMode: Mint here, Manual in prod.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [{"name": "worker", "replicas": 0}]),
        ("compute: []\n", [{"name": "worker", "replicas": 0}]),
        ("compute:\n- name: worker\n", [{"name": "worker", "replicas": 0}]),
        (
            "compute:\n- {name: edge, replicas: 2}\n- {name: worker, replicas: 3, platform: {}}\n",
            [{"name": "edge", "replicas": 2}, {"name": "worker", "replicas": 0, "platform": {}}],
        ),
    ],
)
def test_openshift_install_is_to_make_no_workers(text: str, expected: list[Any]) -> None:
    after = parse(edited(f"x: 1\n{text}", found_for(f"x: 1\n{text}", BARE).edits, FILE), FILE).plain()
    assert isinstance(after, dict)
    assert after["compute"] == expected


def test_twice_is_once() -> None:
    values = replace(
        BARE,
        subnets=ROLES,
        form=FORMS[1],
        hosted_zone="Z1",
        service_endpoints=(EC2, S3),
        no_proxy=HOSTS,
        trust_bundle=OTHER + CERTIFICATE,
        trust_bundle_policy="Always",
        credentials_mode="Manual",
        machine_networks=(IPv4Network("10.4.0.0/16"),),
    )
    text = "# ours\nproxy: {httpsProxy: http://proxy}\n"
    once = edited(text, found_for(text, values).edits, FILE)
    assert once.startswith("# ours\n")
    assert edited(once, found_for(once, values).edits, FILE) == once
    assert parse(once, FILE).plain() == {
        "proxy": {"httpsProxy": "http://proxy", "noProxy": ",".join(HOSTS)},
        "publish": "Internal",
        "networking": {"machineNetwork": [{"cidr": "10.4.0.0/16"}]},
        "platform": {
            "aws": {
                "vpc": {
                    "subnets": [
                        {"id": "subnet-a", "roles": [{"type": "ClusterNode"}]},
                        {"id": "subnet-b", "roles": [{"type": "BootstrapNode"}]},
                    ]
                },
                "hostedZone": "Z1",
                "serviceEndpoints": [EC2_ROW, {"name": "s3", "url": "https://s3.corp"}],
            }
        },
        "additionalTrustBundle": OTHER + CERTIFICATE,
        "additionalTrustBundlePolicy": "Always",
        "credentialsMode": "Manual",
        "compute": [{"name": "worker", "replicas": 0}],
    }
