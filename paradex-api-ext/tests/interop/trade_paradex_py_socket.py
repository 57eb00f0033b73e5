"""paradex-py's WebSocket client: it trades over the socket, and watches every channel of its account in both encodings."""

import asyncio
from decimal import Decimal

from paradex_py import ParadexApiKey, ParadexSubkey
from paradex_py.api.api_client import ParadexApiClient
from paradex_py.api.ws_client import ParadexWebsocketChannel as Channel
from paradex_py.api.ws_client import ParadexWebsocketClient
from paradex_py.common.order import OrderSide, OrderType
from starknet_py.net.signer.key_pair import KeyPair

from socket_account import Watcher, account, new_order, refused, until
from socket_events import check_equal, failed
from support import FAST, MARKET, PRIVATE_JSON, SHORT_SESSIONS, STILL, all_results, step

#: Codes of errors.
INVALID_REQUEST, INVALID_PARAMETERS, INVALID_BEARER, FORBIDDEN = -32600, -32602, 40111, 40300

original = ParadexApiClient.__init__


def at_the_simulator(self, *arguments, **named):
    if named.get("api_base_url") is None:
        named["api_base_url"] = STILL["base_url"] + "/v1"
    original(self, *arguments, **named)


ParadexApiClient.__init__ = at_the_simulator


async def trade(watcher, other):
    """Places, modifies and cancels over the socket. The other account trades over REST."""
    client, api = watcher.client, watcher.api

    await until(lambda: watcher.events[Channel.ACCOUNT], "the account begins with its current state")
    summary = api._get_authorized(path="account")
    check_equal(Channel.ACCOUNT, watcher.events[Channel.ACCOUNT][-1], summary, watcher.version)

    placed = await client.submit_order(new_order(client_id="socket", stp="EXPIRE_MAKER"))
    order_id = placed["order"]["id"]
    assert placed["order"]["client_id"] == "socket" and placed["created_at"] and placed["received_at"]
    opened = await watcher.order(order_id, "OPEN")
    assert Decimal(opened["price"]) == 29500

    change = new_order("0.2", "29400", order_id=order_id)
    modified = await client.modify_order(order_id, change)
    assert Decimal(modified["order"]["size"]) == Decimal("0.2")
    changed = await watcher.order(order_id, "OPEN", Decimal("0.2"))
    assert Decimal(changed["price"]) == 29400
    check_requests(watcher, order_id, ["PENDING", "SUCCESS"])

    other.submit_order(new_order("0.05", "29400", OrderSide.Sell, instruction="IOC"))
    await watcher.order(order_id, "OPEN", Decimal("0.15"))
    for channel in (Channel.FILLS, Channel.POSITIONS, Channel.BALANCE_EVENTS):
        await until(lambda: watcher.events[channel], f"an event of {channel}")
    await watcher.compare()
    other.submit_order(new_order("0.15", "29400", OrderSide.Sell, instruction="IOC"))
    await watcher.order(order_id, "CLOSED", Decimal(0))
    await watcher.compare()

    # A market order takes, and closes the position.
    other.submit_order(new_order("0.2", "29300", client_id="rests"))
    sold = await client.submit_order(new_order("0.2", "0", OrderSide.Sell, OrderType.Market))
    await watcher.order(sold["order"]["id"], "CLOSED", Decimal(0))
    await until(lambda: watcher.events[Channel.POSITIONS][-1]["status"] == "CLOSED", "the position is closed")
    await watcher.compare()


def check_requests(watcher, order_id, wanted):
    """Each modification is shown twice. Only version 1 does not show it."""
    infos = [event.get("request_info") for event in watcher.orders(order_id)]
    infos = [info for info in infos if info]
    if watcher.binary and watcher.version < 2:
        assert not infos, infos
        return
    assert [info["status"] for info in infos] == wanted, infos
    assert len({info["id"] for info in infos}) == 1 and infos[0]["request_type"] == "MODIFY_ORDER", infos


