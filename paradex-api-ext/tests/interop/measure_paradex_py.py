"""How many quotes and events of orders a second paradex-py decodes and delivers with SBE: printed figures, and no check.

`run` does not start it. Without an argument it measures events of orders, which it decodes and delivers without a connection.

For quotes it takes the address of a server that sends them as fast as they are read, with the frames that the benchmark `stream`
measures the client of this crate with:

    cargo bench -p paradex-benches --bench stream -- serve
    target/interop/bin/python paradex-api-ext/tests/interop/measure_paradex_py.py ws://127.0.0.1:PORT/v1

It takes the address of `paradex simulate` as well, which sends only as much as its markets move.
"""

import asyncio
import logging
import sys
import time

from paradex_py.api.sbe import codec
from paradex_py.api.ws_client import ParadexWebsocketClient

#: How long it counts, in seconds.
SECONDS = 5


def order():
    """A frame with an order that has been filled in part."""
    now, null, price, size = 1_767_225_600_123_456, codec.INT64_MIN, 2_950_012_000_000, 5_000_000
    block = codec._ORDEREVENT_STRUCT.pack(
        *(now, 1, 3, 1, 1, 3, price, null, size, size // 2, price, now, now, bytes([7] * 32), now, now, 1, 0)
    )
    block += codec._ORDEREVENT_STRUCT_V2.pack(0, 0)
    texts = ["1681462103821101699438490000", "x1234", "BTC-USD-PERP", "", "", ""]
    texts = b"".join(bytes([len(text)]) + text.encode() for text in texts)
    return codec._HEADER.pack(len(block), 20, 1, 2) + block + texts


async def measure_orders():
    count, frame = 0, order()

    async def callback(channel, message):
        nonlocal count
        assert message["params"]["data"]["size_open"] == "0.02500000"
        count += 1

    client = ParadexWebsocketClient(env="testnet", auto_start_reader=False, sbe_enabled=True)
    client.callbacks["orders.ALL"] = callback
    end, cpu = time.monotonic() + SECONDS, time.process_time()
    while time.monotonic() < end:
        await client._process_binary_message(frame)
    cpu = time.process_time() - cpu
    print(f"{count / cpu:.0f} events of orders a second of processor time; {1e6 * cpu / count:.1f} us for each")


async def measure_quotes(url):
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


asyncio.run(measure_quotes(*sys.argv[1:]) if sys.argv[1:] else measure_orders())
