"""Requests that AWS refuses by themselves, whatever there is in the account."""

from __future__ import annotations

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.request_checks.filter_names import refusal_of_filters
from ocpprov.sandbox.request_checks.flaws import flaws_in
from ocpprov.sandbox.request_checks.refusals import refusal_of
from ocpprov.sandbox.request_checks.tag_rules import refusal_of_tags
from ocpprov.sandbox.request_checks.value_rules import refusal_of_values
from ocpprov.sandbox.request_checks.values import said_in


class RequestChecks:
    """Holds each request against its operation's model, the filters that are documented for it, and the tables of what
    models lack. moto takes nearly anything."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal. A request of an operation that no model has passes."""
        operation = aws.operation(request)
        if operation is None:
            return None
        said = said_in(request, operation)
        flaw = next(flaws_in(said, operation.input), None)
        if flaw is not None:
            return refusal_of(request, operation, flaw)
        return (
            refusal_of_filters(request, operation, said.values)
            or refusal_of_values(request, said.values)
            or refusal_of_tags(request, said.values)
        )

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
