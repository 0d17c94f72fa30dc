"""Reference of install-config.yaml: what becomes of each of its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from documents.markdown import code, table
from ocpprov.plan.install_config_keys import ELSEWHERE, NO_EFFECT, NOT_HONOURED, USED, in_words
from ocpprov.plan.taken_from_install_config import AS_WRITTEN

_USED: Final[Mapping[str, str]] = {
    "operatorPublishingStrategy.apiserver": "with `publish: Mixed`, what `publish` counts as",
    "networking.networkType": "whether OVN-Kubernetes' own blocks are looked at",
    "networking.type": "whether OVN-Kubernetes' own blocks are looked at",
    "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet": "checked for overlaps",
    "platform.aws.vpc.subnets.roles.type": "which balancer a subnet is for, and whether machines are in it; `EdgeNode` is not honoured",
    "platform.aws.userProvisionedDNS": "`Enabled`: `publicZone: none` and `hostedZone: none`, unless the plan says them",
    "compute.name": "`edge` is not honoured: nothing is made in edge zones",
    "platform.aws.ipFamily": "anything but `IPv4` is refused",
    "additionalTrustBundle": "not honoured where proxy or endpoints come from here, too: `aws.caBundle` names certificates",
}  # fmt: skip
_PROFILES: Final = "`openshift.iam.instanceProfiles`, where the plan doesn't say them"
_ZONES: Final = "`openshift.zones`, where the plan doesn't say them: all pools' together"


def page() -> str:
    """The page, as Markdown."""
    return f"""# Keys of install-config.yaml

What becomes of each key of the file that a plan names as `installConfig`, or that lies in its `installDir`: every key of openshift-install 4.12 to 4.22 for AWS. Where
the plan says the same itself, both must agree. `validate` names each key that isn't honoured, and each that nobody knows, with file and line. Another platform than AWS is
refused, and so are IPv6 addresses.

{table(("key", "what becomes of it"), ((code(key), text) for key, text in sorted(_rows(), key=lambda row: row[0].lower())))}"""


def _rows() -> Iterator[tuple[str, str]]:
    places: dict[str, list[str]] = {}
    for place, source in AS_WRITTEN:
        places.setdefault(".".join(source), []).append(".".join(place))
    for path in USED | ELSEWHERE:
        key = in_words(path)
        above = path.partition("[]")[0]
        known = places.get(key) or places.get(above) or ()
        of_pools = {"zones": _ZONES, "iamProfile": _PROFILES}.get(key.rpartition(".")[2], "")
        yield key, of_pools or _USED.get(key) or ", ".join(map(code, known))
    for path in NO_EFFECT:
        yield in_words(path), "no effect here"
    for path, why in NOT_HONOURED.items():
        yield in_words(path), f"not honoured: {why}"
