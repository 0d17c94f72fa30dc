"""Buckets carry the tags that they were created with."""

from __future__ import annotations

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.manners.manner import Aws
from ocpprov.sandbox.operations import parse_xml


class Buckets:
    """CreateBucket takes tags (API reference of CreateBucketConfiguration); moto forgets them."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged; the tags are put on the bucket."""
        if answer.ok and request.service == "s3" and request.operation == "CreateBucket" and request.body:
            tags = {
                tag.findtext("{*}Key") or "": tag.findtext("{*}Value") or ""
                for tag in parse_xml(request.body).iterfind(".//{*}Tag")
            }
            if tags:
                backend = aws.s3(request)
                backend.tagger.tag_resource(backend.get_bucket(request.get("Bucket")).arn, _listed(tags))
        return answer


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
