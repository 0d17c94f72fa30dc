"""What of an error or an address may be shown: no password of a URL, and nothing of what was sent or answered.

Libraries quote in their messages what they couldn't read: botocore a whole answer, which may be one of STS with keys in
it, `http.client` a header, which may be a session token, or the line where a status should be.
"""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import urlsplit

_USER_AND_PASSWORD: Final = re.compile(
    # Up to the host, or, with a slash in the password, from what would else be host and port.
    r"(?<=//)(?:[^\s/?#]*@|[^\s/?#:@\[\]]*:(?!\d+(?![^\s/?#\"']))\S*@)"
)
_QUOTED: Final = re.compile(r"[(:\n'\"<{\[]|\bb['\"]")
"""Where a message begins to quote."""
_NAMED_SECRET: Final = re.compile(
    r"((?:secret|token|password|passphrase|credential)\w*[\"']?\s*[:=]\s*)[\"']?[^\s\"',;}]+[\"']?", re.IGNORECASE
)
_KEY_LIKE: Final = re.compile(
    r"(?<!\S)(arn:\S+)|(?<![\w/+=-])(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+=_-][A-Za-z0-9/+=_-]{31,}"
)
"""An ARN, or what looks like a secret key (40 characters) or a session token (hundreds); paths begin with a slash."""
_PROCESS: Final = "Error when retrieving credentials from custom-process: "
_OF_BOTOCORE: Final = re.compile(r"Missing required key in response: '\w{1,20}'$|Unsupported version(?= ')")
_METADATA: Final = "container metadata"
"""After it comes what a metadata service answered."""
_SENTENCE: Final = re.compile(r": [A-Z]?[a-z']{1,12}(?: [a-z']{1,12}){2,20}\.?")
"""Words in lower case, which no document and no key is."""

_SIGNED_TEXT: Final = re.compile(r"The Canonical String|The String-to-Sign|The canonical string", re.ASCII)
_TOKEN_HEADER: Final = re.compile(r"(x-amz-security-token[:=]\s*)\S+", re.IGNORECASE)

_LONGEST: Final = 2000
"""Characters of a message that are looked at."""
_ENDPOINT: Final = "Invalid endpoint"
"""How botocore begins a message that quotes nothing but the address that it was given."""
_HEADER: Final = "Invalid header value"
_WRAPPERS: Final = ("HTTPClientError", "ConnectionError", "ResponseStreamingError")
"""botocore's classes whose message is that of another error."""


def without_password(text: str) -> str:
    """A URL, or a text with URLs in it, without the users and passwords that may stand before a host."""
    return _USER_AND_PASSWORD.sub("", text)


def without_signed_text(message: str) -> str:
    """A refusal of a signature without the request that AWS read: it holds the session's token."""
    return _TOKEN_HEADER.sub(r"\1...", _SIGNED_TEXT.split(message, maxsplit=1)[0].rstrip())


def without_secrets(text: str) -> str:
    """A sentence of whoever gives credentials, without what looks like one or is called one."""
    return _KEY_LIKE.sub(lambda match: match[1] or "***", _NAMED_SECRET.sub(r"\1***", text))


def address_of(url: str) -> str:
    """Host and port of a URL; empty where there are none."""
    return urlsplit(without_password(url)).netloc


def said_by(error: BaseException) -> str:
    """The message of an error that isn't an answer of AWS, as far as it may be shown."""
    text, name = str(error)[:_LONGEST], type(error).__name__
    if name == "ResponseParserError":
        return _first_clause(text)
    if name in _WRAPPERS:
        return _of_wrapper(error)
    if name in ("CredentialRetrievalError", "MetadataRetrievalError"):
        if text.startswith(_PROCESS):
            return _of_process(text.removeprefix(_PROCESS))
        before, metadata, answer = text.partition(_METADATA)
        shown = answer if _SENTENCE.fullmatch(answer) else ""
        return without_secrets(without_password(before + metadata + shown))
    if text.startswith(_ENDPOINT):
        return f"{_ENDPOINT}: {text.removeprefix(_ENDPOINT).strip(': ').rpartition('@')[2]}"
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError | json.JSONDecodeError):
        return _first_clause(text)
    return without_password(text)


def _of_process(said: str) -> str:
    """What botocore says of a command that gives credentials; what that itself wrote on stderr may be anything."""
    known = _OF_BOTOCORE.match(said)
    return f"{_PROCESS}{known[0] if known else 'the command failed; run it yourself to see what it says'}"


def _of_wrapper(error: BaseException) -> str:
    """The first clause, and what kind of error is in it: what the operating system says holds nothing of ours."""
    text, inner = str(error), getattr(error, "kwargs", {}).get("error")
    first = _first_clause(text)
    if isinstance(inner, OSError):
        return f"{first}: {without_password(str(inner))}"
    if isinstance(inner, BaseException):
        words = f" ({_HEADER})" if str(inner).startswith(_HEADER) else ""
        return f"{first}: {type(inner).__name__}{words}"
    return first


def _first_clause(text: str) -> str:
    return _QUOTED.split(text, maxsplit=1)[0].strip()
