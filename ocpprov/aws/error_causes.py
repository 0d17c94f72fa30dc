"""What an error of AWS means and what helps, where its code and its sentence decide together.

A code alone doesn't tell whether a permission is missing or no permission helps, nor whether time mends it. The rows
stand in `error_sentences/`; they are asked in their order before the code alone (`error_codes.py`).
"""

from __future__ import annotations

import re
from typing import Final

from ocpprov.aws.error_codes import KNOWN_REFUSALS, ErrorClass, class_of_code
from ocpprov.aws.error_quotas import quota_step
from ocpprov.aws.error_sentences import account, balancers, buckets, networks, records, roles
from ocpprov.aws.error_sentences.policies import cause_of_refusal, decoding, permission_for
from ocpprov.aws.error_sentences.sentence import Said, Sentence

SENTENCES: Final[tuple[Sentence, ...]] = (
    *account.SENTENCES,
    *networks.SENTENCES,
    *balancers.SENTENCES,
    *records.SENTENCES,
    *roles.SENTENCES,
    *buckets.SENTENCES,
    *networks.LAST,
)
"""The first that fits is what was meant."""

UNKNOWN_REFUSAL: Final = (
    "AWS refuses it with a code that isn't known here: its words say why. If they are about a permission, have the "
    "user given it; else do what they say. Then run the same command again."
)


def error_class_of(operation: str, code: str, message: str, status: int) -> ErrorClass:
    """What an answer of AWS means, from the operation (`CreateVpc`), its error code, message and HTTP status."""
    if code == "InvalidChangeBatch" and (batch := records.change_batch_class(message)):
        return batch
    if code == "404" and operation.startswith("Head"):
        # What has no body has no code; anywhere else AWS says what isn't there.
        return ErrorClass.NOT_VISIBLE
    found = _sentence(Said(operation, code, message))
    return found.means if found else class_of_code(code, status)


def remedy_of(error_class: ErrorClass, said: Said) -> str:
    """The cause and the next step, in sentences; empty where its class alone says it all."""
    found = _sentence(said)
    told = found.told(said) if found and found.means is error_class else ""
    if not told and error_class is ErrorClass.DENIED:
        told = cause_of_refusal(said) if said.code in KNOWN_REFUSALS or said.code.isdigit() else UNKNOWN_REFUSAL
    if not told and error_class is ErrorClass.QUOTA:
        told = quota_step(said)
    if said.encoded:
        told = f"{told or permission_for(said.operation)} {decoding(said.encoded)}"
    return told


def split_encoded(message: str) -> tuple[str, str]:
    """A message of EC2 without the encoded reason, of which nobody who reads it learns anything, and that reason;
    empty where there is none."""
    found = _ENCODED.search(message)
    if found is None:
        return message, ""
    return f"{message[: found.start(1)]}(below){message[found.end(1) :]}", found[1]


def _sentence(said: Said) -> Sentence | None:
    return next((each for each in SENTENCES if each.fits(said)), None)


_ENCODED: Final = re.compile(r"Encoded authorization failure message: ([A-Za-z0-9_-]+)(?![^\s.,)])")
