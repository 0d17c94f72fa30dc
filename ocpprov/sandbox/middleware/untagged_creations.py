"""Create calls that take no tags yet, as in partitions where a service is some years behind."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_TAGS: Final = re.compile(r"(TagSpecifications?|Tags?)\.")


class UntaggedCreations:
    """Refuses tags in the operations that the conditions name."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, as a service tells of a parameter that it doesn't know."""
        if request.operation in aws.conditions.untagged and any(map(_TAGS.match, request.parameters)):
            code = "UnknownParameter" if request.service == "ec2" else "ValidationError"
            return error(request, code, f"{request.operation} does not take tags.", 400)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
