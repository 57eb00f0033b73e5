"""paradex-py against the simulator: everything that it can do over REST, and what it is refused."""

import base64
import time
from decimal import Decimal

from eth_account import Account as EthereumAccount
from paradex_py import Paradex, ParadexApiKey, ParadexEvm, ParadexSubkey
from paradex_py.api.api_client import ParadexApiClient
from paradex_py.common.order import Order, OrderSide, OrderType
from starknet_py.net.signer.key_pair import KeyPair

from support import EXCHANGE, MARKET, SHORT_SESSIONS, outlive, refused, step

ETHEREUM = "0x" + "0" * 39 + "1"


def url(exchange):
    return exchange["base_url"] + "/v1"


# `Paradex` has an argument for the address. The other classes have none, so their default is replaced.
original = ParadexApiClient.__init__


def at_the_simulator(self, *arguments, **named):
    if named.get("api_base_url") is None:
        named["api_base_url"] = url(EXCHANGE)
    original(self, *arguments, **named)


ParadexApiClient.__init__ = at_the_simulator


def connect(key, exchange=EXCHANGE, **named):
    return Paradex(
        env="testnet", api_base_url=url(exchange), l1_address=ETHEREUM, l2_private_key=key, **named
    )


def public_key(private_key):
    return hex(KeyPair.from_private_key(int(private_key, 16)).public_key)


def new_order(kind=OrderType.Limit, size="0.1", price="29500", trigger=None, **named):
    return Order(
        market=MARKET,
        order_type=kind,
        order_side=OrderSide.Buy,
        size=Decimal(size),
        limit_price=Decimal(price),
        trigger_price=None if trigger is None else Decimal(trigger),
        **named,
    )


def price_of(kind):
    return "29500" if kind.value.endswith("LIMIT") else "0"


account = EXCHANGE["accounts"][0]

with step("sign in with the key of an account"):
    main = connect(account["private_key"])
    api = main.api_client
    assert hex(main.account.l2_address) == account["address"]

with step("onboard a new key, which signs in afterwards"):
    new = connect("0x1234")
    assert new.api_client.fetch_account_summary().account == hex(new.account.l2_address)
    again = connect("0x1234", server_derive_address=True)
    assert again.is_onboarded and again.account.l2_address == new.account.l2_address
    derived = connect("0x5678", server_derive_address=True)
    assert derived.is_onboarded is False
    derived.api_client.fetch_orders()

with step("read what is public"):
    now = int(api.fetch_system_time()["server_time"])
    assert abs(now - time.time() * 1000) < 60_000
    assert api.fetch_system_state()["status"] == "ok"
    markets = {market["symbol"]: market for market in api.fetch_markets()["results"]}
    assert Decimal(markets[MARKET]["price_tick_size"]) > 0
    assert Decimal(markets[MARKET]["order_size_increment"]) > 0
    [summary] = api.fetch_markets_summary({"market": MARKET})["results"]
    assert summary["symbol"] == MARKET
    bbo = api.fetch_bbo(MARKET)
    book = api.fetch_orderbook(MARKET)
    assert Decimal(bbo["bid"]) < Decimal(bbo["ask"])
    assert Decimal(book["bids"][0][0]) < Decimal(book["asks"][0][0])
    assert all(trade["market"] == MARKET for trade in api.fetch_trades({"market": MARKET})["results"])
    hour = api.fetch_klines(symbol=MARKET, resolution="1", start_at=now - 3_600_000, end_at=now)
    for _, opened, high, low, closed, _ in hour["results"]:
        assert low <= min(opened, closed) <= max(opened, closed) <= high
    assert api.fetch_funding_data({"market": MARKET})["results"]
    api.fetch_insurance_fund()

