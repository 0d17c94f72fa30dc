"""The options of `init`: what a new plan says where nobody is asked, and which option an error of the plan is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class InitFlags:
    """What the command line gives. Empty means not given. `vpc` and `subnets` are ids or `Name` tags, `zones` a number
    or names, lists have commas in them."""

    install_config: Path | None = None
    install_dir: Path | None = None
    name: str = ""
    region: str = ""
    cluster_name: str = ""
    base_domain: str = ""
    openshift_version: str = ""
    publish: str = ""
    public_zone: str = ""
    vpc: str = ""
    subnets: str = ""
    machine_network: str = ""
    zones: str = ""
    egress: str = ""
    endpoints: str = ""
    prices: Path | None = None
    offline: bool = False


def listed(text: str) -> Sequence[str]:
    """What stands between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


_OPTION_OF: Final = {
    "name": "--name",
    "region": "--region",
    "openshift.clusterName": "--cluster-name",
    "openshift.baseDomain": "--base-domain",
    "openshift.version": "--openshift-version",
    "openshift.publish": "--publish",
    "openshift.publicZone": "--public-zone",
    "openshift.vpcID": "--vpc",
    "openshift.subnets": "--subnets",
    "openshift.machineNetwork": "--machine-network",
    "openshift.subnetBits": "--machine-network",
    "openshift.zones": "--zones",
    "openshift.egress": "--egress",
    "openshift.endpoints": "--endpoints",
    "openshift.installConfig": "--install-config",
    "openshift.installDir": "--install-dir",
    "openshift.metadata": "--install-dir",
    "openshift.bootstrap": "--install-dir",
}


def option_of(path: str) -> str:
    """The option that gives what stands at a path of the plan (`openshift.zones[1]`); the path itself without one."""
    key = ".".join(re.sub(r"\[.*", "", path).split(".")[:2])
    return _OPTION_OF.get(key, path)
