"""What went wrong at AWS, read once and in one place: class, message, and the next step.

    AwsError             what callers of `retry.call` get: its class, AWS's message, the error itself as its cause
    CredentialsError     nothing to sign with, so that nothing was sent
    InterceptedResponse  a page from somebody who isn't AWS: a proxy, a login page

botocore's errors are told apart by the names of their classes, so that this module loads without botocore.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.aws.calls import GIVE_CREDENTIALS
from ocpprov.aws.error_causes import error_class_of, remedy_of, split_encoded
from ocpprov.aws.error_codes import BARE_STATUSES, NOT_OFFERED, ErrorClass
from ocpprov.aws.error_next_steps import next_step_of
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.masking import address_of, said_by, without_secrets, without_signed_text
from ocpprov.engine.printable import printable


@dataclass(frozen=True)
class AwsMessage:
    """What AWS said, or what botocore said instead of it: then `code` is the name of botocore's error, `request_id`
    is empty, and `host` is where the request was going, as far as known. `encoded` is the reason of a refusal that AWS
    alone can read; the message is without it. `date` is the answer's own, as it came; `region` that of the client."""

    code: str
    message: str
    request_id: str = ""
    operation: str = ""
    host: str = ""
    encoded: str = ""
    date: str = field(default="", compare=False)
    region: str = field(default="", compare=False)

    def __str__(self) -> str:
        operation = f"{self.operation}: " if self.operation else ""
        request = f" (request {self.request_id})" if self.request_id else ""
        return printable(f"{operation}{self.code}: {self.message}{request}")


class AwsError(Exception):
    """A request to AWS failed for good, as far as retrying goes."""

    def __init__(self, error_class: ErrorClass, aws: AwsMessage) -> None:
        super().__init__(str(aws))
        self.error_class = error_class
        self.aws = aws

    @property
    def code(self) -> str:
        return self.aws.code

    @property
    def message(self) -> str:
        return self.aws.message

    @property
    def request_id(self) -> str:
        return self.aws.request_id

    @property
    def operation(self) -> str:
        return self.aws.operation

    @property
    def next_step(self) -> str:
        """What the operator can do, in words."""
        return remedy(self.error_class, self.aws)


class CredentialsError(AwsError):
    """There are no credentials to sign with (any more), so nothing was sent. `source`: where they come from, in words;
    `aws`: what the source said, or AWS when it refused them."""

    def __init__(self, source: str, aws: AwsMessage) -> None:
        super().__init__(ErrorClass.CREDENTIALS, aws)
        self.args = (f"no credentials of {source}: {aws}",)
        self.source = source

    @property
    def next_step(self) -> str:
        """Whoever mayn't take a role has good credentials."""
        said = self.aws
        meant = error_class_of(said.operation, said.code, said.message, 400)
        if said.operation.startswith("AssumeRole") and meant is ErrorClass.DENIED:
            return remedy(meant, said)
        return super().next_step

    def again(self) -> CredentialsError:
        """Another one like it, for another thread."""
        return CredentialsError(self.source, self.aws)


class InterceptedResponse(Exception):
    """Somebody on the way, such as a proxy, answered in AWS's place."""

    def __init__(self, status: int, url: str) -> None:
        super().__init__(f"{address_of(url)} answered {status} with a page that isn't AWS's")
        self.status = status
        self.url = url

    @property
    def refused(self) -> bool:
        """Whether the page says that the request didn't get through."""
        return self.status in REFUSALS


REFUSALS: Final = frozenset({403, 407})
"""HTTP statuses with which a proxy refuses a host."""

_BOTOCORE_FAULTS: Final[Mapping[str, ErrorClass]] = {
    "EndpointConnectionError": ErrorClass.NOT_SENT,
    "ConnectTimeoutError": ErrorClass.NOT_SENT,
    "ProxyConnectionError": ErrorClass.NOT_SENT,
    "ReadTimeoutError": ErrorClass.UNKNOWN_OUTCOME,
    "ConnectionClosedError": ErrorClass.UNKNOWN_OUTCOME,
    "ConnectionError": ErrorClass.UNKNOWN_OUTCOME,
    "HTTPClientError": ErrorClass.UNKNOWN_OUTCOME,
    "IncompleteReadError": ErrorClass.UNKNOWN_OUTCOME,
    "ResponseParserError": ErrorClass.UNKNOWN_OUTCOME,
    "NoCredentialsError": ErrorClass.CREDENTIALS,
    "NoAuthTokenError": ErrorClass.CREDENTIALS,
    "PartialCredentialsError": ErrorClass.CREDENTIALS,
    "CredentialRetrievalError": ErrorClass.CREDENTIALS,
    "MetadataRetrievalError": ErrorClass.CREDENTIALS,
    "TokenRetrievalError": ErrorClass.CREDENTIALS,
    "SSOError": ErrorClass.CREDENTIALS,
    "ProfileNotFound": ErrorClass.CREDENTIALS,
    "InvalidConfigError": ErrorClass.CREDENTIALS,
    "BotoCoreError": ErrorClass.INVALID,
}


