"""Network interfaces by the address that is mapped to them."""

from __future__ import annotations

import re

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_NAME = re.compile(r"Filter\.(\d+)\.Name$")
_NONE = "eni-00000000000000000"


class NetworkInterfaces:
    """DescribeNetworkInterfaces takes the filter `association.allocation-id` (EC2 API Reference), which moto doesn't
    know."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """moto's answer, asked for by the interfaces' ids."""
        if request.operation != "DescribeNetworkInterfaces":
            return None
        form = dict(request.parameters)
        for key, name in request.parameters.items():
            match = _NAME.match(key)
            if match and name == "association.allocation-id":
                wanted = request.values(f"Filter.{match[1]}.Value")
                mapped = (each for each in aws.ec2(request).addresses if each.allocation_id in wanted and each.eni)
                form = {each: value for each, value in form.items() if not each.startswith(f"Filter.{match[1]}.")}
                form[key] = "network-interface-id"
                ids = [address.eni.id for address in mapped] or [_NONE]
                form |= {f"Filter.{match[1]}.Value.{number}": id for number, id in enumerate(ids, start=1)}
        if form == request.parameters:
            return None
        return aws.execute(request.with_form({"Action": request.operation, **form}))

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