with step("place an order of every type"):
    placed = {}
    for kind in OrderType:
        trigger = None if kind in (OrderType.Market, OrderType.Limit) else "30000"
        order = new_order(kind, price=price_of(kind), trigger=trigger, client_id=f"every-{kind.value}")
        placed[kind] = api.submit_order(order)
        assert placed[kind]["type"] == kind.value and placed[kind]["market"] == MARKET
    # Size 0 stands for the whole position.
    for kind in OrderType:
        if kind.value.startswith(("STOP_LOSS", "TAKE_PROFIT")):
            order = new_order(kind, size="0", price=price_of(kind), trigger="30000", reduce_only=True)
            assert api.submit_order(order)["flags"] == ["REDUCE_ONLY"]
    open_types = {order["type"] for order in api.fetch_orders({"market": MARKET})["results"]}
    assert open_types == {kind.value for kind in OrderType} - {"MARKET"}

with step("place orders with every instruction"):
    for instruction in ("GTC", "POST_ONLY", "IOC", "RPI"):
        order = new_order(instruction=instruction, recv_window=10_000, stp="EXPIRE_MAKER")
        assert api.submit_order(order)["instruction"] == instruction

with step("read, modify and cancel an order"):
    order_id = placed[OrderType.Limit]["id"]
    change = new_order(size="0.2", price="29400", order_id=order_id, client_id="every-LIMIT")
    changed = api.modify_order(order_id, change)
    assert (Decimal(changed["size"]), Decimal(changed["price"])) == (Decimal("0.2"), Decimal("29400"))
    assert api.fetch_order(order_id)["id"] == order_id
    assert api.fetch_order_by_client_id("every-LIMIT")["id"] == order_id
    api.cancel_order(order_id)
    refused(lambda: api.fetch_order(order_id), "ORDER_ID_NOT_FOUND")
    refused(lambda: api.cancel_order(order_id), "ORDER_IS_CLOSED")

with step("place and cancel orders in batches, and all"):
    batch = api.submit_orders_batch([new_order(client_id=f"batch-{number}") for number in range(4)])
    assert len(batch["orders"]) == 4 and not batch["errors"]
    api.cancel_order_by_client_id("batch-0")
    ids = [batch["orders"][1]["id"]]
    cancelled = api.cancel_orders_batch(order_ids=ids, client_order_ids=["batch-2", "unknown"])
    states = [result["status"] for result in cancelled["results"]]
    assert states == ["QUEUED_FOR_CANCELLATION", "QUEUED_FOR_CANCELLATION", "NOT_FOUND"]
    api.cancel_all_orders({"market": MARKET})
    api.cancel_all_orders()
    assert not api.fetch_orders()["results"]

with step("start and cancel an algo order"):
    twap = api.submit_algo_order(new_order(OrderType.Market, price="0"), algo_type="TWAP", duration_seconds=60)
    assert [order["id"] for order in api.fetch_algo_orders()["results"]] == [twap["id"]]
    api.cancel_algo_order(twap["id"])
    assert not api.fetch_algo_orders()["results"]

with step("read the account, its orders, fills and positions"):
    assert api.fetch_account_summary().account == account["address"]
    history = api.fetch_orders_history({"market": MARKET, "page_size": 3})
    assert len(history["results"]) == 3 and history["next"]
    following = api.fetch_orders_history({"market": MARKET, "cursor": history["next"]})
    assert following["results"][0]["id"] != history["results"][0]["id"]
    for read in (
        api.fetch_fills,
        api.fetch_positions,
        api.fetch_balances,
        api.fetch_account_profile,
        api.fetch_account_info,
        api.fetch_subaccounts,
        api.fetch_transactions,
        api.fetch_transfers,
        api.fetch_tradebusts,
        api.fetch_liquidations,
    ):
        assert read() is not None
    api.fetch_funding_payments({"market": MARKET})

with step("register a subkey and trade with it"):
    subkey = {"private_key": "0xabcdef", "public_key": public_key("0xabcdef")}
    api.create_subkey({"name": "trader", "public_key": subkey["public_key"], "state": "active"})
    assert [key["name"] for key in api.fetch_subkeys()["results"]] == ["trader"]
    trader = ParadexSubkey(
        env="testnet", l2_private_key=subkey["private_key"], l2_address=account["address"], ws_enabled=False
    )
    order = trader.api_client.submit_order(new_order(client_id="by-subkey"))
    assert order["account"] == account["address"]
    trader.api_client.cancel_order(order["id"])

