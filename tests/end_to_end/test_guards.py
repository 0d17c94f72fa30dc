"""What stops a run before it changes anything: exit code 2, the obstacle by name, no mutating call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import REGION, ROOT, Operator, client, everything
from tests.support.warm import Finished

TEXT = (ROOT / "plans" / "public-3az.yaml").read_text()
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Site:
    """Somebody's account, before a plan is applied in it."""

    operator: Operator
    admin: SandboxAdmin

    def client(self, service: str) -> Any:
        return client(service, self.operator.url)

    def write(self, text: str = TEXT) -> None:
        (self.operator.folder / "plan.yaml").write_text(text)

    def refused(self, verb: str, *options: str) -> Finished:
        """How the command ended; nothing that it did changed anything."""
        before = everything(self.operator.url)
        self.admin.clear_calls()
        ended = self.operator.run(verb, "plan.yaml", "--sandbox", "--yes", *options)
        assert ended.code == 2, ended.err
        assert "Traceback" not in ended.err
        assert [call for call in self.admin.calls() if call["mutating"]] == []
        assert everything(self.operator.url) == before
        return ended


@pytest.fixture
def site(operator: Operator, admin: SandboxAdmin) -> Site:
    found = Site(operator, admin)
    found.write()
    return found


def _network(site: Site) -> tuple[str, str]:
    """A stranger's VPC and subnet."""
    ec2 = site.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="172.30.0.0/16")["Vpc"]["VpcId"]
    return vpc, ec2.create_subnet(VpcId=vpc, CidrBlock="172.30.0.0/24")["Subnet"]["SubnetId"]


def _balancer(site: Site) -> str:
    _, subnet = _network(site)
    name = "prod-x7k2p-int"
    site.client("elbv2").create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=[subnet])
    return name


def _target_group(site: Site) -> str:
    vpc, _ = _network(site)
    name = "prod-x7k2p-aext"
    site.client("elbv2").create_target_group(Name=name, Protocol="TCP", Port=6443, VpcId=vpc, TargetType="ip")
    return name


def _role(site: Site) -> str:
    name = _generated(site, "iam", "list_roles", "Roles", "RoleName", "MasterIamRole")
    trust = '{"Version": "2012-10-17", "Statement": []}'
    site.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    return name


def _profile(site: Site) -> str:
    name = _generated(
        site, "iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName", "WorkerInstanceProfile"
    )
    site.client("iam").create_instance_profile(InstanceProfileName=name)
    return name


def _bucket(site: Site) -> str:
    name = _generated(site, "s3", "list_buckets", "Buckets", "Name", "infrabucket")
    site.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def _generated(site: Site, service: str, operation: str, member: str, field: str, part: str) -> str:
    """The name that the plan's resource gets, learnt from a run in an account that is empty again."""
    site.operator.good("apply", "plan.yaml", "--sandbox", "--yes")
    names = [str(item[field]) for item in getattr(site.client(service), operation)()[member]]
    site.admin.reset()
    return next(name for name in names if part in name)


@pytest.mark.torture
@pytest.mark.parametrize(
    "take",
    [_balancer, _target_group, _role, _profile, _bucket],
    ids=["balancer", "target-group", "role", "profile", "bucket"],
)
def test_a_name_that_somebody_else_has_is_named_before_the_first_change(
    site: Site, take: Callable[[Site], str]
) -> None:
    name = take(site)
    said = site.refused("apply").err
    assert name in said
    assert "not of this plan" in said


def test_a_different_api_record_in_the_public_zone_is_never_overwritten(site: Site) -> None:
    route53 = site.client("route53")
    zone = route53.create_hosted_zone(Name="example-corp.net", CallerReference="theirs")["HostedZone"]["Id"]
    record = {"Name": "api.prod.example-corp.net.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    site.write(TEXT.replace("publicZone: create ", "publicZone: auto "))
    said = site.refused("apply").err
    assert "api.prod.example-corp.net" in said
    assert "not of this plan" in said
    assert record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]


@pytest.mark.parametrize("verb", ["plan", "apply", "destroy"])
def test_another_account_than_the_plans_is_left_alone(site: Site, verb: str) -> None:
    site.write(TEXT.replace("region: eu-west-1\n", 'region: eu-west-1\naccountID: "999999999999"\n'))
    before = everything(site.operator.url)
    options = [] if verb == "plan" else ["--yes"]
    ended = site.operator.run(verb, "plan.yaml", "--sandbox", *options)
    assert ended.code == 2
    assert "999999999999" in ended.err
    assert ACCOUNT in ended.err
    assert everything(site.operator.url) == before
    assert {call["operation"] for call in site.admin.calls() if call["service"] == "sts"} == {"GetCallerIdentity"}
    assert [call["operation"] for call in site.admin.calls() if call["mutating"]] == []


def test_destroy_stops_before_machines_that_stand_in_the_subnets(site: Site) -> None:
    site.write((ROOT / "plans" / "network-single-zone.yaml").read_text())
    before = everything(site.operator.url)
    site.operator.good("apply", "plan.yaml", "--sandbox", "--yes")
    ec2 = site.client("ec2")
    tag = [{"Name": "tag:ocpprov:resource", "Values": ["PrivateSubnet"]}]
    subnet = ec2.describe_subnets(Filters=tag)["Subnets"][0]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    machine = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet)["Instances"][0]["InstanceId"]
    said = site.refused("destroy").err
    assert machine in said
    assert "--with-running-machines" in said
    assert "openshift-install destroy cluster" in said
    ec2.terminate_instances(InstanceIds=[machine])
    site.operator.good("destroy", "plan.yaml", "--sandbox", "--yes")
    assert everything(site.operator.url) == before
