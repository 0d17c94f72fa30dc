"""botocore's descriptions of services: those cut to what is asked for, and without a search through all others."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import botocore
import botocore.session
from botocore.loaders import Loader

CUT: Final = Path(__file__).parent / "cut_models"
"""Descriptions of one version of botocore with the operations that ocpprov calls, by `make models`: botocore's own take
a fifth of the CPU time of a plan, and fifty megabytes."""
CUT_FROM: Final = "cut_from.json"
"""In that folder: which version it was."""


class ServiceModels(Loader):
    """botocore's loader, which takes each folder's name for a service.

    Its own opens the folders of all its four hundred services, for each sort of description and in each thread that
    asks meanwhile: eight times in a plan, a tenth of its CPU time. What a service doesn't have is found out all the
    same, when it is asked for.
    """

    _services: list[str] | None = None

    @classmethod
    def of(cls, session: botocore.session.Session) -> ServiceModels:
        """With the folders that the session has, those of AWS_DATA_PATH among them, and before botocore's own the
        descriptions that were cut from it."""
        found: Loader = session.get_component("data_loader")
        return cls(extra_search_paths=with_cut(found.search_paths), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:
        """The services of which there may be something, whatever `type_name` is."""
        if self._services is None:
            folders = filter(os.path.isdir, self.search_paths)
            self._services = sorted(
                {entry.name for folder in folders for entry in os.scandir(folder) if entry.is_dir()}
            )
        return self._services

    def is_builtin_path(self, path: str) -> bool:
        """Whether it is botocore's, cut or whole: botocore takes other rules for addresses where somebody else's table
        of endpoints is in place."""
        return path.startswith(str(CUT)) or super().is_builtin_path(path)


def with_cut(search_paths: Sequence[str], cut: Path = CUT) -> list[str]:
    """The paths with the folder of what was cut before botocore's own, where that is the version that it was cut from:
    in another one they may differ."""
    own = Loader.BUILTIN_DATA_PATH
    if own not in search_paths or _cut_from(cut) != botocore.__version__:
        return list(search_paths)
    place = list(search_paths).index(own)
    return [*search_paths[:place], str(cut), *search_paths[place:]]


def _cut_from(cut: Path) -> str:
    try:
        return str(json.loads((cut / CUT_FROM).read_text())["botocore"])
    except (OSError, ValueError, LookupError):
        return ""
