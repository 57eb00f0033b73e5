"""How many quotes a second paradex-py decodes and delivers with SBE: a printed figure, and no check.

`run` does not start it. It takes the address of a server that sends quotes as fast as they are read, with the frames that
the benchmark `stream` measures the client of this crate with:

    cargo bench -p paradex-benches --bench stream -- serve
    target/interop/bin/python paradex-api-ext/tests/interop/measure_paradex_py.py ws://127.0.0.1:PORT/v1

It takes the address of `paradex simulate` as well, which sends only as much as its markets move.
"""

import asyncio
import logging
import sys
import time

from paradex_py.api.ws_client import ParadexWebsocketClient

#: How long it counts, in seconds.
SECONDS = 5


async def measure(url):
    count = 0

    async def callback(channel, message):
        nonlocal count
        count += 1

    client = ParadexWebsocketClient(
        env="testnet",
        ws_url_override=url,
        sbe_enabled=True,
        disable_reconnect=True,
        logger=logging.getLogger("paradex_py"),
    )
    assert await client.connect(), "it does not connect"
    await client.subscribe_by_name("bbo.BTC-USD-PERP", callback)
    while not count:
        await asyncio.sleep(0.01)
    first, wall, cpu = count, time.monotonic(), time.process_time()
    await asyncio.sleep(SECONDS)
    taken, wall, cpu = count - first, time.monotonic() - wall, time.process_time() - cpu
    print(f"{taken} quotes in {wall:.1f} s with {cpu:.2f} s of processor time")
    print(f"{taken / wall:.0f} quotes/s; {1e6 * cpu / taken:.1f} us of processor time for each")
    await client.close()


asyncio.run(measure(sys.argv[1]))
