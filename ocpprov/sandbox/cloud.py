"""moto, in this process. No other module imports it."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from moto.backends import get_backend
from moto.core import responses
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.model_instances import reset_model_data
from moto.core.utils import get_service_model
from moto.ec2.models import amis, security_groups, vpcs
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, get_account_id_from
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import create_backend_app
from moto.utilities.utils import PARTITION_NAMES, REGION_PREFIX_TO_PARTITION, get_partition
from werkzeug.wrappers import Response

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.request_checks.shapes import Operation, operation_of
from ocpprov.sandbox.target_states import TargetStates


class MotoCloud:
    """moto's applications and backends, of those services that ocpprov uses. Not safe for threads: its user lets in one
    call at a time.

    `now` is AWS's time in seconds: of a clock of `clocks`, or a test's own.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._applications: dict[str, Any] = {}
        self._operations: dict[tuple[str, str], Operation | None] = {}
        self._now = now
        self.conditions = Conditions()
        self.target_states = TargetStates()
        _know_every_partition()
        _look_once()
        _know_one_image()
        _count_no_rules()

    def now(self) -> float:
        """Seconds of AWS's time."""
        return self._now()

    def operation(self, request: Request) -> Operation | None:
        """What botocore's model, which moto has loaded anyway, says of the request's operation."""
        balancing = _BALANCING.get(request.get("Version"))
        service = balancing if request.service == "elasticloadbalancing" else _MODELS.get(request.service)
        key = (service or "", request.operation)
        if key not in self._operations:
            self._operations[key] = _described(service, request.operation) if service else None
        return self._operations[key]

    def arn(self, request: Request, service: str, resource: str, *, regional: bool = True) -> str:
        """The ARN of something in the request's account, partition and, if it has one, region."""
        region = request.region if regional else ""
        return f"arn:{get_partition(request.region)}:{service}:{region}:{self._account(request)}:{resource}"

    def ec2(self, request: Request) -> Any:
        """The EC2 backend of the request's account and region."""
        return get_backend("ec2")[self._account(request)][request.region]

    def route53(self, request: Request) -> Any:
        """The Route 53 backend of the request's account and partition."""
        return get_backend("route53")[self._account(request)][get_partition(request.region)]

    def elb(self, request: Request) -> Any:
        """The classic balancers of the request's account and region."""
        return get_backend("elb")[self._account(request)][request.region]

    def elbv2(self, request: Request) -> Any:
        """The application and network balancers of the request's account and region."""
        return get_backend("elbv2")[self._account(request)][request.region]

    def iam(self, request: Request) -> Any:
        """Roles, profiles and policies of the request's account and partition, with those of AWS's own policies that
        were ever named: having all of them there would cost a second after each reset."""
        account = self._account(request)
        backend = get_backend("iam")[account][get_partition(request.region)]
        for arn in (request.get("PolicyArn"), request.get("PermissionsBoundary")):
            if ":iam::aws:policy/" in arn and arn not in backend.managed_policies:
                name = arn.rpartition("/")[2]
                facts = json.loads(aws_managed_policies_data).get(name)
                policy = facts and AWSManagedPolicy.from_data(name, account, request.region, facts)
                if policy and policy.arn == arn:
                    backend.managed_policies[arn] = policy
        return backend

    def acting_role(self, request: Request) -> Any:
        """The role that the request's key was given for; None for a key of nobody's role, or of one that isn't
        there."""
        account, partition = self._account(request), get_partition(request.region)
        session = get_backend("sts")[account][partition].get_assumed_role_from_access_key(request.access_key)
        name = session.role_arn.rpartition("/")[2] if session else ""
        roles = get_backend("iam")[account][partition].roles.values() if name else ()
        return next((role for role in roles if role.name == name), None)

    def s3(self, request: Request) -> Any:
        """The buckets of the request's account and partition."""
        return get_backend("s3")[self._account(request)][get_partition(request.region)]

    def others_have(self, request: Request) -> bool:
        """Whether the bucket that is named is another account's."""
        backends: Any = get_backend("s3")
        owner = backends.bucket_accounts.get(request.get("Bucket"))
        return owner is not None and owner[1] != self._account(request)

    def execute(self, request: Request) -> Answer:
        """moto's answer; a refusal where the request isn't for a service that is served. Which one that is, moto isn't
        asked: it goes by paths, too, and some of these are for its own administration."""
        if request.service not in _BACKENDS:
            services = ", ".join(sorted(_BACKENDS))
            asked = request.service or "what isn't signed"
            return error(request, "UnsupportedOperation", f"the sandbox serves {services}, not {asked}", 403)
        if _OF_MOTO.match(unquote(request.path)):
            message = "the sandbox has no moto-api; empty it with: ocpprov sandbox reset"
            return error(request, "UnsupportedOperation", message, 403)
        if request.service == "iam":
            self.iam(request)
        if request.service == "ec2":
            _open_region(request.region)
        response = Response.from_app(self._application_of(request.service), _environ(request), buffered=True)
        return Answer(response.status_code, response.get_data(), tuple(response.headers.items()))

    def reset(self) -> None:
        """Forgets every resource of every account."""
        BackendDict.reset()
        reset_model_data()

    def begin_alike(self, seed: int, account: str, region: str) -> None:
        """The same, for this account and region; from here on ids come in the same order as ever with this seed."""
        self.reset()
        _open_region(region)
        # What a backend makes when it is first used takes ids, too. moto's types know each service by its literal name.
        backend: Any = get_backend
        for name in ("ec2", "elb", "elbv2"):
            _ = backend(name)[account][region]
        for name in ("iam", "route53", "s3"):
            _ = backend(name)[account][get_partition(region)]
        mock_random.seed(seed)

    def _application_of(self, service: str) -> Any:
        if service not in self._applications:
            self._applications[service] = create_backend_app(_BACKENDS[service])
        return self._applications[service]

    def _account(self, request: Request) -> str:
        return request.header("X-Moto-Account-Id") or str(get_account_id_from(request.access_key))


