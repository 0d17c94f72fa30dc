"""`python -m tests.support.relay CERTIFICATE TARGET-PORT ADDRESS:PORT ...`: TLS for a server on 127.0.0.1.

What arrives at one of the addresses goes to the server as it is, without TLS. CERTIFICATE is a file with key and chain.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from contextlib import suppress


async def serve(certificate: str, target_port: str, *places: str) -> None:
    """Serve until the process is ended, and say on stdout when that has begun."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", int(target_port))
        ways = _carry(reader, inner_writer), _carry(inner_reader, writer)
        # Whoever hangs up first ends both ways.
        _, open_still = await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
        for way in open_still:
            way.cancel()
        for end in (writer, inner_writer):
            end.close()

    for place in places:
        address, _, port = place.rpartition(":")
        await asyncio.start_server(relay, address, int(port), ssl=context, backlog=128)
    print("serving", flush=True)  # noqa: T201
    await asyncio.Event().wait()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
