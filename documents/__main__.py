"""`python -m documents`: makes docs/reference/ from the code. With `--site FOLDER`, the documents as HTML there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from documents import (
    commands,
    flows,
    install_config_keys,
    json_documents,
    outputs,
    plan_keys,
    plan_messages,
    readiness,
    site,
    tags,
)

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "reference"
_MADE: Final = "<!-- Made by `make docs` from the code: change it there. -->\n\n"


def pages() -> Mapping[str, str]:
    """The generated pages, by the name of their file."""
    made = {
        "plan-keys.md": plan_keys.page(),
        "install-config-keys.md": install_config_keys.page(),
        "plan-messages.md": plan_messages.page(),
        "commands.md": commands.page(),
        "outputs.md": outputs.page(),
        "json.md": json_documents.page(),
        "tags.md": tags.page(),
        "readiness.md": readiness.page(),
        "flows.md": flows.page(),
    }
    return {name: f"{_MADE}{text.rstrip()}\n" for name, text in made.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when they are made, 1 when a link leads nowhere."""
    parser = argparse.ArgumentParser(prog="python -m documents", description=__doc__)
    parser.add_argument("--site", type=Path, help="where the HTML goes")
    options = parser.parse_args(arguments)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    try:
        if options.site:
            site.build(options.site)
    except site.Broken as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
