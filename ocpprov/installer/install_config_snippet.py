"""What belongs into an install-config.yaml, as YAML to be pasted into it."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import LiteralScalarString

from ocpprov.installer.install_config_values import ConfigSubnet, InstallConfigValues

_WIDTH: Final = 4096


def install_config_snippet(values: InstallConfigValues, places: Mapping[str, str]) -> str:
    """The lines of a plan's values, under the keys where they belong. `places` has a comment for a subnet by its id,
    such as its zone. Names for noProxy are a comment while the plan has no proxy: openshift-install refuses noProxy
    alone."""
    stream = StringIO()
    yaml = YAML(pure=True)
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.allow_unicode = False
    yaml.dump(_document(values), stream)
    lines = [_commented(line, places) for line in stream.getvalue().splitlines()]
    if values.no_proxy and not values.behind_proxy:
        lines.append(f"# Behind a proxy, proxy.noProxy needs: {','.join(values.no_proxy)}")
    return "\n".join(lines) + "\n"


def _document(values: InstallConfigValues) -> CommentedMap:
    document = CommentedMap(publish=values.publish)
    if values.credentials_mode:
        document["credentialsMode"] = values.credentials_mode
    document["compute"] = [{"name": "worker", "replicas": values.compute_replicas}]
    machines = [{"cidr": str(block)} for block in values.machine_networks]
    document["networking"] = {"machineNetwork": machines}
    if values.subnets:
        _put(document, values.form.path, [_subnet(each) for each in values.subnets])
    if values.hosted_zone:
        _put(document, ("platform", "aws", "hostedZone"), values.hosted_zone)
    if values.hosted_zone_role:
        _put(document, ("platform", "aws", "hostedZoneRole"), values.hosted_zone_role)
    if values.service_endpoints:
        rows = [{"name": each.name, "url": each.url} for each in values.service_endpoints]
        _put(document, ("platform", "aws", "serviceEndpoints"), rows)
    if values.no_proxy and values.behind_proxy:
        document["proxy"] = {"noProxy": ",".join(values.no_proxy)}
    if values.trust_bundle:
        document["additionalTrustBundlePolicy"] = values.trust_bundle_policy
        document["additionalTrustBundle"] = LiteralScalarString(values.trust_bundle)
    return document


def _subnet(subnet: ConfigSubnet) -> object:
    return {"id": subnet.id, "roles": [{"type": role} for role in subnet.roles]} if subnet.roles else subnet.id


def _put(document: CommentedMap, path: tuple[str, ...], value: object) -> None:
    inner: Any = document
    for key in path[:-1]:
        inner = inner.setdefault(key, CommentedMap())
    inner[path[-1]] = value


def _commented(line: str, places: Mapping[str, str]) -> str:
    """The line, and behind a subnet's id what is said of it."""
    place = places.get(line.rpartition(" ")[2], "")
    return f"{line}  # {place}" if place else line
