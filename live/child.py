"""`python -m live.child VERB …`: ocpprov, for as long as whoever started it lives. Its stdin is a pipe of theirs; when
that ends, for whatever reason, the command is interrupted as Ctrl-C would."""

from __future__ import annotations

import os
import signal
import sys
import threading

from ocpprov.cli import main


def _follow() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_follow, daemon=True).start()
    sys.argv[0] = "ocpprov"
    main()
