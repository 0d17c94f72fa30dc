"""What a shell makes of the commands that messages offer."""

from __future__ import annotations

import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.suggestion import command_line


@given(st.lists(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_a_shell_reads_the_words_that_were_meant(words: list[str]) -> None:
    line = command_line("printf", "%s\\0", *words)
    heard = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout
    assert heard.split("\0")[:-1] == words
