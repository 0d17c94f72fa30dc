"""Runs in ocpprov.pyz before anything of ocpprov, in whatever Python: one that is too old ends in a sentence. What the
archive holds has been unpacked by then."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "ocpprov needs Python 3.11 or later, and this is {}.{}; try: python3.11 ocpprov.pyz".format(
            *sys.version_info[:2]
        )
    )