def is_aws_error(error: BaseException) -> bool:
    """Whether an error comes from talking to AWS, and not from a mistake of ours or an interruption."""
    return (
        isinstance(error, AwsError | InterceptedResponse) or _answer(error) is not None or bool(_botocore_names(error))
    )


def classify(error: BaseException, operation: str = "") -> ErrorClass:
    """The class of an error that a client raised. `operation` (`CreateVpc`) is taken from the error where it has it.

    Raises TypeError for an error that isn't AWS's.
    """
    if isinstance(error, AwsError):
        return error.error_class
    if isinstance(error, InterceptedResponse):
        return ErrorClass.NOT_SENT if error.refused else ErrorClass.UNKNOWN_OUTCOME
    if (answer := _answer(error)) is not None:
        message = describe(error, operation)
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error_class_of(message.operation, message.code, message.message, status)
    if status := _bare_status(error):
        return error_class_of(describe(error, operation).operation, status, "", int(status))
    names = _botocore_names(error)
    if "SSLError" in names:
        return _tls_fault(error)
    for name in names:
        if name in _BOTOCORE_FAULTS:
            return _BOTOCORE_FAULTS[name]
    raise TypeError(f"not an error of AWS: {error!r}")


def describe(error: BaseException, operation: str = "") -> AwsMessage:
    """What was said, with the names that help to find it again."""
    if isinstance(error, AwsError):
        return error.aws
    host = _host(error)
    answer = _answer(error)
    operation = operation or operation_of(error)
    if answer is None:
        code = _bare_status(error) or type(error).__name__
        return AwsMessage(code, said_by(error), operation=operation, host=host)
    return message_of(answer, operation, host)


def set_operation(error: BaseException, operation: str) -> None:
    """Have an error of botocore say what was asked for (`CreateVpc`), as its `ClientError` does."""
    error.operation_name = operation  # type: ignore[attr-defined]


def set_region(answer: dict[str, Any], region: str) -> None:
    """Have an answer that botocore has parsed say the region of the client that asked, so that an error has it."""
    answer.setdefault("ResponseMetadata", {})[_REGION] = region


_REGION: Final = "Region"


def set_status(error: BaseException, status: int) -> None:
    """Have botocore's error about an answer that it can't read say the answer's HTTP status."""
    error.http_status = status  # type: ignore[attr-defined]


def _bare_status(error: BaseException) -> str:
    """The HTTP status of an answer that botocore can't read, where the status says that there is nothing at this
    address; else empty."""
    status = getattr(error, "http_status", 0)
    return str(status) if status in BARE_STATUSES else ""


def operation_of(error: BaseException) -> str:
    """What was asked for, where the error says it."""
    return str(getattr(error, "operation_name", ""))


def message_of(answer: Mapping[str, Any], operation: str, host: str = "") -> AwsMessage:
    """What AWS said in an answer that botocore has parsed."""
    said, about = answer.get("Error", {}), answer.get("ResponseMetadata", {})
    code = str(said.get("Code", ""))
    message, encoded = split_encoded(without_signed_text(str(said.get("Message", ""))))
    if operation in GIVE_CREDENTIALS:
        message = without_secrets(message)
    return AwsMessage(
        code=code,
        # botocore's stand-in for what has no code is the status, and may have the whole body for a message.
        message="" if code.isdigit() and _is_a_page(message) else message,
        request_id=str(about.get("RequestId", "")),
        operation=operation,
        host=host,
        encoded=encoded,
        date=str(about.get("HTTPHeaders", {}).get("date", "")),
        region=str(about.get(_REGION, "")),
    )


def _is_a_page(message: str) -> bool:
    return "<" in message or "\n" in message or len(message) > _LONGEST_PHRASE


