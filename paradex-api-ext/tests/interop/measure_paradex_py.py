"""How many messages a second paradex-py decodes and delivers with SBE: a printed figure, and no check.

`run` does not start it. Start `paradex simulate --speed 1000 --json >exchange.json` and pass that file:

    target/interop/bin/python paradex-api-ext/tests/interop/measure_paradex_py.py exchange.json
"""

import asyncio
import json
import logging
import sys
import time

from paradex_py.api.ws_client import ParadexWebsocketClient

#: How long it counts, in seconds.
SECONDS = 10
CHANNELS = ["bbo.ALL", "trades.ALL", "order_book.BTC-USD-PERP.deltas", "order_book.ETH-USD-PERP.deltas"]


async def measure(url):
    counts = dict.fromkeys(CHANNELS, 0)
    client = ParadexWebsocketClient(
        env="testnet",
        ws_url_override=url,
        sbe_enabled=True,
        disable_reconnect=True,
        logger=logging.getLogger("paradex_py"),
    )
    assert await client.connect(), "it does not connect"

    def counter(channel):
        async def callback(_, message):
            counts[channel] += 1

        return callback

    for channel in CHANNELS:
        await client.subscribe_by_name(channel, counter(channel))
    await asyncio.sleep(1)
    counts.update(dict.fromkeys(CHANNELS, 0))
    wall, cpu = time.monotonic(), time.process_time()
    await asyncio.sleep(SECONDS)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    total = sum(counts.values())
    await client.close()
    print(f"{counts}")
    print(f"{total} messages in {wall:.1f} s with {cpu:.2f} s of processor time")
    print(f"{total / wall:.0f} messages/s; {total / cpu:.0f} messages for each second of processor time")


with open(sys.argv[1], encoding="utf-8") as started:
    asyncio.run(measure(json.load(started)["stream_url"]))
