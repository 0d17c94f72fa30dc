"""Filters of EC2's describe calls: only those that an operation's documentation lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.request_checks.shapes import Operation

_MOST_VALUES: Final = 200
_LONGEST: Final = 255


def refusal_of_filters(request: Request, operation: Operation, values: Mapping[str, Any]) -> Answer | None:
    """EC2's refusal of a filter that it doesn't know for this operation (its sentence: github.com/aws/aws-cli,
    issue 7225), or of more and longer values than it takes (FilterLimitExceeded of its error codes; the sentence on
    lengths: github.com/ansible-collections/amazon.aws, issue 2393). None where an operation's filters aren't listed.
    """
    documented = operation.input.filters if request.service == "ec2" else None
    if documented is None:
        return None
    for each in values.get("Filters") or values.get("Filter") or ():
        name, texts = each.get("Name", ""), each.get("Values", ())
        if name not in documented and not (name.startswith("tag:") and "tag:" in documented):
            return error(request, "InvalidParameterValue", f"The filter '{name}' is invalid")
        if len(texts) > _MOST_VALUES:
            message = f"The maximum length for filter value list is {_MOST_VALUES}"
            return error(request, "FilterLimitExceeded", message)
        if any(len(text) > _LONGEST for text in texts):
            message = f"The maximum length for a filter value is {_LONGEST} characters"
            return error(request, "FilterLimitExceeded", message)
    return None
