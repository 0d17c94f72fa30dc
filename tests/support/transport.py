"""In place of the network: botocore's requests as the sandbox takes them, and its answers as botocore does."""

from __future__ import annotations

from ocpprov.aws.in_process import answer_in_this_process, arrived, returned

__all__ = ["answer_in_this_process", "arrived", "returned"]