async def place_every_type(watcher):
    """Orders of every type, and with every instruction and mode."""
    orders = []
    for kind in OrderType:
        has_trigger = kind not in (OrderType.Market, OrderType.Limit)
        price, trigger = "29500" if kind.value.endswith("LIMIT") else "0", Decimal(30000) if has_trigger else None
        status = "UNTRIGGERED" if has_trigger else "OPEN" if kind == OrderType.Limit else "CLOSED"
        orders.append((new_order(price=price, kind=kind, trigger_price=trigger, client_id=kind.value), status))
    for instruction in ("GTC", "POST_ONLY", "IOC", "RPI"):
        orders.append((new_order(instruction=instruction), "CLOSED" if instruction == "IOC" else "OPEN"))
    for mode in ("EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH"):
        orders.append((new_order(stp=mode, recv_window=10_000), "OPEN"))
    closing = new_order(kind=OrderType.StopLossMarket, price="0", trigger_price=Decimal(30000), reduce_only=True)
    orders.append((closing, "UNTRIGGERED"))
    for order, status in orders:
        placed = await watcher.client.submit_order(order)
        event = await watcher.order(placed["order"]["id"], status)
        assert ("REDUCE_ONLY" in event["flags"]) == order.reduce_only, event
    await watcher.client.cancel_all_orders()
    await watcher.compare()


async def cancel(watcher):
    """Cancels one by one, in batches, and all."""
    client = watcher.client
    batch = [new_order(client_id=f"socket-{number}") for number in range(5)]
    placed = await client.submit_orders_batch([*batch, new_order(client_id="socket-0")])
    results = placed["results"]
    assert [list(result) for result in results[-1:]] == [["error"]], results
    assert "DUPLICATED_CLIENT_ID" in results[-1]["error"], results
    ids = [result["order"]["id"] for result in results[:-1]]
    assert [result["order"]["client_id"] for result in results[:-1]] == [order.client_id for order in batch]
    for order_id in ids:
        await watcher.order(order_id, "OPEN")

    one = await client.cancel_order(ids[0])
    assert one == {"order_id": ids[0], "status": "QUEUED_FOR_CANCELLATION"}
    other = await client.cancel_order_by_client_id("socket-1", MARKET)
    assert other == {"order_id": ids[1], "status": "QUEUED_FOR_CANCELLATION"}
    some = await client.cancel_orders_batch([ids[2], ids[0], "7"])
    states = ["QUEUED_FOR_CANCELLATION", "ALREADY_CLOSED", "NOT_FOUND"]
    assert [result["status"] for result in some["results"]] == states, some
    assert await client.cancel_all_orders("ETH-USD-PERP") == {"status": "ok"}
    await watcher.order(ids[3], "OPEN")
    assert await client.cancel_all_orders(MARKET) == {"status": "ok"}
    for order_id in ids:
        closed = await watcher.order(order_id, "CLOSED")
        assert closed["cancel_reason"] == "USER_CANCELED", closed
    [last] = (await client.submit_orders_batch([new_order()]))["results"]
    assert await client.cancel_all_orders() == {"status": "ok"}
    await watcher.order(last["order"]["id"], "CLOSED")
    assert not watcher.api.fetch_orders()["results"]
    await watcher.compare()


async def be_refused(watcher):
    """What is wrong changes nothing, and says why."""
    client = watcher.client
    wrong = new_order()
    await refused(client.cancel_order("7"), INVALID_PARAMETERS, "ORDER_ID_NOT_FOUND")
    await refused(client.submit_order(new_order(size="0")), INVALID_PARAMETERS, "INVALID_ORDER_SIZE")
    wrong.signature = client.account.sign_order(wrong)
    wrong.size = Decimal("0.3")
    unsigned = client._send_request("order.create", wrong.dump_to_dict())
    await refused(unsigned, INVALID_PARAMETERS, "INVALID_ORDER_SIGNATURE")
    await refused(client.cancel_orders_batch([]), INVALID_PARAMETERS)
    await refused(client._send_request("subscribe", {"channel": "account"}), INVALID_REQUEST)
    await refused(client._send_request("subscribe", {"channel": "nothing"}), INVALID_REQUEST)

    # A connection without an account has no private channel, and places nothing.
    stranger = ParadexWebsocketClient(env="testnet", ws_url_override=client.api_url, disable_reconnect=True)
    assert await stranger.connect()
    await refused(stranger._send_request("subscribe", {"channel": "account"}), INVALID_BEARER)
    await refused(stranger.cancel_all_orders(), FORBIDDEN)
    await refused(stranger.cancel_on_disconnect(True), FORBIDDEN)
    await stranger.close()
    assert not watcher.api.fetch_orders()["results"]


