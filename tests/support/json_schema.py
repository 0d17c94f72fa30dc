"""JSON Schema's own judge."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from typing import Any

import pytest


@cache
def draft_2020_12() -> Any:
    """jsonschema's class of that draft, loaded without the grammar of addresses.

    Where it is installed, as it is with moto, it takes seconds to load. It judges some values of `format` only, and
    those only if a format checker is given.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rfc3987_syntax", None)
        return importlib.import_module("jsonschema").Draft202012Validator
