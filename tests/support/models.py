"""botocore's descriptions of AWS, read from disk once in a process and not for each session."""

from __future__ import annotations

from collections.abc import Callable

from botocore.loaders import Loader, create_loader


def one_loader() -> Callable[..., Loader]:
    """In place of `botocore.session.create_loader`: the same loader for all, but for who has a path of their own."""
    usual = create_loader()

    def create(search_path_string: str | None = None) -> Loader:
        return create_loader(search_path_string) if search_path_string else usual

    return create
