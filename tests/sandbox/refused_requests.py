"""Requests that AWS refuses by themselves, with its code and sentence, and such as it takes. Where each is from is said
by the rows of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.sandbox.request_checks.refusals import MALFORMED

Arguments = Mapping[str, Any]

TRUST: Final = '{"Version":"2012-10-17","Statement":[]}'
ROLE: Final = {"RoleName": "a", "AssumeRolePolicyDocument": TRUST}
GROUP: Final = {"GroupName": "a", "Description": "a", "VpcId": "vpc-1"}
BALANCER: Final = {"Name": "a", "Subnets": ["subnet-1"]}
CLASSIC: Final = {"LoadBalancerName": "a", "Listeners": []}
ZONE: Final = {"Name": "corp.net", "CallerReference": "once"}
ZONE_TAGS: Final = {"ResourceType": "hostedzone", "ResourceId": "Z1"}
OBJECT: Final = {"Bucket": "theirs", "Key": "a/b c", "Body": b"x"}
VPC: Final = {"CidrBlock": "10.0.0.0/16"}
PLAIN: Final = "_ . : / = + - @"
GROUP_SET: Final = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
GROUP_DESCRIPTION: Final = (
    "Invalid security group description. Valid descriptions are strings less than 256 characters from the following "
    f"set:  {GROUP_SET}"
)
RULE_DESCRIPTION: Final = (
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: "
    f"{GROUP_SET}"
)
PATTERN_OF_NAMES: Final = r"Member must satisfy regular expression pattern: [\w+=,.@-]+"
TAG_PATTERN: Final = r"Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*"


def tagged(*tags: tuple[str, str], of: str = "vpc") -> Arguments:
    return {"TagSpecifications": [{"ResourceType": of, "Tags": pairs(*tags)}]}


def pairs(*tags: tuple[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]


def many(count: int) -> list[dict[str, str]]:
    return pairs(*((f"key{number}", "x") for number in range(count)))


def rules(description: str) -> Arguments:
    ranges = [{"CidrIp": "10.0.0.0/16", "Description": description}]
    return {
        "GroupId": "sg-1",
        "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": ranges}],
    }


def change(**more: Any) -> Arguments:
    record = {"Name": "a.corp.net", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}], **more}
    return {
        "HostedZoneId": "Z1",
        "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    }


def validation(value: str, path: str, constraint: str) -> str:
    return f"1 validation error detected: Value {value} at '{path}' failed to satisfy constraint: {constraint}"


REFUSED: Final[Sequence[tuple[str, str, Arguments, str, str]]] = (
    # EC2: members, types, words, filters.
    ("ec2", "delete_subnet", {}, "MissingParameter", "The request must contain the parameter SubnetId"),
    ("ec2", "create_tags", {"Resources": ["vpc-1"]}, "MissingParameter", "The request must contain the parameter Tags"),
    (
        "ec2", "create_vpc", {**VPC, "InstanceTenancy": "own"}, "InvalidParameterValue",
        "Value (own) for parameter InstanceTenancy is invalid. Member must satisfy enum value set: "
        "[default, dedicated, host]",
    ),
    (
        "ec2", "describe_vpcs", {"MaxResults": 4}, "InvalidParameterValue",
        "Value (4) for parameter MaxResults is invalid. Member must have value greater than or equal to 5",
    ),
    (
        "ec2", "describe_subnets", {"Filters": [{"Name": "vpc", "Values": ["vpc-1"]}]}, "InvalidParameterValue",
        "The filter 'vpc' is invalid",
    ),
    (
        "ec2", "describe_transit_gateway_vpc_attachments", {"Filters": [{"Name": "tag:a", "Values": ["b"]}]},
        "InvalidParameterValue", "The filter 'tag:a' is invalid",
    ),
    (
        "ec2", "describe_nat_gateways", {"Filter": [{"Name": "vpc-ids", "Values": ["vpc-1"]}]},
        "InvalidParameterValue", "The filter 'vpc-ids' is invalid",
    ),
    (
        "ec2", "describe_vpcs", {"Filters": [{"Name": "vpc-id", "Values": [f"vpc-{n}" for n in range(201)]}]},
        "FilterLimitExceeded", "The maximum length for filter value list is 200",
    ),
    (
        "ec2", "describe_vpcs", {"Filters": [{"Name": "vpc-id", "Values": ["x" * 256]}]}, "FilterLimitExceeded",
        "The maximum length for a filter value is 255 characters",
    ),
    # EC2: groups.
    *(
        (
            "ec2", "create_security_group", {**GROUP, member: "Köln"}, "InvalidParameterValue",
            f"Value (Köln) for parameter {called} is invalid. Character sets beyond ASCII are not supported.",
        )
        for member, called in (("GroupName", "GroupName"), ("Description", "GroupDescription"))
    ),
    *(
        (
            "ec2", "create_security_group", {**GROUP, "GroupName": name}, "InvalidParameterValue",
            f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        )
        for name in ("sg-prod", "SG-prod")
    ),
    *(
        (
            "ec2", "create_security_group", {**GROUP, "GroupName": name}, "InvalidParameterValue",
            f"Value ({name}) for parameter GroupName is invalid.",
        )
        for name in ("it's", "a?", "<a>", "x" * 256)
    ),
    *(
        (
            "ec2", "create_security_group", {**GROUP, "Description": text}, "InvalidParameterValue",
            GROUP_DESCRIPTION,
        )
        for text in ("it's", 'a "b"', "x" * 256)
    ),
    *(
        ("ec2", operation, rules(text), "InvalidParameterValue", RULE_DESCRIPTION)
        for operation in (
            "authorize_security_group_ingress",
            "authorize_security_group_egress",
            "update_security_group_rule_descriptions_ingress",
            "update_security_group_rule_descriptions_egress",
        )
        for text in ("it's", "x" * 256)
    ),
    (
        "ec2", "modify_security_group_rules",
        {
            "GroupId": "sg-1",
            "SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": {"Description": "a<b"}}],
        },
        "InvalidParameterValue", RULE_DESCRIPTION,
    ),
    # EC2: tags.
    (
        "ec2", "create_vpc", {**VPC, **tagged(("AWS:a", "b"))}, "InvalidParameterValue",
        "Value ( AWS:a ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use",
    ),
    (
        "ec2", "delete_tags", {"Resources": ["vpc-1"], "Tags": [{"Key": "aws:a"}]}, "InvalidParameterValue",
        "Value ( aws:a ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use",
    ),
    (
        "ec2", "create_vpc", {**VPC, **tagged(("a", "b"), ("a", "c"))}, "InvalidParameterValue",
        "Duplicate tag key 'a' specified.",
    ),
    (
        "ec2", "create_tags", {"Resources": ["vpc-1"], "Tags": pairs(("", "b"))}, "InvalidParameterValue",
        "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty.",
    ),
    (
        "ec2", "create_vpc", {**VPC, **tagged(("k" * 129, "b"))}, "InvalidParameterValue",
        "Tag key exceeds the maximum length of 128 characters",
    ),
    (
        "ec2", "create_vpc", {**VPC, **tagged(("k", "b" * 257))}, "InvalidParameterValue",
        "Tag value exceeds the maximum length of 256 characters",
    ),
    (
        "ec2", "create_tags", {"Resources": ["vpc-1"], "Tags": many(51)}, "TagLimitExceeded",
        "More than 50 tags specified",
    ),
    # IAM.
    (
        "iam", "create_role", {"RoleName": "a"}, "ValidationError",
        validation("null", "assumeRolePolicyDocument", "Member must not be null"),
    ),
    (
        "iam", "create_role", {**ROLE, "RoleName": "a b"}, "ValidationError",
        validation("'a b'", "roleName", PATTERN_OF_NAMES),
    ),
    (
        "iam", "create_role", {**ROLE, "RoleName": "Köln"}, "ValidationError",
        validation("'Köln'", "roleName", PATTERN_OF_NAMES),
    ),
    (
        "iam", "create_role", {**ROLE, "RoleName": "r" * 65}, "ValidationError",
        validation(f"'{'r' * 65}'", "roleName", "Member must have length less than or equal to 64"),
    ),
    (
        "iam", "create_role", {**ROLE, "Tags": pairs(("a", "b"), ("team", "R&D"))}, "ValidationError",
        validation("'R&D'", "tags.2.member.value", TAG_PATTERN),
    ),
    (
        "iam", "create_role", {**ROLE, "MaxSessionDuration": 60}, "ValidationError",
        validation("'60'", "maxSessionDuration", "Member must have value greater than or equal to 3600"),
    ),
    (
        "iam", "create_role", {**ROLE, "Tags": many(51)}, "ValidationError",
        validation("'[list]'", "tags", "Member must have length less than or equal to 50"),
    ),
    (
        "iam", "create_role", {**ROLE, "Tags": pairs(("Owner", "a"), ("owner", "b"))}, "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    ),
    (
        "iam", "tag_role", {"RoleName": "a", "Tags": pairs(("aws:a", "b"))}, "InvalidInput",
        "aws: prefixed tag key names are not allowed for external use.",
    ),
    # Load balancing, both APIs.
    *(
        (
            service, operation, {**arguments, member: "x" * 33}, "ValidationError",
            f"The name '{'x' * 33}' cannot be longer than '32' characters",
        )
        for service, operation, arguments, member in (
            ("elbv2", "create_load_balancer", BALANCER, "Name"),
            ("elbv2", "create_target_group", {}, "Name"),
            ("elb", "create_load_balancer", CLASSIC, "LoadBalancerName"),
        )
    ),
    *(
        (
            service, operation, {**arguments, member: name}, "ValidationError",
            f"The name '{name}' cannot contain characters that are not letters, or digits or the dash.",
        )
        for service, operation, arguments, member in (
            ("elbv2", "create_load_balancer", BALANCER, "Name"),
            ("elbv2", "create_target_group", {}, "Name"),
            ("elb", "create_load_balancer", CLASSIC, "LoadBalancerName"),
        )
        for name in ("a_b", "-a", "a-")
    ),
    (
        "elbv2", "create_target_group", {"Name": "a--b"}, "ValidationError",
        validation(
            "'a--b'", "targetGroup.targetGroupArn.targetGroupName",
            "Member must satisfy regular expression pattern: (?!.*--)(?!^-)(?!.*-$)^[A-Za-z0-9-]+$",
        ),
    ),
    (
        "elbv2", "create_load_balancer", {**BALANCER, "Name": "internal-a"}, "ValidationError",
        "The load balancer name 'internal-a' cannot begin with 'internal-'",
    ),
    (
        "elbv2", "describe_load_balancers", {"PageSize": 401}, "ValidationError",
        validation("'401'", "pageSize", "Member must have value less than or equal to 400"),
    ),
    (
        "elbv2", "create_load_balancer", {**BALANCER, "Tags": pairs(("a", "b,c"))}, "ValidationError",
        validation(
            "'b,c'", "tags.1.member.value",
            r"Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$",
        ),
    ),
    (
        "elbv2", "create_load_balancer", {**BALANCER, "Tags": pairs(("a", "b"), ("a", "c"))}, "DuplicateTagKeys",
        "Duplicate Tag Keys found in the request. Tag keys should be unique.",
    ),
    (
        "elb", "create_load_balancer", {**CLASSIC, "Tags": pairs(("aws:a", "b"))}, "ValidationError",
        "aws: prefixed tag key names are not allowed for external use.",
    ),
    *(
        (
            "elbv2", "create_load_balancer", {**BALANCER, "Tags": pairs(tag)}, "ValidationError",
            "Tag keys and values can't begin or end with a space, nor values with aws:",
        )
        for tag in ((" a", "b"), ("a", "b "), ("a", "aws:b"), ("a", "AWS::b"))
    ),
    # Route 53.
    *(
        ("route53", "create_hosted_zone", {**ZONE, "Name": name}, "InvalidDomainName", f"{name} is reserved by AWS!")
        for name in ("example.com", "a.Example.ORG.", "example.net", "corp", "net.")
    ),
    (
        "route53", "create_hosted_zone", {"Name": "corp.net"}, "InvalidInput",
        "Invalid XML ; cvc-complex-type.2.4.b: The content is not complete. One of '{CallerReference}' is expected.",
    ),
    (
        "route53", "create_hosted_zone", {**ZONE, "CallerReference": "r" * 129}, "InvalidInput",
        validation(f"'{'r' * 129}'", "callerReference", "Member must have length less than or equal to 128"),
    ),
    (
        "route53", "change_resource_record_sets", change(Weight=256), "InvalidInput",
        validation(
            "'256'", "changeBatch.changes.1.member.resourceRecordSet.weight",
            "Member must have value less than or equal to 255",
        ),
    ),
    (
        "route53", "list_tags_for_resources", {"ResourceType": "zone", "ResourceIds": ["Z1"]}, "InvalidInput",
        validation(
            "'zone'", "resourceType",
            "Member must satisfy enum value set: [healthcheck, hostedzone, healthchecksource]",
        ),
    ),
    (
        "route53", "list_tags_for_resources", {"ResourceType": "hostedzone", "ResourceIds": ["Z1"] * 11},
        "InvalidInput", validation("'[list]'", "resourceIds", "Member must have length less than or equal to 10"),
    ),
    *(
        (
            "route53", "change_tags_for_resource", {**ZONE_TAGS, "AddTags": pairs(tag)}, "InvalidInput",
            "Invalid parameter : Tags can only contain letters, numbers, spaces, and the following special "
            f"characters: {PLAIN}",
        )
        for tag in (("a*", "b"), ("a", "b?"))
    ),
    (
        "route53", "change_tags_for_resource", {**ZONE_TAGS, "AddTags": pairs(("AWS:a", "b"))}, "InvalidInput",
        "Invalid parameter : tag keys can't begin with aws:",
    ),
    (
        "route53", "change_tags_for_resource", {**ZONE_TAGS, "AddTags": pairs(("a", "b"), ("a", "c"))},
        "InvalidInput", "Invalid parameter : the tag key a is given twice",
    ),
    # S3.
    *(
        ("s3", "create_bucket", {"Bucket": name}, "InvalidBucketName", "The specified bucket is not valid.")
        for name in (
            "xn--a", "sthree-a", "amzn-s3-demo-a", "a-s3alias", "a--ol-s3", "a.mrap", "a--table-s3", "a-an",
            "1.2.3.4", "a..b",
        )
    ),
    *(
        (
            "s3", "put_object", {**OBJECT, "Tagging": text}, "InvalidTag",
            f"The {member} you have provided is invalid",
        )
        for text, member in (("a=b%3F", "TagValue"), ("a%26=b", "TagKey"), (f"{'k' * 129}=b", "TagKey"))
    ),
    (
        "s3", "put_object", {**OBJECT, "Tagging": f"a={'b' * 257}"}, "InvalidTag",
        "The TagValue you have provided is invalid",
    ),
    (
        "s3", "put_object", {**OBJECT, "Tagging": "aws%3Aa=b"}, "InvalidTag",
        "Your TagKey cannot be prefixed with aws:",
    ),
    (
        "s3", "put_bucket_tagging", {"Bucket": "theirs", "Tagging": {"TagSet": pairs(("a", "b"), ("a", "c"))}},
        "InvalidTag", "Cannot provide multiple Tags with the same key",
    ),
    (
        "s3", "put_object", {**OBJECT, "ACL": "open"}, "InvalidArgument",
        "Invalid Argument: aCL. Member must satisfy enum value set: [private, public-read, public-read-write, "
        "authenticated-read, aws-exec-read, bucket-owner-read, bucket-owner-full-control]",
    ),
    (
        "s3", "list_objects_v2", {"Bucket": "theirs", "MaxKeys": "many"}, "InvalidArgument",
        "Invalid Argument: maxKeys. Member must be of type integer",
    ),
    *(
        ("s3", operation, {"Bucket": "theirs", **arguments}, *MALFORMED)
        for operation, arguments in (
            ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "On"}}),
            ("put_bucket_encryption", {"ServerSideEncryptionConfiguration": {}}),
        )
    ),
    # The others.
    (
        "service-quotas", "get_service_quota", {"ServiceCode": "v", "QuotaCode": "L-F678F1CE"}, "ValidationException",
        validation("'v'", "serviceCode", "Member must satisfy regular expression pattern: [a-zA-Z][a-zA-Z0-9-]{1,63}"),
    ),
    (
        "service-quotas", "get_service_quota", {"ServiceCode": "vpc"}, "ValidationException",
        validation("null", "quotaCode", "Member must not be null"),
    ),
    (
        "sts", "assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/a", "RoleSessionName": "a b"},
        "ValidationError",
        validation("'a b'", "roleSessionName", r"Member must satisfy regular expression pattern: [\w+=,.@-]*"),
    ),
)  # fmt: skip

PASSING: Final[Sequence[tuple[str, str, Arguments]]] = (
    # What moto names the next page with is longer than what AWS does.
    ("route53", "list_hosted_zones", {"Marker": "x" * 120}),
    ("ec2", "create_vpc", {**VPC, **tagged(*((f"k{n}?&", "v" * 256) for n in range(50)))}),
    ("ec2", "create_security_group", {**GROUP, "GroupName": "a. _-:/()#,@[]+=&;{}!$*Z9", "Description": "x" * 255}),
    ("ec2", "authorize_security_group_ingress", rules("")),
    ("ec2", "describe_subnets", {"Filters": [{"Name": "tag:a b", "Values": ["x" * 255] * 200}]}),
    ("ec2", "describe_security_group_rules", {"Filters": [{"Name": "tag:a", "Values": ["b"]}]}),
    ("ec2", "describe_account_attributes", {"AttributeNames": ["vpc-max-elastic-ips", "max-elastic-ips"]}),
    ("ec2", "describe_ipams", {"Filters": [{"Name": "not-listed", "Values": ["b"]}]}),
    ("iam", "create_role", {**ROLE, "RoleName": "r" * 64, "Path": "/a/b/", "Tags": pairs(("Köln 9_.:/=+-@", "部署"))}),
    ("iam", "untag_role", {"RoleName": "a", "TagKeys": ["a"]}),
    ("elbv2", "create_load_balancer", {**BALANCER, "Name": "x" * 32, "Tags": pairs(("a", ""), ("A", "b::AWS"))}),
    ("elbv2", "create_target_group", {"Name": "internal-a", "Protocol": "TCP", "Port": 1, "VpcId": "vpc-1"}),
    ("elb", "create_load_balancer", {**CLASSIC, "LoadBalancerName": "internal-a"}),
    ("elbv2", "create_load_balancer", {**BALANCER, "Name": "a--b"}),
    ("route53", "create_hosted_zone", {**ZONE, "Name": "a.example.edu"}),
    (
        "route53", "create_hosted_zone",
        {**ZONE, "Name": "example.com", "VPC": {"VPCId": "vpc-1", "VPCRegion": "xx-new-1"}},
    ),
    ("route53", "change_resource_record_sets", change(Weight=255, SetIdentifier="a")),
    ("route53", "list_resource_record_sets", {"HostedZoneId": "/hostedzone/Z1", "MaxItems": "1"}),
    ("s3", "create_bucket", {"Bucket": "1.2.3", "CreateBucketConfiguration": {"LocationConstraint": "xx-new-1"}}),
    ("s3", "put_object", {**OBJECT, "Tagging": "a=b&c=d", "IfNoneMatch": "*", "Metadata": {"x": "y"}}),
    # What AWS itself has put on a bucket goes back to it.
    ("s3", "put_bucket_tagging", {"Bucket": "theirs", "Tagging": {"TagSet": pairs(("aws:a", "b"))}}),
    (
        "s3", "put_bucket_encryption",
        {
            "Bucket": "theirs",
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}]
            },
        },
    ),
    ("service-quotas", "get_service_quota", {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}),
    ("sts", "get_caller_identity", {}),
    ("resourcegroupstaggingapi", "get_resources", {"TagFilters": [{"Key": "a", "Values": ["b"]}]}),
)  # fmt: skip
