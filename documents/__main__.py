"""`python -m documents`: makes docs/reference/ from the code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from documents import commands, json_documents, outputs, plan_keys, tags

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "reference"
_MADE: Final = "<!-- Made by `make docs` from the code: change it there. -->\n\n"


def pages() -> Mapping[str, str]:
    """The generated pages, by the name of their file."""
    made = {
        "plan-keys.md": plan_keys.page(),
        "commands.md": commands.page(),
        "outputs.md": outputs.page(),
        "json.md": json_documents.page(),
        "tags.md": tags.page(),
    }
    return {name: f"{_MADE}{text.rstrip()}\n" for name, text in made.items()}


def main() -> int:
    """Write them; 0."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