async def disconnect(exchange, watcher):
    """A connection that ends cancels its own orders if it is armed, and those only."""
    elsewhere = watcher.api.submit_order(new_order(client_id="over REST"))["id"]

    async def leave(armed, end):
        # It ends the reader of its connection when it is collected.
        owner = account(exchange, 0)
        trader = owner.ws_client
        assert await trader.connect()
        if armed is not None:
            assert await trader.cancel_on_disconnect(True) == {"enabled": True}
        if armed is False:
            assert await trader.cancel_on_disconnect(False) == {"enabled": False}
        orders = [(await trader.submit_order(new_order()))["order"]["id"] for _ in range(2)]
        await watcher.order(orders[0], "OPEN")
        await watcher.order(orders[1], "OPEN")
        await end(trader)
        owner.api_client.client.close()
        return orders

    async def broken(trader):
        # `close` can wait forever for the reader of a connection that has just broken.
        trader.ws.transport.abort()
        await trader.ws.wait_closed()

    async def closed(trader):
        await trader.close()

    for end in (broken, closed):
        for order_id in await leave(True, end):
            event = await watcher.order(order_id, "CLOSED")
            assert event["cancel_reason"] == "CANCEL_ON_DISCONNECT", event
    kept = await leave(None, broken) + await leave(False, broken)
    # An order that is placed and cancelled afterwards shows that nothing else is on its way.
    later = (await watcher.client.submit_order(new_order()))["order"]["id"]
    await watcher.client.cancel_order(later)
    await watcher.order(later, "CLOSED")
    for order_id in [elsewhere, *kept]:
        await watcher.order(order_id, "OPEN")
    await watcher.client.cancel_all_orders()
    for order_id in [elsewhere, *kept]:
        await watcher.order(order_id, "CLOSED")
    await watcher.compare()


async def unsubscribe(watcher, other):
    """Nothing comes from a channel afterwards. The other channels go on."""
    client, before = watcher.client, {channel: len(events) for channel, events in watcher.events.items()}
    await client.unsubscribe_by_name("orders.ALL")
    # paradex-py takes the response for that to a subscription, and would not list the channel otherwise.
    await until(lambda: client.get_subscriptions().get("orders.ALL"), "the channel is unsubscribed")
    for number, side in enumerate((OrderSide.Sell, OrderSide.Buy), 1):
        other.submit_order(new_order("0.01", "29300", side.opposite_side()))
        await client.submit_order(new_order("0.01", "0", side, OrderType.Market))
        wanted = before[Channel.FILLS] + number
        await until(lambda: len(watcher.events[Channel.FILLS]) == wanted, "the order is filled")
    assert len(watcher.events[Channel.ORDERS]) == before[Channel.ORDERS]


async def connection(name, exchange, sbe_enabled, version, binary):
    watcher = Watcher(exchange, sbe_enabled, version, binary)
    other = account(exchange, 1).api_client
    with step(f"{name}: sign in, and subscribe to every channel of accounts"):
        await watcher.start()
    with step(f"{name}: place and modify orders, and see them filled"):
        await trade(watcher, other)
    with step(f"{name}: place an order of every type"):
        await place_every_type(watcher)
    with step(f"{name}: cancel orders one by one, in batches, and all"):
        await cancel(watcher)
    with step(f"{name}: be refused for what is wrong"):
        await be_refused(watcher)
    with step(f"{name}: cancel on disconnect"):
        await disconnect(exchange, watcher)
    with step(f"{name}: unsubscribe"):
        await unsubscribe(watcher, other)
    for channel in (Channel.TRADEBUSTS, Channel.TRANSACTIONS, Channel.TRANSFERS, Channel.BLOCK_TRADES, Channel.MMP):
        assert not watcher.events[channel], (channel, watcher.events[channel])
    await watcher.client.close()


