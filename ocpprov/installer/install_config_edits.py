"""What has to be done to an install-config.yaml so that it says what a plan makes; nothing of its user's gets lost.

A value that the file has and that the plan contradicts is an error with both places: nobody but its user knows which of
both is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from ocpprov.installer.certificates import with_certificates
from ocpprov.installer.install_config_values import FORMS, ConfigSubnet, InstallConfigValues
from ocpprov.installer.yaml_edits import Edit, Put, Remove
from ocpprov.plan.install_config import machine_blocks
from ocpprov.plan.model import Plan
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

Path: TypeAlias = tuple[str, ...]

_AWS: Final = ("platform", "aws")
_EDGE: Final = "edge"
_MIXED: Final = "Mixed"
_DEFAULT_NETWORK: Final = "10.0.0.0/16"
_MINT: Final = "Mint"
"""The mode in which the cluster writes to IAM itself."""


Finding: TypeAlias = Edit | PlanError | str
"""Something to do, something that stands against it, or a sentence that its reader should know."""


@dataclass(frozen=True)
class InstallConfigEdits:
    """What to do, what stands against it, and what its reader should know."""

    edits: Sequence[Edit]
    errors: Sequence[PlanError]
    notes: Sequence[str]


def install_config_edits(
    config: Node, values: InstallConfigValues, plan: Plan, own_subnets: frozenset[str]
) -> InstallConfigEdits:
    """What to do to the file `config`. `own_subnets` are the ids of all subnets that the plan has made or names."""
    found = list(_findings(config, values, plan, own_subnets))
    return InstallConfigEdits(
        [each for each in found if isinstance(each, Put | Remove)],
        [each for each in found if isinstance(each, PlanError)],
        [each for each in found if isinstance(each, str)],
    )


def _findings(config: Node, values: InstallConfigValues, plan: Plan, own_subnets: frozenset[str]) -> Iterator[Finding]:
    yield from _of_this_cluster(config, plan)
    yield from _publish(config, values, plan)
    yield from _machine_networks(config, values, plan)
    yield from _subnets(config, values, plan, own_subnets)
    for key, value in {"hostedZone": values.hosted_zone, "hostedZoneRole": values.hosted_zone_role}.items():
        if value:
            yield _single(config, (*_AWS, key), value, _place(plan, f"openshift.{key}"))
    yield from _service_endpoints(config, values, plan)
    yield from _no_proxy(config, values)
    yield from _trust_bundle(config, values, plan)
    yield from _credentials_mode(config, values, plan)
    yield from _replicas(config, values)


def _of_this_cluster(config: Node, plan: Plan) -> Iterator[PlanError]:
    """What tells that the file is another cluster's."""
    section = plan.openshift
    if section is None:
        return
    for path, key, value in (
        (("metadata", "name"), "openshift.clusterName", section.cluster_name),
        (("baseDomain",), "openshift.baseDomain", section.base_domain),
        ((*_AWS, "region"), "region", plan.region),
    ):
        found = _single(config, path, value, _place(plan, key))
        if isinstance(found, PlanError):
            yield found


def _single(config: Node, path: Path, value: str, place: str) -> Put | PlanError:
    """The value put where the file has none or the same; another one that it has is an error."""
    found = _at(config, path)
    if found is None or found.value is None or found.value == value:
        return Put(path, value)
    return _contradiction(found, path, value, place)


def _publish(config: Node, values: InstallConfigValues, plan: Plan) -> Iterator[Finding]:
    found = _at(config, ("publish",))
    if found is not None and found.value == _MIXED:
        yield f"{found.position}: publish stays {_MIXED}; its operatorPublishingStrategy says what is public"
    else:
        yield _single(config, ("publish",), values.publish, _place(plan, "openshift.publish"))


def _machine_networks(config: Node, values: InstallConfigValues, plan: Plan) -> Iterator[Finding]:
    """Only where it isn't what openshift-install takes by itself."""
    path = ("networking", "machineNetwork")
    wanted, found = [str(each) for each in values.machine_networks], _at(config, path)
    if found is None or found.value is None:
        if wanted and wanted != [_DEFAULT_NETWORK]:
            yield Put(path, [{"cidr": each} for each in wanted])
    elif wanted and {str(each.value) for each in machine_blocks(found)} != set(wanted):
        place = _place(plan, "openshift.machineNetwork")
        yield _contradiction(replace(found, value="another network"), path, ", ".join(wanted), place)


def _subnets(config: Node, values: InstallConfigValues, plan: Plan, own: frozenset[str]) -> Iterator[Finding]:
    """In the form that the file has, else in that of the release."""
    present = [form for form in FORMS if (node := _at(config, form.path)) is not None and node.value is not None]
    form = present[-1] if present else values.form
    present_items = _items(config, form.path)
    items = {_id_of(item): item for item in present_items}
    stranger = next((id for id in items if id not in own), None)
    if stranger is not None:
        message = (
            f"{stranger} is not a subnet of plan {plan.name}, which has {', '.join(sorted(own)) or 'made none yet'}"
        )
        hint = f"name it in the plan ({_place(plan, 'openshift.subnets')}), or take it out here"
        yield PlanError(items[stranger].position, ".".join(form.path), message, hint)
    elif not values.subnets:
        yield "the ids of the subnets aren't known yet: apply the plan, then run the same again"
    else:
        with_roles = form.roles and all("roles" in (item.mapping() or {}) for item in items.values())
        missing = [_entry(each, form.roles, with_roles) for each in values.subnets if each.id not in items]
        kept = [items[each.id].plain() for each in values.subnets if each.id in items]
        if not items or len(kept) < len(items):
            yield Put(form.path, [*kept, *missing])
        else:
            yield from (Put((*form.path, len(present_items) + index), entry) for index, entry in enumerate(missing))


