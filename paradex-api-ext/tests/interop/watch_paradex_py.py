"""paradex-py's WebSocket client: every public channel with SBE, in each schema version that it reads."""

import asyncio
import logging

from paradex_py.api import sbe
from paradex_py.api.ws_client import ParadexWebsocketClient

from support import EXCHANGE, MARKET, step

#: More than one connection, because two channels of one kind and market cannot share one.
CONNECTIONS = [
    [
        "trades.ALL",
        "bbo.ALL",
        f"order_book.{MARKET}.deltas",
        "order_book.ETH-USD-PERP.interactive_deltas",
        "markets_summary.ALL",
        "funding_data.ALL",
        "funding_rate_comparison.ALL@500ms",
    ],
    [
        f"bbo.{MARKET}.interactive",
        f"trades.{MARKET}",
        f"order_book.{MARKET}.snapshot@15@100ms",
        "order_book.ETH-USD-PERP.interactive@15@200ms",
        f"markets_summary.{MARKET}",
        f"funding_data.{MARKET}",
    ],
]

#: What a channel's frames are decoded to.
MODELS = {
    "trades": "TradeEventData",
    "bbo": "BboEventData",
    "order_book": "BookEventData",
    "markets_summary": "MarketSummaryEventData",
    "funding_data": "FundingDataEventData",
    "funding_rate_comparison": "FundingRateComparisonEventData",
}

decode = sbe.decode_frame
decoded = []
failed = []


def recorded(data):
    """Decodes a frame as paradex-py does, and keeps what it would only log."""
    try:
        channel, model = decode(data)
    except Exception as error:
        failed.append((error, data.hex()))
        raise
    if model is not None:
        decoded.append(model)
    return channel, model


sbe.decode_frame = recorded


async def watch(channels):
    """Waits until each channel has sent something, and returns what each sent."""
    received = {channel: [] for channel in channels}
    client = ParadexWebsocketClient(
        env="testnet",
        ws_url_override=EXCHANGE["stream_url"],
        sbe_enabled=True,
        disable_reconnect=True,
        logger=logging.getLogger("paradex_py"),
    )
    assert await client.connect(), "it does not connect"

    def keep(channel):
        async def callback(_, message):
            received[channel].append(message["params"]["data"])

        return callback

    for channel in channels:
        await client.subscribe_by_name(channel, keep(channel))
    try:
        async with asyncio.timeout(60):
            while not all(received.values()):
                await asyncio.sleep(0.05)
    except TimeoutError:
        silent = [channel for channel, data in received.items() if not data]
        raise AssertionError(f"nothing came from {silent}") from None
    acknowledged = client.get_subscriptions()
    assert all(acknowledged.get(channel) for channel in channels), acknowledged
    await client.close()
    return received


def check_book(messages):
    """The deltas of a book follow its snapshot without a gap."""
    first = messages[0]
    assert first["pkg_type"] == "SNAPSHOT" and first["bids"] and first["asks"], first
    numbers = [message["seq_no"] for message in messages]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), numbers


async def watch_all(version):
    sbe.NEGOTIATED_SCHEMA_VERSION = version
    decoded.clear()
    for channels in CONNECTIONS:
        received = await watch(channels)
        for channel, messages in received.items():
            if channel.endswith("deltas"):
                check_book(messages)
    assert not failed, failed
    assert {type(model).__name__ for model in decoded} == set(MODELS.values())
    for trade in (model for model in decoded if type(model).__name__ == "TradeEventData"):
        whole = trade.trade_id_str
        assert (whole is None) == (version < 2) and (whole is None or len(whole) == 28), trade


for version in (1, 2):
    with step(f"every public channel in schema version {version}"):
        asyncio.run(watch_all(version))