async def use_other_credentials():
    """A subkey trades, a token that may only read watches, and clients that never sign in do neither."""
    owner = account(STILL, 0)
    api = owner.api_client
    key = hex(KeyPair.from_private_key(0xABCDE).public_key)
    api.create_subkey({"name": "socket", "public_key": key, "state": "active"})
    # `ParadexSubkey` and `ParadexApiKey` have no argument for the addresses.
    trader = ParadexSubkey("testnet", l2_private_key="0xabcde", l2_address=STILL["accounts"][0]["address"])
    trader.ws_client.api_url, trader.ws_client.disable_reconnect = STILL["stream_url"], True
    assert await trader.ws_client.connect()
    placed = await trader.ws_client.submit_order(new_order())
    assert placed["order"]["account"] == STILL["accounts"][0]["address"]
    await trader.ws_client.cancel_order(placed["order"]["id"])
    await trader.ws_client.close()

    token = api.create_token({"name": "socket", "token_type": "read_only", "expiry_duration": 3600})["token"]
    reader = ParadexApiKey("testnet", api_key=token)
    reader.ws_client.api_url = STILL["stream_url"]
    owner.ws_direct_client.api_url = STILL["stream_url"]
    for client in (reader.ws_client, owner.ws_direct_client):
        client.disable_reconnect = True
        assert client.account is None and await client.connect()
        await refused(client._send_request("subscribe", {"channel": "account"}), INVALID_BEARER)
        await client.close()

    owner.account.set_jwt_token(token)
    assert await owner.ws_client.connect()
    events = []

    async def keep(_, message):
        events.append(message)

    await owner.ws_client.subscribe(Channel.ACCOUNT, keep)
    await until(lambda: events, "a token that may only read sees the account")
    await refused(owner.ws_client.submit_order(new_order()), FORBIDDEN)
    await refused(owner.ws_client.cancel_on_disconnect(True), FORBIDDEN)
    await owner.ws_client.close()


async def reconnect():
    """Its client connects again by itself, with a new session because the old one has expired."""
    name = f"orders.{MARKET}"
    owner = account(SHORT_SESSIONS, 0, disable_reconnect=False)
    client, events = owner.ws_client, []

    async def keep(_, message):
        events.append(message["params"]["data"])

    assert await client.connect()
    await client.subscribe(Channel.ORDERS, keep, {"market": MARKET})
    await until(lambda: client.get_subscriptions().get(name), "the subscription is acknowledged")
    session = owner.account.jwt_token
    first = (await client.submit_order(new_order()))["order"]["id"]
    await until(lambda: events, "the event of an order")
    await asyncio.sleep(2.1)
    # The connection outlives its session.
    await client.cancel_order(first)
    await until(lambda: events[-1]["status"] == "CLOSED", "the order is closed")
    before = client.ws
    before.transport.abort()
    await until(lambda: client.ws is not before and client.get_subscriptions().get(name), "it is back")
    assert owner.account.jwt_token != session
    second = (await client.submit_order(new_order()))["order"]["id"]
    await until(lambda: events[-1]["id"] == second, "the event of an order on the new connection")
    await client.cancel_all_orders()
    await client.close()


async def be_paid_funding():
    """Prices have to move for it, and a fill pays for the time since the one before. Payments are always in JSON."""
    watcher = Watcher(FAST, True, 2, True)
    await watcher.start()
    payments = watcher.events[Channel.FUNDING_PAYMENTS]
    async with asyncio.timeout(60):
        while not payments:
            await watcher.client.submit_order(new_order("0.01", "0", kind=OrderType.Market))
            await asyncio.sleep(0.2)
    listed = {payment["id"]: payment for payment in all_results(watcher.api.fetch_funding_payments)}
    assert sorted(listed) == sorted(payment["id"] for payment in payments)
    for payment in payments:
        check_equal(Channel.FUNDING_PAYMENTS, payment, listed[payment["id"]], 2)
    assert not failed, failed
    await watcher.client.close()


async def main():
    await connection("without SBE", STILL, False, 2, False)
    await connection("SBE version 1", STILL, True, 1, True)
    await connection("SBE version 2", STILL, True, 2, True)
    await connection("SBE, private channels in JSON", PRIVATE_JSON, True, 2, False)
    with step("trade with a subkey, and only read with a token"):
        await use_other_credentials()
    with step("connect again with a new session"):
        await reconnect()
    with step("be paid funding"):
        await be_paid_funding()


asyncio.run(main())
