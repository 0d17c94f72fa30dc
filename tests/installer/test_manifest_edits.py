"""What is done to openshift-install's manifests, on values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.installer.manifest_edits import (
    DNS,
    INFRASTRUCTURE,
    INGRESS,
    INTERNAL_INGRESS,
    MACHINES,
    SCHEDULER,
    FileEdit,
    ManifestValues,
    NewFile,
    is_machine,
    manifest_edits,
    manifest_values,
)
from ocpprov.installer.yaml_edits import edited
from ocpprov.plan.model import AwsSettings, OpenShift, Plan
from ocpprov.plan.nodes import parse
from ocpprov.plan.problems import PlanError

TEXTS: Final = {
    DNS: """\
apiVersion: config.openshift.io/v1
kind: DNS
metadata:
  name: cluster
spec:
  baseDomain: prod.example.com
  platform:
    aws: null
    type: ""
  privateZone:
    tags:
      Name: prod-x7k2p-int
      kubernetes.io/cluster/prod-x7k2p: owned
  publicZone:
    id: ZPUBLIC
status: {}
""",
    SCHEDULER: "spec:\n  mastersSchedulable: true\n  policy:\n    name: ''\n",
    INFRASTRUCTURE: (
        "status:\n  infrastructureName: prod-x7k2p\n  platformStatus: {aws: {region: eu-west-1}, type: AWS}\n"
    ),
}
BY_TAGS: Final = {"tags": {"Name": "prod-x7k2p-int", "kubernetes.io/cluster/prod-x7k2p": "owned"}}
VALUES: Final = ManifestValues("prod.example.com", "eu-west-1", "External", "prod-x7k2p")


def after(values: ManifestValues, texts: dict[str, str] | None = None) -> dict[str, Any]:
    """The files as they are then, by name, and under `notes` what is said."""
    texts = {**TEXTS, **(texts or {})}
    found = list(manifest_edits({name: parse(text, name) for name, text in texts.items()}, values, "prod.yaml"))
    assert [str(each) for each in found if isinstance(each, PlanError)] == []
    texts |= {each.file: each.text for each in found if isinstance(each, NewFile)}
    for each in found:
        if isinstance(each, FileEdit):
            texts[each.file] = edited(texts[each.file], [each.edit], each.file)
    once = {name: parse(text, name).plain() for name, text in texts.items()}
    again = manifest_edits({name: parse(text, name) for name, text in texts.items()}, values, "prod.yaml")
    for each in again:
        assert not isinstance(each, NewFile | PlanError)
        if isinstance(each, FileEdit):
            assert edited(texts[each.file], [each.edit], each.file) == texts[each.file]
    return {**once, "notes": [each for each in found if isinstance(each, str)]}


def zones(values: ManifestValues, texts: dict[str, str] | None = None) -> dict[str, Any]:
    spec = after(values, texts)[DNS]["spec"]
    assert (spec["baseDomain"], spec["platform"]) == ("prod.example.com", {"aws": None, "type": ""})
    return {name: value for name, value in spec.items() if name.endswith("Zone")}


def errors(values: ManifestValues, **texts: str) -> list[str]:
    files = {name: parse(text, name) for name, text in {**TEXTS, **texts}.items()}
    return [str(each) for each in manifest_edits(files, values, "prod.yaml") if isinstance(each, PlanError)]


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("written", ["true", "false"])
def test_the_control_plane_takes_work_in_a_compact_cluster_only(compact: bool, written: str) -> None:
    texts = {SCHEDULER: TEXTS[SCHEDULER].replace("true", written)}
    spec = after(replace(VALUES, compact=compact), texts)[SCHEDULER]["spec"]
    assert spec == {"mastersSchedulable": compact, "policy": {"name": ""}}
    assert after(replace(VALUES, compact=compact), {SCHEDULER: "spec: {}\n"})[SCHEDULER] == {
        "spec": {"mastersSchedulable": compact}
    }


@pytest.mark.parametrize(
    ("private", "public", "writes", "expected"),
    [
        ("ZPRIVATE", "ZPUBLIC", True, {"privateZone": {"id": "ZPRIVATE"}, "publicZone": {"id": "ZPUBLIC"}}),
        ("", "", True, {"privateZone": BY_TAGS, "publicZone": {"id": "ZPUBLIC"}}),
        (None, None, True, {}),
        ("ZPRIVATE", None, True, {"privateZone": {"id": "ZPRIVATE"}}),
        (None, "ZPUBLIC", True, {"publicZone": {"id": "ZPUBLIC"}}),
        ("ZPRIVATE", "ZPUBLIC", False, {}),
        ("", "", False, {}),
    ],
)
def test_the_dns_manifest_has_the_plans_zones(
    private: str | None, public: str | None, writes: bool, expected: dict[str, Any]
) -> None:
    values = replace(VALUES, private_zone=private, public_zone=public, writes_dns=writes)
    assert zones(values) == expected


def test_zones_that_are_not_there_yet_are_said() -> None:
    assert after(VALUES)["notes"] == [
        f"{DNS} keeps its privateZone as it is: the plan's zone isn't there yet, or not known",
        f"{DNS} keeps its publicZone as it is: the plan's zone isn't there yet, or not known",
    ]
    bare = {DNS: "spec:\n  baseDomain: prod.example.com\n  platform: {aws: null, type: ''}\n"}
    assert after(VALUES, bare)["notes"] == [
        f"{DNS} has no privateZone: the plan's zone isn't there yet, or not known",
        f"{DNS} has no publicZone: the plan's zone isn't there yet, or not known",
    ]
    assert after(replace(VALUES, publish="Internal"), bare)["notes"] == [
        f"{DNS} has no privateZone: the plan's zone isn't there yet, or not known",
    ]


@pytest.mark.parametrize(("publish", "expected"), [("External", {"id": "ZPUBLIC"}), ("Internal", None)])
def test_a_public_zone_is_put_where_something_is_published(publish: Any, expected: Any) -> None:
    bare = {DNS: "spec:\n  baseDomain: prod.example.com\n  platform: {aws: null, type: ''}\n"}
    values = replace(VALUES, publish=publish, private_zone="ZPRIVATE", public_zone="ZPUBLIC")
    found = zones(values, bare)
    assert (found["privateZone"], found.get("publicZone")) == ({"id": "ZPRIVATE"}, expected)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (None, {"loadBalancer": {"scope": "Internal"}, "type": "LoadBalancerService"}),
        ("{type: LoadBalancerService}", {"loadBalancer": {"scope": "Internal"}, "type": "LoadBalancerService"}),
        (
            "{type: LoadBalancerService, loadBalancer: {scope: External, providerParameters: {type: AWS}}}",
            {
                "loadBalancer": {"scope": "Internal", "providerParameters": {"type": "AWS"}},
                "type": "LoadBalancerService",
            },
        ),
        ("{type: HostNetwork}", {"type": "HostNetwork"}),
        ("{type: Private}", {"type": "Private"}),
    ],
)
def test_a_router_that_is_not_published_is_inside(strategy: str | None, expected: dict[str, Any]) -> None:
    text = f"spec:\n  replicas: 2\n  endpointPublishingStrategy: {strategy}\n" if strategy else "spec: {replicas: 2}\n"
    spec = after(replace(VALUES, publish="Internal"), {INGRESS: text})[INGRESS]["spec"]
    assert spec == {"replicas": 2, "endpointPublishingStrategy": expected}
    assert after(VALUES, {INGRESS: text})[INGRESS] == parse(text, "").plain()


def test_a_router_without_a_manifest_gets_one() -> None:
    assert INGRESS not in after(VALUES)
    found = after(replace(VALUES, publish="Internal"))[INGRESS]
    assert found == parse(INTERNAL_INGRESS, "").plain()
    assert found["spec"]["endpointPublishingStrategy"]["loadBalancer"] == {"scope": "Internal"}


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        (
            DNS,
            "prod.example.com",
            "test.example.com",
            f"{DNS}:6:15: spec.baseDomain: test.example.com here, prod.example.com",
        ),
        (DNS, "ZPUBLIC", "ZOTHER", f"{DNS}:15:9: spec.publicZone.id: ZOTHER here, ZPUBLIC"),
        (
            INFRASTRUCTURE,
            "prod-x7k2p",
            "prod-abcde",
            f"{INFRASTRUCTURE}:2:23: status.infrastructureName: prod-abcde here, prod-x7k2p",
        ),
        (
            INFRASTRUCTURE,
            "eu-west-1",
            "us-east-1",
            f"{INFRASTRUCTURE}:3:34: status.platformStatus.aws.region: us-east-1 here, eu-west-1",
        ),
    ],
)
def test_another_clusters_manifests_are_refused(name: str, old: str, new: str, error: str) -> None:
    values = replace(VALUES, private_zone="ZPRIVATE", public_zone="ZPUBLIC")
    assert errors(values, **{name: TEXTS[name].replace(old, new, 1)}) == [
        f"{error} by prod.yaml; are these another cluster's manifests?"
    ]
    assert errors(replace(values, infra_id="")) == []


SECTION: Final = OpenShift("prod", "example.com", infra_id="prod-x7k2p", public_zone="auto")
LACKING: Final = [{"service": "sts", "remedy": ""}, {"service": "route53", "remedy": ""}]
TAGGING: Final = [{"service": "com.amazonaws.us-east-1.tagging", "remedy": ""}]


@pytest.mark.parametrize(
    ("section", "proxy", "outputs", "writes"),
    [
        (SECTION, "", {}, True),
        (SECTION, "", {"EndpointsToAdd": LACKING[:1]}, True),
        (SECTION, "", {"EndpointsToAdd": LACKING}, False),
        (SECTION, "http://proxy", {"EndpointsToAdd": LACKING}, True),
        (SECTION, "", {"EndpointsToAdd": TAGGING}, False),
        (SECTION, "", {"EndpointsToAdd": TAGGING, "PrivateHostedZoneId": "Z1"}, True),
        (replace(SECTION, apps_record="auto"), "http://proxy", {}, False),
        (replace(SECTION, apps_record="router.elb.example.com"), "", {}, False),
    ],
)
def test_who_writes_the_records(section: OpenShift, proxy: str, outputs: dict[str, object], writes: bool) -> None:
    plan = Plan("prod", "eu-west-1", aws=AwsSettings(proxy=proxy), openshift=section)
    values = manifest_values(plan, outputs, compact=False)
    assert values.writes_dns is writes
    assert values.plan_writes_apps is (section.apps_record != "none")


@pytest.mark.parametrize(("by_itself", "by_plan", "said"), [(True, False, 0), (False, True, 0), (False, False, 1)])
def test_a_router_whose_record_nobody_makes_is_said(by_itself: bool, by_plan: bool, said: int) -> None:
    values = replace(VALUES, private_zone=None, public_zone=None, writes_dns=by_itself, plan_writes_apps=by_plan)
    sentence = (
        "nothing leads the cluster to Route 53, and the plan makes no record of *.apps.prod.example.com: "
        "write openshift.appsRecord: auto into prod.yaml, or make the record by hand"
    )
    assert after(values)["notes"] == [sentence] * said


def test_the_values_are_the_plans() -> None:
    plan = Plan("prod", "eu-west-1", openshift=SECTION)
    outputs = {"PrivateHostedZoneId": "Z1", "PublicHostedZoneId": "Z2"}
    assert manifest_values(plan, outputs, compact=True) == ManifestValues(
        "prod.example.com", "eu-west-1", "External", "prod-x7k2p", True, "Z1", "Z2", True
    )
    bare = replace(plan, openshift=replace(SECTION, hosted_zone="none", public_zone="none"))
    found = manifest_values(bare, outputs, compact=False)
    assert (found.private_zone, found.public_zone) == (None, None)
    waiting = manifest_values(plan, {}, compact=False)
    assert (waiting.private_zone, waiting.public_zone) == ("", "")
    with pytest.raises(ValueError, match="plan prod has no openshift section"):
        manifest_values(Plan("prod", "eu-west-1"), {}, compact=False)


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("99_openshift-cluster-api_master-machines-0.yaml", True),
        ("99_openshift-cluster-api_worker-machineset-12.yaml", True),
        ("99_openshift-machine-api_master-control-plane-machine-set.yaml", True),
        ("99_openshift-cluster-api_master-user-data-secret.yaml", False),
        ("99_openshift-cluster-api_worker-user-data-secret.yaml", False),
        ("99_openshift-machineconfig_99-master-ssh.yaml", False),
        ("99_infra-machineset.yaml", False),
    ],
)
def test_which_files_are_of_machines(name: str, matches: bool) -> None:
    assert bool(MACHINES.fullmatch(name)) is matches


@pytest.mark.parametrize(
    ("manifest", "machine"),
    [
        ({"kind": "Machine"}, True),
        ({"kind": "MachineSet"}, True),
        ({"kind": "ControlPlaneMachineSet"}, True),
        ({"kind": "Secret"}, False),
        ({}, False),
        ([], False),
    ],
)
def test_what_says_that_it_is_of_machines(manifest: Any, machine: bool) -> None:
    assert is_machine(manifest) is machine
