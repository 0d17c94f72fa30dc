"""Group rules of protocols that have no ports."""

from __future__ import annotations

import re

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.manners.manner import Aws

_OPERATIONS = re.compile(r"(Authorize|Revoke|Update)SecurityGroup(RuleDescriptions)?(In|E)gress$")
_PROTOCOL = re.compile(r"((?:IpPermissions\.\d+\.)?)IpProtocol$")
_WITH_PORTS = frozenset({"tcp", "6", "udp", "17"})


class PortlessRules:
    """moto fails over a rule such as ESP's (protocol 50) that names no ports; AWS takes it for all of them (-1)."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """moto's answer to the same rules with ports of -1."""
        if request.service != "ec2" or _OPERATIONS.match(request.operation) is None:
            return None
        added: dict[str, str] = {}
        for key, protocol in request.parameters.items():
            match = _PROTOCOL.match(key)
            if match is None or protocol == "-1" or f"{match[1]}FromPort" in request.parameters:
                continue
            if protocol.lower() in _WITH_PORTS:
                message = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
                return error(request, "InvalidParameterValue", message)
            added |= {f"{match[1]}FromPort": "-1", f"{match[1]}ToPort": "-1"}
        if not added:
            return None
        return aws.execute(request.with_form({"Action": request.operation, **request.parameters, **added}))

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