with step("restrict the subkey to another address"):
    assert api.update_subkey(subkey["public_key"], {"name": "restricted"})["name"] == "restricted"
    kept = api.update_subkey_allowed_cidrs(subkey["public_key"], ["192.0.2.0/24"])
    assert kept["allowed_cidrs"] == ["192.0.2.0/24"]
    refused(trader.api_client.fetch_orders, "IP_NOT_ALLOWED", "127.0.0.1")
    api.update_subkey_allowed_cidrs(subkey["public_key"], ["127.0.0.0/8"])
    trader.api_client.fetch_orders()
    api.revoke_subkey(subkey["public_key"])
    refused(trader.api_client.fetch_orders, "the subkey is not active")

with step("create tokens with allowlists, and use them"):
    request = {"name": "reader", "token_type": "read_only", "expiry_duration": 3600}
    reader = api.create_token({**request, "allowed_cidrs": ["127.0.0.0/8"]})
    key = ParadexApiKey(env="testnet", api_key=reader["token"], ws_enabled=False)
    assert key.api_client.fetch_account_summary().account == account["address"]
    refused(lambda: key.api_client.cancel_all_orders(), "INVALID_TOKEN_SCOPE")
    elsewhere = api.create_token({**request, "allowed_cidrs": ["192.0.2.0/24"]})
    key = ParadexApiKey(env="testnet", api_key=elsewhere["token"], ws_enabled=False)
    refused(key.api_client.fetch_orders, "IP_NOT_ALLOWED", "127.0.0.1")
    # It has no method for this change, so the request is sent with its session.
    path = f"account/tokens/{elsewhere['api_token']['lookup_id']}/allowed-cidrs"
    assert api._put_authorized(path, payload={"allowed_cidrs": []})["allowed_cidrs"] == []
    key.api_client.fetch_orders()
    assert len(api.fetch_tokens()["results"]) == 2
    api.revoke_token(elsewhere["api_token"]["lookup_id"])
    refused(key.api_client.fetch_orders, "token is revoked")
    assert [token["name"] for token in api.fetch_tokens()["results"]] == ["reader"]

with step("onboard an Ethereum account, and trade with a subkey of it"):
    owner = EthereumAccount.from_key("0x" + "7" * 64)
    ethereum = ParadexEvm(
        env="testnet", evm_address=owner.address, evm_private_key=owner.key.hex(), ws_enabled=False
    )
    trader = ethereum.create_trading_subkey()
    assert trader.api_client.submit_order(new_order())["status"] == "NEW"

with step("be refused for what is wrong"):
    wrong = new_order()
    wrong.signature = api.account.sign_order(wrong)
    wrong.size = Decimal("0.3")
    refused(lambda: api._post_authorized("orders", payload=wrong.dump_to_dict()), "INVALID_ORDER_SIGNATURE")
    refused(lambda: api.submit_order(new_order(size="0")), "INVALID_ORDER_SIZE")
    late = new_order(signature_timestamp=now - 3_600_000)
    refused(lambda: api.submit_order(late), "INVALID_TIMESTAMP")
    refused(lambda: api.fetch_order("0"), "ORDER_ID_NOT_FOUND")
    refused(api.fetch_markets_summary, "query/market must be given")

with step("sign in again before a session ends"):
    short = connect(SHORT_SESSIONS["accounts"][0]["private_key"], SHORT_SESSIONS)
    outlive(2.1)
    short.api_client.fetch_orders()

with step("be refused with an expired session"):
    session = short.account.jwt_token
    assert base64.urlsafe_b64decode(session.split(".")[1] + "==")
    outlive(2.1)
    stale = ParadexApiClient(env="testnet", api_base_url=url(SHORT_SESSIONS), auto_auth=False)
    stale.set_token(session)
    refused(stale.fetch_orders, "token is expired by")
