"""The prefix lists of gateway services, with the addresses that are in them."""

from __future__ import annotations

from typing import Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

ADDRESSES: Final = {"s3": ["198.51.100.0/25"], "dynamodb": ["198.51.100.128/25"]}
"""In the place of AWS's own: a block for documentation (RFC 5737)."""


class PrefixLists:
    """DescribePrefixLists says which addresses a service has (EC2's API reference). moto leaves them out."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass; from now on the lists have their addresses."""
        if request.operation == "DescribePrefixLists":
            for each in aws.ec2(request).managed_prefix_lists.values():
                each.cidrs = ADDRESSES.get(each.prefix_list_name.rpartition(".")[2], [])
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
