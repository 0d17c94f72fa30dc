"""The clients of one run: one for each service that it has to do with, made when it is first used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import classify

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_elb import ElasticLoadBalancingClient
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_sts import STSClient


class Clients:
    """One client for each service, made when it is first asked for, and once. Safe to use from many threads.

    Making one costs more than most requests, and many a plan has to do with two services only.
    """

    def __init__(self, make: Callable[[str], BaseClient], lock: threading.Lock) -> None:
        """`make` gets boto3's name of a service. `lock` is held meanwhile: making clients isn't thread-safe, so all
        that are made from one session share it."""
        self._make = make
        self._lock = lock
        self._made: dict[str, BaseClient] = {}

    def __getitem__(self, service: str) -> BaseClient:
        """The client of a service, by boto3's name. Raises AwsError when its address or settings can't be used."""
        client = self._made.get(service)
        if client is not None:
            return client
        with self._lock:
            if service not in self._made:
                self._made[service] = self._make(service)
            return self._made[service]

    def says_missing(self, error: BaseException) -> bool:
        """Whether an error of one of these clients says that what was asked about isn't there."""
        return classify(error) is ErrorClass.NOT_VISIBLE

    @property
    def ec2(self) -> EC2Client:
        return cast("EC2Client", self["ec2"])

    @property
    def elb(self) -> ElasticLoadBalancingClient:
        return cast("ElasticLoadBalancingClient", self["elb"])

    @property
    def elbv2(self) -> ElasticLoadBalancingv2Client:
        return cast("ElasticLoadBalancingv2Client", self["elbv2"])

    @property
    def iam(self) -> IAMClient:
        return cast("IAMClient", self["iam"])

    @property
    def route53(self) -> Route53Client:
        return cast("Route53Client", self["route53"])

    @property
    def s3(self) -> S3Client:
        return cast("S3Client", self["s3"])

    @property
    def service_quotas(self) -> ServiceQuotasClient:
        return cast("ServiceQuotasClient", self["service-quotas"])

    @property
    def sts(self) -> STSClient:
        return cast("STSClient", self["sts"])