_LONGEST_PHRASE: Final = 100
"""Characters of what may stand beside a status (`Not Found`)."""


def said_by_aws(error: BaseException) -> AwsMessage | None:
    """AWS's own words, in the error or in what caused it; None where AWS said nothing."""
    for cause in chain(error):
        if _answer(cause) is not None:
            return describe(cause)
        if isinstance(cause, CredentialsError) and cause.request_id:
            return cause.aws
    return None


def date_of(error: BaseException) -> str:
    """The `Date` of AWS's answer, in the error or in what caused it; empty where there was no answer."""
    for cause in chain(error):
        if _answer(cause) is not None or isinstance(cause, CredentialsError):
            return describe(cause).date
    return ""


def wrap(error: BaseException, operation: str = "") -> AwsError:
    """The error as an `AwsError`; raise it `from` the original. Raises TypeError for an error that isn't AWS's."""
    if isinstance(error, AwsError):
        return error
    return AwsError(classify(error, operation), describe(error, operation))


def remedy(error_class: ErrorClass, message: AwsMessage) -> str:
    """The next step for the operator, in words."""
    return cause_of(error_class, message) or next_step_of(error_class, message.operation, message.code)


def lacks_operation(error: AwsError) -> bool:
    """Whether the service says that it has no such operation: then there is nothing of the sort. A bare status may be
    anybody's, such as that of a wrong address, and proves nothing."""
    return error.code in NOT_OFFERED and not _is_bare(error)


def _is_bare(error: AwsError) -> bool:
    """Whether there is but an HTTP status, with which whoever answers has nothing at this address."""
    return error.code in map(str, BARE_STATUSES)


def is_silent(error: AwsError) -> bool:
    """Whether no answer of AWS's comes: there is no way to it, or somebody else answers."""
    return error.error_class is ErrorClass.NOT_SENT or error.code in _NO_ANSWER


_NO_ANSWER: Final = frozenset({"CallDeadlineError", "ConnectionClosedError", "InterceptedResponse", "ReadTimeoutError"})
"""What stands in place of a code where there was silence, or a page of somebody else, as long as it was tried."""


def is_closed(error: AwsError) -> bool:
    """Whether nobody can look from here, however often they try: it is denied, there is no such operation, there is
    nothing at the address, or no answer comes."""
    return error.error_class is ErrorClass.DENIED or error.code in NOT_OFFERED or is_silent(error)


def leaves_the_rest(error: AwsError) -> bool:
    """Whether other things can still be read where this one can't: the run's own credentials are good. Those of a role
    that is taken for single things say nothing of the rest."""
    of_a_role = isinstance(error, CredentialsError) and error.aws.operation.startswith("AssumeRole")
    return of_a_role or error.error_class is not ErrorClass.CREDENTIALS


def cause_of(error_class: ErrorClass, message: AwsMessage) -> str:
    """The same where the sentence says more than the class; else empty."""
    said = Said(message.operation, message.code, message.message, message.encoded, message.region)
    return remedy_of(error_class, said)


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and whatever caused it: causes, contexts, and errors carried inside others, each once."""
    seen: set[int] = set()
    left: list[object] = [error]
    while left:
        current = left.pop(0)
        if isinstance(current, BaseException) and id(current) not in seen:
            seen.add(id(current))
            yield current
            carried = getattr(current, "kwargs", {}).get("error")
            left += [carried, getattr(current, "reason", None), *current.args, current.__cause__, current.__context__]


def _answer(error: BaseException) -> Mapping[str, Any] | None:
    response = getattr(error, "response", None)
    return response if isinstance(response, Mapping) and hasattr(error, "operation_name") else None


def _botocore_names(error: BaseException) -> list[str]:
    """Names of botocore's classes that the error is one of, the narrowest first."""
    return [cls.__name__ for cls in type(error).__mro__ if cls.__module__.startswith(("botocore.", "boto3."))]


def _tls_fault(error: BaseException) -> ErrorClass:
    """A handshake that failed over the certificate sent nothing; of a broken connection nobody knows."""
    untrusted = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain(error))
    return ErrorClass.NOT_SENT if untrusted else ErrorClass.UNKNOWN_OUTCOME


def _host(error: BaseException) -> str:
    url = error.url if isinstance(error, InterceptedResponse) else getattr(error, "kwargs", {}).get("endpoint_url", "")
    return address_of(str(url))