def _entry(subnet: ConfigSubnet, is_mapping: bool, with_roles: bool) -> Any:
    if not is_mapping:
        return subnet.id
    roles = [{"type": each} for each in subnet.roles]
    return {"id": subnet.id, "roles": roles} if with_roles and roles else {"id": subnet.id}


def _id_of(item: Node) -> str:
    inner = (item.mapping() or {}).get("id", item)
    return inner.value if isinstance(inner.value, str) else inner.what()


def _service_endpoints(config: Node, values: InstallConfigValues, plan: Plan) -> Iterator[Finding]:
    path = (*_AWS, "serviceEndpoints")
    items = _items(config, path)
    there = {str(name.value): item for item in items if (name := (item.mapping() or {}).get("name")) is not None}
    index = len(items)
    for endpoint in values.service_endpoints:
        item = there.get(endpoint.name)
        if item is None:
            yield Put((*path, index), {"name": endpoint.name, "url": endpoint.url})
            index += 1
            continue
        url = (item.mapping() or {}).get("url", item)
        if str(url.value).rstrip("/") != endpoint.url.rstrip("/"):
            place = endpoint.place or _place(plan, "aws.serviceEndpoints")
            yield _contradiction(url, (*path, endpoint.name), "", place)


def _no_proxy(config: Node, values: InstallConfigValues) -> Iterator[Finding]:
    """Beside what is there, and only where there is a proxy: alone openshift-install refuses it."""
    proxy = _at(config, ("proxy",))
    if proxy is None or not any((proxy.mapping() or {}).get(key) for key in ("httpProxy", "httpsProxy")):
        if values.behind_proxy and values.no_proxy:
            yield f"the file has no proxy; with one, its noProxy needs {','.join(values.no_proxy)}"
        return
    found = _at(config, ("proxy", "noProxy"))
    text = found.value if found is not None and isinstance(found.value, str) else ""
    said = [each.strip() for each in text.split(",") if each.strip()]
    missing = [host for host in values.no_proxy if not _is_covered(host, said)]
    if missing:
        yield Put(("proxy", "noProxy"), ",".join([*said, *missing]))


def _is_covered(host: str, said: Iterable[str]) -> bool:
    """Whether an entry is the host, or a domain that it is in; `*` is everything."""
    return any(each == "*" or f".{host}".lower().endswith(f".{each.lower().lstrip('.')}") for each in said)


def _trust_bundle(config: Node, values: InstallConfigValues, plan: Plan) -> Iterator[Finding]:
    path = ("additionalTrustBundle",)
    found = _at(config, path)
    text = found.value if found is not None and isinstance(found.value, str) else ""
    together = with_certificates(text, values.trust_bundle)
    if together != text:
        yield Put(path, together)
    if together and values.trust_bundle_policy:
        place = _place(plan, "aws.caBundle")
        yield _single(config, ("additionalTrustBundlePolicy",), values.trust_bundle_policy, place)


def _credentials_mode(config: Node, values: InstallConfigValues, plan: Plan) -> Iterator[Finding]:
    """Any mode in which the cluster doesn't write to IAM will do."""
    path = ("credentialsMode",)
    found = _at(config, path)
    if not values.credentials_mode:
        return
    if found is None or not found.value:
        yield Put(path, values.credentials_mode)
    elif found.value == _MINT:
        yield _contradiction(found, path, values.credentials_mode, _place(plan, "openshift.iam"))


def _replicas(config: Node, values: InstallConfigValues) -> Iterator[Finding]:
    """openshift-install's default is three workers, which it would make itself."""
    pools = _items(config, ("compute",))
    if not pools:
        yield Put(("compute",), [{"name": "worker", "replicas": values.compute_replicas}])
    for index, pool in enumerate(pools):
        name = (pool.mapping() or {}).get("name")
        if name is None or name.value != _EDGE:
            yield Put(("compute", index, "replicas"), values.compute_replicas)


def _at(node: Node, path: Sequence[str]) -> Node | None:
    found: Node | None = node
    for key in path:
        found = (found.mapping() or {}).get(key) if found else None
    return found


def _items(config: Node, path: Sequence[str]) -> Sequence[Node]:
    node = _at(config, path)
    return (node.items() or ()) if node else ()


def _place(plan: Plan, path: str) -> str:
    """Where the plan says something; or the plan, where it is a default, follows from more than one key, or is taken
    from an install-config.yaml."""
    section = plan.openshift.positions if plan.openshift else {}
    found = section.get(path) or plan.positions.get(path)
    return str(found) if found and found.file == plan.file else plan.file


def _contradiction(found: Node, path: Path, value: str, place: str) -> PlanError:
    """Both places. Without a value none is shown: it may hold a password."""
    message = f"{found.value} here, {value} in {place}" if value else f"differs from what {place} has"
    return PlanError(found.position, ".".join(path), message, "make them agree; is it another cluster's file?")
