"""Questions to load balancing, Route 53, IAM and S3."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import ClientError

from live.lab import TAG, Lab, code
from live.questions import Question

_CODES: Final = "ocpprov/aws/error_codes.py"
_CREATE: Final = "ocpprov/reconcile/create.py"
_LOCK: Final = "ocpprov/aws/lock_object.py"
_TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
_ALLOW: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


def _short(lab: Lab) -> str:
    """A name that load balancing takes."""
    return lab.name[-24:]


def _balancer(lab: Lab, **more: Any) -> str:
    elbv2 = lab.client("elbv2")
    wanted = {"Name": _short(lab), "Type": "network", "Scheme": "internal", "Subnets": [lab.subnet], **more}
    [made] = elbv2.create_load_balancer(**wanted, Tags=[{"Key": TAG, "Value": lab.name}])["LoadBalancers"]
    return str(made["LoadBalancerArn"])


def _balancer_twice(lab: Lab) -> str:
    first = _balancer(lab)
    lab.later("balancer " + first, lambda: lab.client("elbv2").delete_load_balancer(LoadBalancerArn=first))
    return "the same" if _balancer(lab) == first else "another one"


def _balancer_otherwise(lab: Lab) -> str:
    return code(lambda: _balancer(lab, IpAddressType="dualstack"))


def _target_group(lab: Lab, **more: Any) -> str:
    wanted = {"Name": _short(lab), "Protocol": "TCP", "Port": 6443, "VpcId": lab.vpc, "TargetType": "ip", **more}
    [made] = lab.client("elbv2").create_target_group(**wanted)["TargetGroups"]
    return str(made["TargetGroupArn"])


def _target_group_twice(lab: Lab) -> str:
    first = _target_group(lab)
    lab.later("target group " + first, lambda: lab.client("elbv2").delete_target_group(TargetGroupArn=first))
    return "the same" if _target_group(lab) == first else "another one"


def _target_group_in_use(lab: Lab) -> str:
    elbv2 = lab.client("elbv2")
    group = _target_group(lab)
    action = {"Type": "forward", "TargetGroupArn": group}
    [listener] = elbv2.create_listener(
        LoadBalancerArn=_balancer(lab), Protocol="TCP", Port=6443, DefaultActions=[action]
    )["Listeners"]
    lab.later("listener", lambda: elbv2.delete_listener(ListenerArn=listener["ListenerArn"]))
    return code(lambda: elbv2.delete_target_group(TargetGroupArn=group))


def _interface_outlives(lab: Lab) -> str:
    """The subnet can't be deleted while a balancer's interface is in it."""
    made = lab.ec2.create_subnet(VpcId=lab.vpc, CidrBlock="10.99.7.0/24", TagSpecifications=lab.tags("subnet"))
    subnet = made["Subnet"]["SubnetId"]
    elbv2 = lab.client("elbv2")
    [balancer] = elbv2.create_load_balancer(
        Name=f"{_short(lab)[:20]}-eni", Type="network", Scheme="internal", Subnets=[subnet]
    )["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]

    def active() -> bool:
        [found] = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
        return bool(found["State"]["Code"] != "provisioning")

    lab.until(active)
    elbv2.delete_load_balancer(LoadBalancerArn=arn)
    return lab.seconds_until(lambda: code(lambda: lab.ec2.delete_subnet(SubnetId=subnet)) == "ok")


def _zone(lab: Lab, reference: str) -> str:
    route53 = lab.client("route53")
    made = route53.create_hosted_zone(
        Name=f"{lab.name}.example-corp.net",
        CallerReference=reference,
        VPC={"VPCId": lab.vpc, "VPCRegion": lab.session.region_name},
    )
    zone = str(made["HostedZone"]["Id"])
    lab.later("zone " + zone, lambda: route53.delete_hosted_zone(Id=zone))
    return zone


def _zone_twice(lab: Lab) -> str:
    _zone(lab, lab.name)
    return code(lambda: _zone(lab, lab.name))


def _reference_of_a_zone_that_is_gone(lab: Lab) -> str:
    route53 = lab.client("route53")
    made = route53.create_hosted_zone(Name=f"gone-{lab.name}.example-corp.net", CallerReference=f"{lab.name}-gone")
    route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])
    return code(
        lambda: route53.create_hosted_zone(Name=f"gone-{lab.name}.example-corp.net", CallerReference=f"{lab.name}-gone")
    )


def _change(lab: Lab, *actions: str) -> Callable[[], Any]:
    zones = lab.client("route53").list_hosted_zones_by_name(DNSName=f"{lab.name}.example-corp.net")["HostedZones"]
    record = {
        "Name": f"a.{lab.name}.example-corp.net",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "10.0.0.1"}],
    }
    changes = [{"Action": action, "ResourceRecordSet": record} for action in actions]
    return lambda: lab.client("route53").change_resource_record_sets(
        HostedZoneId=zones[0]["Id"], ChangeBatch={"Changes": changes}
    )


def _missing_record(lab: Lab) -> str:
    try:
        _change(lab, "DELETE")()
    except ClientError as error:
        said = error.response["Error"]
        words = "but it was not found"
        return f"{said['Code']}: {words if words in said['Message'] else said['Message']}"
    return "ok"


def _upsert_twice(lab: Lab) -> str:
    upsert = _change(lab, "UPSERT")
    upsert()
    said = code(upsert)
    lab.later("record", _change(lab, "DELETE"))
    return said


def _create_again(lab: Lab) -> str:
    return code(_change(lab, "CREATE"))


def _zone_with_records(lab: Lab) -> str:
    zones = lab.client("route53").list_hosted_zones_by_name(DNSName=f"{lab.name}.example-corp.net")["HostedZones"]
    return code(lambda: lab.client("route53").delete_hosted_zone(Id=zones[0]["Id"]))


def _unknown_change(lab: Lab) -> str:
    return code(lambda: lab.client("route53").get_change(Id="C0000000000000"))


def _role(lab: Lab) -> str:
    iam = lab.client("iam")
    if code(lambda: iam.get_role(RoleName=lab.name)) != "ok":
        iam.create_role(RoleName=lab.name, AssumeRolePolicyDocument=_TRUST, Tags=[{"Key": TAG, "Value": lab.name}])
        lab.later("role " + lab.name, lambda: iam.delete_role(RoleName=lab.name))
    return lab.name


def _role_twice(lab: Lab) -> str:
    _role(lab)
    return code(lambda: lab.client("iam").create_role(RoleName=lab.name, AssumeRolePolicyDocument=_TRUST))


def _role_unseen(lab: Lab) -> str:
    iam, name = lab.client("iam"), f"{lab.name}-lag"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=_TRUST)
    lab.later("role " + name, lambda: iam.delete_role(RoleName=name))
    return lab.seconds_until(lambda: code(lambda: iam.get_role(RoleName=name)) == "ok")


def _role_with_policy(lab: Lab) -> str:
    iam, name = lab.client("iam"), _role(lab)
    iam.put_role_policy(RoleName=name, PolicyName="one", PolicyDocument=_ALLOW)
    said = code(lambda: iam.delete_role(RoleName=name))
    iam.delete_role_policy(RoleName=name, PolicyName="one")
    return said


def _role_in_profile_twice(lab: Lab) -> str:
    iam, name = lab.client("iam"), _role(lab)
    iam.create_instance_profile(InstanceProfileName=name)
    lab.later("profile " + name, lambda: iam.delete_instance_profile(InstanceProfileName=name))

    def add() -> Any:
        return iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

    lab.until(lambda: code(add) == "ok")
    lab.later("role in profile", lambda: iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=name))
    return code(add)


def _bucket(lab: Lab) -> str:
    s3 = lab.client("s3")
    if code(lambda: s3.head_bucket(Bucket=lab.name)) != "ok":
        _create_bucket(lab)
        lab.later("bucket " + lab.name, lambda: s3.delete_bucket(Bucket=lab.name))
    return lab.name


def _create_bucket(lab: Lab) -> None:
    region = lab.session.region_name
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    lab.client("s3").create_bucket(Bucket=lab.name, **where)


def _bucket_twice(lab: Lab) -> str:
    _bucket(lab)
    return code(lambda: _create_bucket(lab))


def _missing_bucket(lab: Lab) -> str:
    return code(lambda: lab.client("s3").head_bucket(Bucket=f"{lab.name}-missing"))


def _object(lab: Lab, **condition: Any) -> Callable[[], Any]:
    return lambda: lab.client("s3").put_object(Bucket=_bucket(lab), Key="lock", Body=b"", **condition)


def _taken(lab: Lab) -> str:
    s3, bucket = lab.client("s3"), _bucket(lab)
    _object(lab)()
    lab.later("object", lambda: s3.delete_object(Bucket=bucket, Key="lock"))
    return code(_object(lab, IfNoneMatch="*"))


def _not_the_same(lab: Lab) -> str:
    return code(_object(lab, IfMatch='"0123456789abcdef0123456789abcdef"'))


def _not_there(lab: Lab) -> str:
    return code(
        lambda: lab.client("s3").put_object(Bucket=_bucket(lab), Key="none", Body=b"", IfMatch='"0123456789abcdef"')
    )


def _full_bucket(lab: Lab) -> str:
    return code(lambda: lab.client("s3").delete_bucket(Bucket=_bucket(lab)))


QUESTIONS: Final = (
    Question("CreateLoadBalancer twice", "the same", "ocpprov/kinds/elbv2/load_balancer.py", _balancer_twice),
    Question("the same balancer, otherwise", "DuplicateLoadBalancerName 400", _CREATE, _balancer_otherwise),
    Question("CreateTargetGroup twice", "the same", "ocpprov/kinds/elbv2/target_group.py", _target_group_twice),
    Question("deleting a target group in use", "ResourceInUse 400", _CODES, _target_group_in_use),
    Question("how long a balancer's interface outlives it", "", "ocpprov/sandbox/delays.py", _interface_outlives),
    Question("a caller reference twice", "HostedZoneAlreadyExists 409", _CODES, _zone_twice),
    Question(
        "the reference of a zone that is gone",
        "HostedZoneAlreadyExists 409",
        "ocpprov/sandbox/middleware/zones.py",
        _reference_of_a_zone_that_is_gone,
    ),
    Question("deleting a record that isn't there", "InvalidChangeBatch: but it was not found", _CODES, _missing_record),
    Question("UPSERT twice", "ok", "ocpprov/kinds/route53/record_set.py", _upsert_twice),
    Question("CREATE of a record that is there", "InvalidChangeBatch 400", _CODES, _create_again),
    Question("deleting a zone with records", "HostedZoneNotEmpty 400", _CODES, _zone_with_records),
    Question("a change that nobody made", "NoSuchChange 404", _CODES, _unknown_change),
    Question("CreateRole twice", "EntityAlreadyExists 409", _CREATE, _role_twice),
    Question("how long a new role isn't seen", "", "ocpprov/reconcile/unknown_outcome.py", _role_unseen),
    Question("deleting a role with a policy", "DeleteConflict 409", _CODES, _role_with_policy),
    Question("a role in a profile twice", "LimitExceeded 409", _CODES, _role_in_profile_twice),
    Question("CreateBucket twice (us-east-1: ok)", "BucketAlreadyOwnedByYou 409", _CREATE, _bucket_twice),
    Question("a bucket that isn't there", "404 404", _CODES, _missing_bucket),
    Question("an object that is there, If-None-Match", "PreconditionFailed 412", _LOCK, _taken),
    Question("an object that changed, If-Match", "PreconditionFailed 412", _LOCK, _not_the_same),
    Question("an object that isn't there, If-Match", "NoSuchKey 404", _LOCK, _not_there),
    Question("deleting a bucket with an object", "BucketNotEmpty 409", _CODES, _full_bucket),
)
