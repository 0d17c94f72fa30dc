"""The lines for an install-config.yaml: YAML that says what the values say, and comments for whoever reads it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from ocpprov.installer.install_config_snippet import install_config_snippet
from ocpprov.installer.install_config_values import FORMS, ConfigSubnet, InstallConfigValues
from ocpprov.plan.model import ServiceEndpoint

CA: Final = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
BARE: Final = InstallConfigValues(FORMS[0], "External", machine_networks=(IPv4Network("10.0.0.0/16"),))
FULL: Final = replace(
    BARE,
    publish="Internal",
    subnets=(ConfigSubnet("subnet-1a"), ConfigSubnet("subnet-1b")),
    hosted_zone="Z1",
    hosted_zone_role="arn:aws:iam::210987654321:role/zones",
    service_endpoints=(ServiceEndpoint("ec2", "https://ec2.corp"),),
    no_proxy=("ec2.corp", "s3.corp"),
    behind_proxy=True,
    trust_bundle=CA,
    trust_bundle_policy="Always",
    credentials_mode="Manual",
)
PLACES: Final = {"subnet-1a": "eu-west-1a 10.0.48.0/20"}


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_each_value_has_its_place() -> None:
    assert read(install_config_snippet(FULL, PLACES)) == {
        "publish": "Internal",
        "credentialsMode": "Manual",
        "compute": [{"name": "worker", "replicas": 0}],
        "networking": {"machineNetwork": [{"cidr": "10.0.0.0/16"}]},
        "platform": {
            "aws": {
                "subnets": ["subnet-1a", "subnet-1b"],
                "hostedZone": "Z1",
                "hostedZoneRole": "arn:aws:iam::210987654321:role/zones",
                "serviceEndpoints": [{"name": "ec2", "url": "https://ec2.corp"}],
            }
        },
        "proxy": {"noProxy": "ec2.corp,s3.corp"},
        "additionalTrustBundlePolicy": "Always",
        "additionalTrustBundle": CA,
    }


def test_what_is_empty_stays_out() -> None:
    assert read(install_config_snippet(BARE, {})) == {
        "publish": "External",
        "compute": [{"name": "worker", "replicas": 0}],
        "networking": {"machineNetwork": [{"cidr": "10.0.0.0/16"}]},
    }


def test_roles_stand_beside_the_ids_of_later_releases() -> None:
    subnets = (ConfigSubnet("subnet-1a", ("ClusterNode", "BootstrapNode")), ConfigSubnet("subnet-1b", ("ClusterNode",)))
    text = install_config_snippet(replace(BARE, form=FORMS[1], subnets=subnets), PLACES)
    assert read(text)["platform"] == {
        "aws": {
            "vpc": {
                "subnets": [
                    {"id": "subnet-1a", "roles": [{"type": "ClusterNode"}, {"type": "BootstrapNode"}]},
                    {"id": "subnet-1b", "roles": [{"type": "ClusterNode"}]},
                ]
            }
        }
    }
    assert "      - id: subnet-1a  # eu-west-1a 10.0.48.0/20\n" in text


def test_a_subnet_is_told_by_its_comment_and_certificates_stand_line_by_line() -> None:
    text = install_config_snippet(FULL, PLACES)
    assert "    - subnet-1a  # eu-west-1a 10.0.48.0/20\n    - subnet-1b\n" in text
    assert f"additionalTrustBundle: |\n{''.join(f'  {line}' for line in CA.splitlines(keepends=True))}" in text


@pytest.mark.parametrize(("behind", "comment"), [(True, False), (False, True)])
def test_names_past_a_proxy_are_only_told_where_there_is_none(behind: bool, comment: bool) -> None:
    text = install_config_snippet(replace(FULL, behind_proxy=behind), {})
    assert ("proxy" in read(text)) is behind
    assert text.endswith("\n# Behind a proxy, proxy.noProxy needs: ec2.corp,s3.corp\n") is comment