def _described(service: str, operation: str) -> Operation | None:
    model = get_service_model(service)
    return operation_of(model.operation_model(operation)) if operation in model.operation_names else None


def _know_every_partition() -> None:
    """moto takes the regions of two partitions for those of others."""
    known = {**REGION_PREFIX_TO_PARTITION, "eu-isoe-": "aws-iso-e", "us-isof-": "aws-iso-f"}
    REGION_PREFIX_TO_PARTITION.clear()
    # The first prefix that fits is taken, so the longest come first.
    REGION_PREFIX_TO_PARTITION.update(sorted(known.items(), key=lambda row: -len(row[0])))
    if new := sorted(set(known.values()) - set(PARTITION_NAMES)):
        PARTITION_NAMES.extend(new)
        # Accounts that were used in this process before know only the partitions of then.
        BackendDict.reset()


def _open_region(region: str) -> None:
    """moto has no zones in the regions of the partitions that the public doesn't see, and two where China has three."""
    zones = RegionsAndZonesBackend.zones
    if region not in zones or (get_partition(region) != "aws" and len(zones[region]) < len(_ZONES)):
        zones[region] = [Zone(f"{region}{zone}", region, f"{region}-az{zone}") for zone in _ZONES]
    if region not in vpcs.DEFAULT_VPC_ENDPOINT_SERVICES:
        # moto would load a dozen services to ask each for its own entry, which takes seconds.
        vpcs.DEFAULT_VPC_ENDPOINT_SERVICES[region] = _endpoint_services(region, [zone.name for zone in zones[region]])


def _endpoint_services(region: str, zones: list[str]) -> list[dict[str, Any]]:
    """What DescribeVpcEndpointServices lists: what moto knows of, S3 both ways and DynamoDB by gateways, without the
    few whose names don't follow the rule (SageMaker's notebooks, S3's access points)."""
    interfaces = sorted({*vpcs.AWS_ENDPOINT_SERVICES, "s3"} - {"dynamodb"})
    offered = [(name, "Interface") for name in interfaces] + [("dynamodb", "Gateway"), ("s3", "Gateway")]
    return [
        entry
        for name, kind in offered
        for entry in BaseBackend.default_vpc_endpoint_service_factory(region, zones, name, kind)
    ]


def _look_once() -> None:
    """moto looks through a class's members at each request: a tenth of its time."""
    module: Any = responses
    if not hasattr(module.method_names_from_class, "cache_info"):
        module.method_names_from_class = cache(module.method_names_from_class)


def _know_one_image() -> None:
    """moto makes objects of a thousand images for every account and region, which takes longer than most tests; a
    machine needs one."""
    module: Any = amis
    del module.AMIS[1:]
    module.load_resource = _nothing_of_the_region


def _count_no_rules() -> None:
    """moto has AWS's default of rules in a group for good, and counts both families of addresses together; here it is a
    quota as the others."""
    backend: Any = security_groups.SecurityGroupBackend
    backend._verify_group_will_respect_rule_count_limit = _nothing_to_verify


def _nothing_to_verify(*_: Any, **__: Any) -> None:
    """Whatever it is, it may be."""


def _nothing_of_the_region(path: str) -> Any:
    raise FileNotFoundError(path)


_ZONES: Final = "abc"
_BACKENDS: Final[Mapping[str, Any]] = {
    "ec2": "ec2",
    "elasticloadbalancing": "elbv2",
    "iam": "iam",
    "route53": "route53",
    "s3": "s3",
    "servicequotas": "servicequotas",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
}
"""moto's modules, by the names that requests are signed for. `elbv2` sees to the classic balancers, too."""
_MODELS: Final[Mapping[str, str]] = {
    **{name: name for name in ("ec2", "iam", "route53", "s3", "sts")},
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
"""botocore's models, by the names that requests are signed for. Of load balancing there are two, by `_BALANCING`."""
_BALANCING: Final[Mapping[str, str]] = {"2012-06-01": "elb", "2015-12-01": "elbv2"}
_OF_MOTO: Final = re.compile(r"/+moto-api(/|$)")


def _environ(request: Request) -> dict[str, Any]:
    headers = {name.upper().replace("-", "_"): value for name, value in request.headers.items()}
    if request.service == "s3":
        # Of another host moto would take the first part for a bucket.
        headers["HOST"] = "127.0.0.1"
    host, _, port = headers.get("HOST", "127.0.0.1").partition(":")
    target = f"{request.path}?{request.query}" if request.query else request.path
    return {
        **{f"HTTP_{name}": value for name, value in headers.items() if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}},
        "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": headers.get("CONTENT_TYPE", ""),
        "PATH_INFO": unquote(request.path, "latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": target,
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": target,
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }
