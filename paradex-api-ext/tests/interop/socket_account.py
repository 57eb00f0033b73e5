"""An account of paradex-py's WebSocket client, and everything that its channels send."""

import asyncio
import logging
from decimal import Decimal

from paradex_py import Paradex
from paradex_py.api import sbe
from paradex_py.api.ws_client import ParadexWebsocketChannel as Channel
from paradex_py.api.ws_client import WsRpcError
from paradex_py.common.order import Order, OrderSide, OrderType

from socket_events import FORMS, PRIVATE, check_equal, check_form, failed
from support import MARKET, all_results

ETHEREUM = "0x" + "0" * 39 + "1"
# It logs each connection that is broken on purpose. What it cannot decode is noted in `failed`.
logging.getLogger("paradex_py").setLevel(logging.CRITICAL)

#: How long to wait for an event, in seconds. It takes milliseconds.
PATIENCE = 20


def account(exchange, number, sbe_enabled=False, disable_reconnect=True):
    return Paradex(
        env="testnet",
        api_base_url=exchange["base_url"] + "/v1",
        ws_url_override=exchange["stream_url"],
        ws_sbe_enabled=sbe_enabled,
        ws_reader_sleep_on_no_connection=0.01,
        validate_ws_messages=not sbe_enabled,
        disable_reconnect=disable_reconnect,
        l1_address=ETHEREUM,
        l2_private_key=exchange["accounts"][number]["private_key"],
    )


def new_order(size="0.1", price="29500", side=OrderSide.Buy, kind=OrderType.Limit, **named):
    return Order(MARKET, kind, side, Decimal(size), Decimal(price), **named)


async def refused(call, code, *texts):
    """Fails unless the exchange refuses a request with this code."""
    try:
        result = await call
    except WsRpcError as error:
        assert error.code == code, (error.code, error.data)
        missing = [text for text in texts if text not in str(error.data)]
        assert not missing, f"{missing} not in {error.data}"
    else:
        raise AssertionError(f"it was accepted: {result!r}")


async def until(condition, what):
    """Waits until a condition is met, and returns what it returned."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := condition()):
                await asyncio.sleep(0.005)
            return found
    except TimeoutError:
        raise AssertionError(f"it did not happen: {what}") from None


class Watcher:
    """An account on one connection, with everything that its channels have sent."""

    def __init__(self, exchange, sbe_enabled, version, binary):
        sbe.NEGOTIATED_SCHEMA_VERSION = version
        self.paradex = account(exchange, 0, sbe_enabled)
        self.api, self.client = self.paradex.api_client, self.paradex.ws_client
        self.version, self.binary = version, binary
        self.events = {channel: [] for channel in PRIVATE}
        self.earlier_fills = {fill["id"] for fill in all_results(self.api.fetch_fills)}

    async def keep(self, channel, message):
        event = message["params"]["data"]
        self.events[channel].append(event)
        try:
            check_form(channel, event, self.binary)
        except Exception as error:  # paradex-py would only log it
            failed.append(error)

    async def start(self):
        """Signs in, and subscribes to every channel of accounts."""
        assert await self.client.connect(), "it does not connect"
        for channel in PRIVATE:
            await self.client.subscribe(channel, self.keep, {"market": "ALL"})
        names = [channel.value.format(market="ALL") for channel in PRIVATE]
        acknowledged = self.client.get_subscriptions
        await until(lambda: all(acknowledged().get(name) for name in names), "every channel is acknowledged")

    def orders(self, order_id):
        key = "order_id" if self.binary else "id"
        return [event for event in self.events[Channel.ORDERS] if event[key] == order_id]

    async def order(self, order_id, status, remaining=None):
        """Waits until the last event of an order has this state, and compares it with REST."""

        def found():
            last = self.orders(order_id)[-1:]
            size = last and last[0]["size_open" if self.binary else "remaining_size"]
            if last and last[0]["status"] == status and remaining in (None, Decimal(size)):
                return last[0]

        event = await until(found, f"order {order_id} is {status}")
        check_equal(Channel.ORDERS, event, self.api.fetch_order(order_id), self.version)
        return event

    async def compare(self):
        """Compares all that the channels have said with REST. Nothing happens meanwhile."""
        # Its response comes after all events until now.
        await self.client.cancel_all_orders("ETH-USD-PERP")
        orders = {event["order_id" if self.binary else "id"] for event in self.events[Channel.ORDERS]}
        for order_id in orders:
            last = self.orders(order_id)[-1]
            check_equal(Channel.ORDERS, last, self.api.fetch_order(order_id), self.version)
            closed = [event["status"] == "CLOSED" for event in self.orders(order_id)]
            assert closed == sorted(closed), "a closed order was opened again"
        fills = {fill["id"]: fill for fill in all_results(self.api.fetch_fills)}
        fills = {number: fill for number, fill in fills.items() if number not in self.earlier_fills}
        ids = [event["fill_id" if self.binary else "id"] for event in self.events[Channel.FILLS]]
        assert sorted(ids) == sorted(fills), "a fill is missing, or came twice"
        for number, event in zip(ids, self.events[Channel.FILLS]):
            check_equal(Channel.FILLS, event, fills[number], self.version)
        positions = {position["market"]: position for position in self.api.fetch_positions()["results"]}
        check_equal(Channel.POSITIONS, self.events[Channel.POSITIONS][-1], positions[MARKET], self.version)
        summary = self.api._get_authorized(path="account")
        check_equal(Channel.ACCOUNT, self.events[Channel.ACCOUNT][-1], summary, self.version)
        self.check_balances(fills)
        for channel in PRIVATE:
            numbers = [event["seq_no"] for event in self.events[channel] if event.get("seq_no")]
            if channel in (Channel.ORDERS, Channel.POSITIONS, Channel.ACCOUNT):
                assert numbers == sorted(set(numbers)), f"{channel} has numbers that do not grow"
        assert not failed, failed

    def check_balances(self, fills):
        """Each fill has a balance event, and each begins with the balance that the one before has left."""
        events = self.events[Channel.BALANCE_EVENTS]
        assert sorted(event["fill_id"] for event in events) == sorted(fills)
        for event in events:
            fill = fills[event["fill_id"]]
            assert (event["fees"], event["realized_pnl"]) == (fill["fee"], fill["realized_pnl"]), event
        amounts = [
            (event["settlement_asset_balance_before"], event["settlement_asset_balance_after"]) for event in events
        ]
        for (_, after), (before, _) in zip(amounts, amounts[1:]):
            assert Decimal(after) == Decimal(before), amounts
        if amounts:
            [balance] = self.api.fetch_balances()["results"]
            assert Decimal(balance["size"]) == Decimal(amounts[-1][1])
