"""botocore's descriptions of services, without a search through those that nobody asks for."""

from __future__ import annotations

import os

import botocore.session
from botocore.loaders import Loader


class ServiceModels(Loader):
    """botocore's loader, which takes each folder's name for a service.

    Its own opens the folders of all its four hundred services, for each sort of description and in each thread that
    asks meanwhile: eight times in a plan, a tenth of its CPU time. What a service doesn't have is found out all the
    same, when it is asked for.
    """

    @classmethod
    def of(cls, session: botocore.session.Session) -> ServiceModels:
        """With the folders that the session has, those of AWS_DATA_PATH among them."""
        found: Loader = session.get_component("data_loader")
        return cls(extra_search_paths=list(found.search_paths), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:
        """The services of which there may be something, whatever `type_name` is."""
        folders = filter(os.path.isdir, self.search_paths)
        return sorted({entry.name for folder in folders for entry in os.scandir(folder) if entry.is_dir()})
