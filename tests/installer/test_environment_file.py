"""Outputs for a shell: what it has after it has read the file is what the output was."""

from __future__ import annotations

import subprocess
from typing import Final

import pytest

from ocpprov.installer.environment_file import EnvironmentFile, environment_file

ODD: Final = {
    "Plain": "vpc-1",
    "Empty": "",
    "Quoted": 'it\'s "so"',
    "Command": "$(touch ran) `touch ran` $HOME ${HOME}",
    "Parts": "a; b && c | d > e # f",
    "Pattern": "* ? [a-z] ~ !x \\n \\",
    "Records": "api.prod.example.com CNAME x; *.apps CNAME y",
    "Json": '[{"name": "ec2", "url": "https://ec2.corp"}]',
    "Tab": "a\tb",
}


def test_a_line_for_each() -> None:
    assert environment_file({"VpcId": "vpc-1", "NoProxy": "a b"}) == EnvironmentFile(
        ["export OCPPROV_VPC_ID=vpc-1", "export OCPPROV_NO_PROXY='a b'"], []
    )


def test_what_does_not_stand_on_a_line_is_left_out_and_named() -> None:
    odd = {"VpcId": "vpc-1", "VPCId": "vpc-2", "Two": "a\nb", "Bell": "\x07", "Turned": "\u202eabc"}
    seen = "it has more than one line, or characters that can't be seen"
    assert environment_file(odd) == EnvironmentFile(
        ["export OCPPROV_VPC_ID=vpc-1"],
        ["VPCId: OCPPROV_VPC_ID is VpcId", f"Two: {seen}", f"Bell: {seen}", f"Turned: {seen}"],
    )


@pytest.mark.parametrize("options", [[], ["-e", "-u"]], ids=["as it is", "strict"])
def test_a_shell_sources_it(options: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("shell")
    written = environment_file(ODD)
    (folder / "outputs.sh").write_text("\n".join(written.lines) + "\n")
    shown = "".join(f"printf '%s\\0' \"$OCPPROV_{name.upper()}\"\n" for name in ODD)
    found = subprocess.run(
        ["/bin/sh", *options, "-c", f". ./outputs.sh\n{shown}"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert (found.stdout.split("\0")[:-1], found.stderr) == ([*ODD.values()], "")
    assert [each.name for each in folder.iterdir()] == ["outputs.sh"]
