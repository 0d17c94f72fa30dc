"""Of the account, its organisation and its credentials."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import DOCS, ISSUES, Row

ACCOUNT: Final = (
    Row(
        *("elbv2", "CreateLoadBalancer", 400, "OperationNotPermitted"),
        "This AWS account currently does not support creating load balancers. For more information, please contact AWS "
        "Support.",
        f"{DOCS}elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
        *(ErrorClass.INVALID, "new-account", ("new accounts", "AWS Support")),
    ),
    Row(
        *("ec2", "DescribeAvailabilityZones", 401, "OptInRequired"),
        "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe",
        f"{ISSUES}aws-samples/aws-workshop-for-kubernetes/issues/148",
        *(ErrorClass.INVALID, "not-signed-up", ("isn't signed up", "enable the region")),
    ),
    Row(
        *("route53", "CreateHostedZone", 403, "OptInRequired"),
        "The AWS Access Key Id needs a subscription for the service",
        f"{ISSUES}pcorliss/ruby_route_53/issues/1",
        *(ErrorClass.INVALID, "not-signed-up", ("isn't signed up",)),
    ),
    Row(
        *("service-quotas", "ListServiceQuotas", 400, "SubscriptionRequiredException"),
        "The AWS Access Key Id needs a subscription for the service",
        f"{ISSUES}awslabs/fargatecli/issues/38",
        *(ErrorClass.INVALID, "not-signed-up", ("isn't signed up",)),
    ),
    Row(
        *("s3", "CreateBucket", 403, "NotSignedUp"),
        "Your account is not signed up for the S3 service. You must sign up before you can use S3.",
        f"{ISSUES}webiny/webiny-js/issues/1517",
        *(ErrorClass.INVALID, "not-signed-up", ("isn't signed up",)),
    ),
    Row(
        *("ec2", "CreateNatGateway", 400, "PendingVerification"),
        "Your request for accessing resources in this region is being validated, and you will not be able to launch "
        "additional resources in this region until the validation is complete.",
        f"{ISSUES}openshift/installer/issues/1709",
        *(ErrorClass.INVALID, "unverified", ("Wait for its mail", "AWS Support")),
    ),
    Row(
        *("ec2", "AllocateAddress", 400, "Blocked"),
        "This account is currently blocked and not recognized as a valid account. Please contact "
        "aws-verification@amazon.com if you have questions.",
        f"{ISSUES}openshift/origin-web-console/pull/52",
        *(ErrorClass.INVALID, "blocked", ("mail to the account", "AWS Support")),
    ),
    Row(
        *("ec2", "CreateVpc", 400, "TagPolicyViolation"),
        "The tag policy does not allow the specified value for the following tag key: 'Project'.",
        f"{ISSUES}runs-on/runs-on/issues/485",
        *(ErrorClass.INVALID, "tags", ("userTags", "same capitals")),
    ),
    Row(
        *("iam", "CreateRole", 400, "InvalidInput"),
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        f"{ISSUES}terraform-aws-modules/terraform-aws-rds-aurora/issues/189",
        *(ErrorClass.INVALID, "tag-keys-alike", ("userTags", "differ in capitals only")),
    ),
    Row(
        *("ec2", "ModifySubnetAttribute", 403, "UnauthorizedOperation"),
        "This action is denied due to an organizational policy in effect",
        f"{DOCS}organizations/latest/userguide/orgs_manage_policies_ec2.html",
        *(ErrorClass.INVALID, "declared", ("declarative policy of the organisation", "organisation's administrators")),
    ),
)
CREDENTIALS: Final = (
    Row(
        *("ec2", "DescribeVpcs", 401, "AuthFailure"),
        "AWS was not able to validate the provided access credentials",
        f"{ISSUES}turbot/steampipe-plugin-aws/issues/75",
        *(ErrorClass.CREDENTIALS, "unknown-key", ("AWS_PROFILE", "clock", "isn't enabled for the account")),
    ),
    Row(
        *("sts", "GetCallerIdentity", 403, "InvalidClientTokenId"),
        "The security token included in the request is invalid.",
        f"{ISSUES}remotion-dev/github-unwrapped-2022/issues/34",
        *(ErrorClass.CREDENTIALS, "unknown-key", ("AWS_PROFILE", "isn't enabled for the account")),
    ),
    Row(
        *("service-quotas", "ListServiceQuotas", 400, "UnrecognizedClientException"),
        "The security token included in the request is invalid.",
        f"{ISSUES}ekristen/aws-nuke/issues/774",
        *(ErrorClass.CREDENTIALS, "unknown-key", ("AWS_PROFILE", "isn't enabled for the account")),
    ),
    Row(
        *("s3", "ListBuckets", 403, "InvalidAccessKeyId"),
        "The AWS Access Key Id you provided does not exist in our records.",
        f"{ISSUES}prolane/samltoawsstskeys/issues/40",
        *(ErrorClass.CREDENTIALS, "unknown-key", ("AWS_PROFILE",)),
    ),
    Row(
        *("s3", "CreateBucket", 400, "InvalidToken"),
        "The provided token is malformed or otherwise invalid.",
        f"{ISSUES}s3tools/s3cmd/issues/297",
        *(ErrorClass.CREDENTIALS, "unknown-key", ("AWS_PROFILE", "isn't enabled for the account")),
    ),
    Row(
        *("sts", "GetCallerIdentity", 403, "SignatureDoesNotMatch"),
        "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)",
        f"{ISSUES}aws/aws-cli/issues/6676",
        *(ErrorClass.CREDENTIALS, "clock", ("This machine's clock", "Set this one right")),
    ),
    Row(
        *("s3", "PutObject", 403, "RequestTimeTooSkewed"),
        "The difference between the request time and the current time is too large.",
        f"{ISSUES}aws/aws-sdk-php/issues/612",
        *(ErrorClass.CREDENTIALS, "clock", ("This machine's clock", "Set this one right")),
    ),
    Row(
        *("s3", "PutObject", 403, "SignatureDoesNotMatch"),
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.",
        f"{ISSUES}mhart/aws4fetch/issues/73",
        *(ErrorClass.CREDENTIALS, "secret", ("AWS_SECRET_ACCESS_KEY", "proxy")),
    ),
    Row(
        *("ec2", "CreateVpc", 400, "RequestExpired"),
        "Request has expired.",
        f"{ISSUES}test-kitchen/kitchen-ec2/issues/326",
        *(ErrorClass.CREDENTIALS, "", ("Set or renew the credentials", "clock")),
    ),
    Row(
        *("sts", "GetCallerIdentity", 403, "ExpiredToken"),
        "The security token included in the request is expired",
        f"{ISSUES}hashicorp/terraform/issues/5579",
        *(ErrorClass.CREDENTIALS, "", ("Set or renew the credentials",)),
    ),
    Row(
        *("sts", "AssumeRole", 403, "RegionDisabledException"),
        "STS is not activated in this region for account:123456789012. Your account administrator can activate STS in "
        "this region using the IAM Console.",
        f"{ISSUES}turbot/steampipe-plugin-aws/issues/1510",
        *(ErrorClass.CREDENTIALS, "sts-off", ("STS is off in this region", "IAM's account settings")),
    ),
    Row(
        *("sts", "AssumeRoleWithWebIdentity", 400, "InvalidIdentityToken"),
        "No OpenIDConnect provider found in your account for https://auth.mozilla.auth0.com/",
        f"{ISSUES}mozilla-iam/mozilla-aws-cli/issues/127",
        *(ErrorClass.CREDENTIALS, "identity", ("provider of the role's account", "fresh token")),
    ),
)
