"""Client tokens: a call repeated with its token is answered as the first time."""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_HONOURED = frozenset({"CreateNatGateway", "CreateNetworkAcl", "CreateRouteTable", "CreateVpcEndpoint"})
_Key = tuple[str, str, str, str]


class ClientTokens:
    """Remembers the answers to calls with a `ClientToken`. The same token with other parameters is an error."""

    def __init__(self) -> None:
        self._answered: dict[_Key, tuple[Mapping[str, str], Answer]] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The first answer again."""
        parameters, answer = self._answered.get(_key(request), ({}, None))
        if answer is None or parameters == request.parameters:
            return answer
        message = "The request uses the same client token as a previous, but non-identical request."
        return error(request, "IdempotentParameterMismatch", message)

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged, but remembered; an error may be tried again."""
        if answer.ok and request.operation in _HONOURED | aws.conditions.tokens and request.get("ClientToken"):
            self._answered[_key(request)] = (dict(request.parameters), answer)
        return answer


def _key(request: Request) -> _Key:
    return request.access_key, request.region, request.operation, request.get("ClientToken")
