"""`make models`: botocore's descriptions of services, cut to what ocpprov asks for, into `ocpprov/aws/cut_models`.

Reading the whole ones is a fifth of the CPU time of a plan and a third of its memory: EC2 alone has 830 operations.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import botocore
from botocore import xform_name
from botocore.loaders import Loader

from ocpprov.aws.service_models import CUT, CUT_FROM
from ocpprov.aws.services import SERVICES

Model = Mapping[str, Any]

ROOT: Final = Path(__file__).resolve().parents[1]
_SORT: Final = "service-2"
_ENDPOINTS: Final = "endpoints"
_PREFIXES: Final = frozenset(
    {
        "ec2",
        "elasticloadbalancing",
        "iam",
        "oidc",
        "portal.sso",
        "route53",
        "s3",
        "servicequotas",
        "signin",
        "sso",
        "sts",
        "tagging",
    }
)
"""Under which endpoints.json has the services, and those through which somebody signs in."""
_OF_BOTOCORE: Final = frozenset({"assume_role", "assume_role_with_web_identity", "create_session", "head_bucket"})
"""What botocore itself calls of these services: its providers of credentials, and for S3's regions and directory
buckets."""

_CHANGED: Final = "cut to the operations and endpoints that ocpprov uses, and without documentation; see NOTICE"
"""botocore's licence wants it said with what was changed."""


def main() -> None:
    """Write them anew."""
    shutil.rmtree(CUT, ignore_errors=True)
    for path, content in cut_models(Loader(include_default_search_paths=True), words_of(ROOT / "ocpprov")).items():
        file = CUT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def words_of(folder: Path) -> frozenset[str]:
    """All words of the program, and what botocore calls: whatever of its methods' names is among them may be called."""
    files = (file.read_text() for file in folder.rglob("*.py"))
    return _OF_BOTOCORE.union(*(re.findall(r"[a-z0-9_]+", text) for text in files))


def cut_models(whole: Loader, words: frozenset[str]) -> dict[str, str]:
    """The files, by their paths in the folder."""
    origin = {"botocore": botocore.__version__, "license": "Apache-2.0", "changed": _CHANGED}
    found = {CUT_FROM: json.dumps(origin) + "\n"}
    for service in SERVICES:
        version = whole.determine_latest_version(service, _SORT)
        model = cut(whole.load_service_model(service, _SORT, version), words)
        found[f"{service}/{version}/{_SORT}.json"] = _in_lines(model)
    found[f"{_ENDPOINTS}.json"] = _in_lines(cut_endpoints(whole.load_data(_ENDPOINTS)))
    return found


def cut(model: Model, words: frozenset[str]) -> dict[str, Any]:
    """A description with the operations whose methods are among the words, and what these refer to."""
    operations = {name: each for name, each in model["operations"].items() if xform_name(name) in words}
    ends = [end["shape"] for each in operations.values() for end in _ends(each)]
    shapes = _reached(model["shapes"], ends)
    kept = {"operations": operations, "shapes": {name: model["shapes"][name] for name in sorted(shapes)}}
    undocumented = {part: without_documentation(each) for part, each in kept.items()}
    return {**{part: each for part, each in model.items() if part != "documentation"}, **undocumented}


def _ends(operation: Model) -> Iterator[Model]:
    yield from (operation[end] for end in ("input", "output") if end in operation)
    yield from operation.get("errors", ())


def _reached(shapes: Model, ends: Sequence[str]) -> set[str]:
    reached: set[str] = set()
    rest = list(ends)
    while rest:
        name = rest.pop()
        if name not in reached:
            reached.add(name)
            rest += [each["shape"] for each in _referred(shapes[name])]
    return reached


def _referred(shape: Model) -> Iterator[Model]:
    yield from shape.get("members", {}).values()
    yield from (shape[part] for part in ("member", "key", "value") if part in shape)


def without_documentation(value: Any) -> Any:
    """The same without what is for readers only. A member may be called so, too: that is no text."""
    if isinstance(value, Mapping):
        kept = {name: each for name, each in value.items() if name != "documentation" or not isinstance(each, str)}
        return {name: without_documentation(each) for name, each in kept.items()}
    return [without_documentation(each) for each in value] if isinstance(value, list) else value


def cut_endpoints(whole: Model) -> dict[str, Any]:
    """botocore's table of endpoints, with all partitions and regions and the services that are asked."""
    return {**whole, "partitions": [_cut_partition(each) for each in whole["partitions"]]}


def _cut_partition(partition: Model) -> dict[str, Any]:
    kept = {name: each for name, each in partition["services"].items() if name in _PREFIXES}
    return {**partition, "services": kept}


def _in_lines(content: Model) -> str:
    """JSON with a line for each operation, shape and so on, so that a change can be read."""

    def short(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    def part(value: Any) -> str:
        if not isinstance(value, Mapping) or not value:
            return short(value)
        return "{\n" + ",\n".join(f"{short(name)}:{short(each)}" for name, each in value.items()) + "\n}"

    return "{\n" + ",\n".join(f"{short(name)}:{part(value)}" for name, value in content.items()) + "\n}\n"


if __name__ == "__main__":
    main()
