"""What a middleware is, and what it may lean on."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.request_checks.shapes import Operation
from ocpprov.sandbox.target_states import TargetStates


class Aws(Protocol):
    """The imitation of AWS behind the middleware. Its backends are moto's own objects, which have no types worth
    naming."""

    @property
    def conditions(self) -> Conditions:
        """How AWS behaves today."""
        ...

    @property
    def target_states(self) -> TargetStates:
        """How the targets of load balancers fare."""
        ...

    def operation(self, request: Request) -> Operation | None:
        """What the model of the request's service says of its operation; None where no model has it."""
        ...

    def arn(self, request: Request, service: str, resource: str, *, regional: bool = True) -> str:
        """The ARN of something in the request's account, partition and, if it has one, region."""
        ...

    def ec2(self, request: Request) -> Any:
        """moto's EC2 backend of the request's account and region."""
        ...

    def route53(self, request: Request) -> Any:
        """moto's Route 53 backend of the request's account and partition."""
        ...

    def elb(self, request: Request) -> Any:
        """moto's backend of classic load balancing, of the request's account and region."""
        ...

    def elbv2(self, request: Request) -> Any:
        """moto's backend of load balancing's second API, of the request's account and region."""
        ...

    def iam(self, request: Request) -> Any:
        """moto's IAM backend of the request's account and partition."""
        ...

    def acting_role(self, request: Request) -> Any:
        """moto's role that the caller has taken; None for anybody else, and for a role that isn't there."""
        ...

    def s3(self, request: Request) -> Any:
        """moto's S3 backend of the request's account and partition."""
        ...

    def others_have(self, request: Request) -> bool:
        """Whether the bucket that is named is another account's."""
        ...

    def execute(self, request: Request) -> Answer:
        """Has moto answer, past all middleware."""
        ...

    def now(self) -> float:
        """Seconds of AWS's time, never going back."""
        ...


@runtime_checkable
class FailsLater(Protocol):
    """One whose resources may be made, and be found to have failed afterwards."""

    def fail(self, answer: Answer, reason: tuple[str, str]) -> None:
        """Lets what the answer tells of fail when its time has come, with AWS's code and message."""
        ...


class Middleware(Protocol):
    """One habit of AWS that moto lacks.

    They lie around moto like shells: `before` goes from the outermost inwards, `after` the other way. One that
    answers in `before` keeps the request from those further in, and its own `after` isn't asked.
    """

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """An answer instead of the one from further in, or None to let the request pass."""
        ...

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """The answer to give, having seen the one from further in."""
        ...
