"""The command line. `main` is all of it."""

from ocpprov.cli.verbs import main

__all__ = ["main"]
