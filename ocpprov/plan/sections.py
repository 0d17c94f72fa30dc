"""The plan's small sections: from checked values to the model, with what no table can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.plan.model import AwsSettings, ServiceEndpoint
from ocpprov.plan.problems import Problem

_USER_TAGS: Final = 25


def user_tag_problems(tags: Mapping[str, Any]) -> Iterator[Problem]:
    """install-config's rules for user tags, and ours: nobody else's prefix."""
    if len(tags) > _USER_TAGS:
        yield Problem("userTags", f"{len(tags)} tags are too many", f"at most {_USER_TAGS}")
    for key, value in tags.items():
        path = f"userTags.{key}"
        if key == "Name" or key.startswith(("aws:", "ocpprov:")) or "kubernetes.io" in key or "openshift.io" in key:
            hint = "Name, aws:, ocpprov:, kubernetes.io and openshift.io are taken"
            yield Problem(path, f"{key} can't be a user tag", hint)
        if not 1 <= len(key) <= 128 or (isinstance(value, str) and not 1 <= len(value) <= 256):
            yield Problem(path, "a tag's key has 1 to 128 characters, its value 1 to 256")


def aws_settings(values: Mapping[str, Any]) -> AwsSettings:
    """The `aws` section."""
    endpoints = [
        ServiceEndpoint(item["name"], item["url"])
        for item in values.get("serviceEndpoints") or ()
        if isinstance(item, Mapping) and item.get("name") and item.get("url")
    ]
    return AwsSettings(
        endpoints, values.get("proxy") or "", values.get("caBundle") or "", values.get("assumeRole") or ""
    )
