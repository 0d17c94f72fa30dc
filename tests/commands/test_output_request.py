"""Options of `outputs` that go together, and those that don't."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.output_request import OUTPUT_FORMATS, OutputRequest, output_request


def asked(as_json: bool = False, **options: Any) -> OutputRequest:
    return output_request(as_json=as_json, **options)


def test_a_table_unless_something_else_is_said() -> None:
    assert asked() == OutputRequest("table", None, 0, 0, "")
    assert asked(as_json=True) == asked(format="json") == asked(as_json=True, format="json") == OutputRequest("json")
    assert asked(format="env") == OutputRequest("env")


@pytest.mark.parametrize("format", [each for each in OUTPUT_FORMATS if each != "json"])
def test_json_is_a_format_itself(format: str) -> None:
    template = "06" if format == "cfn-parameters" else None
    with pytest.raises(Refused, match=f"--json and --format {format} are two formats; give one of them"):
        asked(as_json=True, format=format, template=template)


@pytest.mark.parametrize(
    "options", [{"template": "04"}, {"format": "cfn-parameters"}, {"format": "env", "template": "05"}]
)
def test_parameters_are_those_of_a_template(options: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"belong together; give --format cfn-parameters --for 04\|05\|06"):
        asked(**options)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("90m", 5400), ("1h", 3600), ("12h", 43200), ("7d", 604800), ("604800s", 604800)]
)
def test_how_long_a_url_is_good(text: str, seconds: int) -> None:
    assert asked(presign=text).presign == seconds


@pytest.mark.parametrize("text", ["1", "h", "0h", "1.5h", "-1h", "1h30m", "1 h", "1H", "one hour", "1w", "१h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(Refused, match="is no duration; write a number and s, m, h or d: 1h"):
        asked(presign=text)


@pytest.mark.parametrize("text", ["8d", "169h", "604801s", "999999999d"])
def test_longer_than_s3_takes(text: str) -> None:
    with pytest.raises(Refused, match=f"--presign {text} is longer than S3 lets a URL be good; 7d is the most"):
        asked(presign=text)


@pytest.mark.parametrize(
    ("format", "template", "signs"),
    [
        ("table", None, True),
        ("json", None, True),
        ("ignition-pointer", None, True),
        ("cfn-parameters", "04", True),
        ("cfn-parameters", "05", False),
        ("cfn-parameters", "06", False),
        ("env", None, False),
        ("tfvars", None, False),
        ("install-config", None, False),
        ("machine-sets", None, False),
    ],
)
def test_what_has_the_url_in_it(format: Any, template: Any, signs: bool) -> None:
    if signs:
        assert asked(format=format, template=template, presign="1h") == OutputRequest(format, template, 3600)
    else:
        with pytest.raises(Refused, match=f"--presign has nothing to do with {format}"):
            asked(format=format, template=template, presign="1h")


@pytest.mark.parametrize("options", [{"replicas": 0}, {"replicas": 2}, {"image": "ami-0123456789abcdef0"}])
def test_machine_sets_alone_have_machines_and_images(options: dict[str, Any]) -> None:
    found = asked(format="machine-sets", **options)
    assert (found.replicas, found.image) == (options.get("replicas", 0), options.get("image", ""))
    with pytest.raises(Refused, match=r"--replicas is about machine sets|--ami is about machines"):
        asked(format="tfvars", **options)


def test_an_image_is_for_parameters_too_and_replicas_are_not() -> None:
    image = "ami-0123456789abcdef0"
    assert asked(format="cfn-parameters", template="05", image=image).image == image
    with pytest.raises(Refused, match="--replicas is about machine sets; give --format machine-sets with it"):
        asked(format="cfn-parameters", template="05", replicas=1)


@pytest.mark.parametrize("image", ["ami-xyz", "ami-", "AMI-0123456789abcdef0", "rhcos", "ami-0123456789abcdef01"])
def test_what_is_no_image(image: str) -> None:
    with pytest.raises(Refused, match="is no image's id"):
        asked(format="machine-sets", image=image)
