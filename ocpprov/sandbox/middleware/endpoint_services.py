"""Services of another region, which AWS lists only when that region is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_HOME = "us-east-1"
_GLOBAL = ("com.amazonaws.iam", "com.amazonaws.route53")
_REGIONAL = ("ecr.api", "ecr.dkr", "kms", "lambda", "s3")
_OTHER_PARTITIONS = ("cn-", "eu-isoe-", "eusc-", "us-gov-", "us-iso-", "us-isob-", "us-isof-")


class EndpointServices:
    """The cross-region enabled services of the commercial partition (AWS's page of that name); none elsewhere, where
    nobody has told of any. Zones are those of the service's own region."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The services of the regions that are named."""
        regions = request.values("ServiceRegion")
        if request.operation != "DescribeVpcEndpointServices" or not regions:
            return None
        wanted = _wanted(request)
        rows = "".join(
            _row(name, region)
            for region in regions
            for name in _services(region, request.region)
            if not wanted or name in wanted
        )
        body = (
            '<DescribeVpcEndpointServicesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
            f"<requestId>00000000-0000-4000-8000-000000000000</requestId><serviceDetailSet>{rows}</serviceDetailSet>"
            "</DescribeVpcEndpointServicesResponse>"
        )
        return Answer(200, body.encode(), (("Content-Type", "text/xml"),))

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _wanted(request: Request) -> list[str]:
    """The names in the filter `service-name`."""
    numbers = [name.split(".")[1] for name, value in request.parameters.items() if value == "service-name"]
    return [name for number in numbers for name in request.values(f"Filter.{number}.Value")]


def _services(region: str, asked_in: str) -> Iterator[str]:
    if asked_in.startswith(_OTHER_PARTITIONS) or region.startswith(_OTHER_PARTITIONS):
        return
    if region == _HOME:
        yield from _GLOBAL
    for service in _REGIONAL:
        yield f"com.amazonaws.{region}.{service}"


def _row(name: str, region: str) -> str:
    zones = "".join(f"<item>{region}{zone}</item>" for zone in "abc")
    return (
        f"<item><serviceName>{name}</serviceName><serviceRegion>{region}</serviceRegion>"
        "<serviceType><item><serviceType>Interface</serviceType></item></serviceType>"
        f"<availabilityZoneSet>{zones}</availabilityZoneSet><owner>amazon</owner></item>"
    )
