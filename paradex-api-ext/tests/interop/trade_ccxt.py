"""ccxt against the simulator: everything that it can do, and what it is refused."""

import time

import ccxt
from eth_account import Account as EthereumAccount
from starknet_py.net.signer.key_pair import KeyPair

from support import EXCHANGE, MARKET, SHORT_SESSIONS, outlive, refused, step

SYMBOL = "BTC/USD:USDC"


def connect(exchange=EXCHANGE, **options):
    client = ccxt.paradex({"walletAddress": "0x" + "0" * 39 + "1", **options})
    client.urls["api"] = {version: f"{exchange['base_url']}/{version}" for version in ("v1", "v2")}
    # Its own waiting between requests is not what is tested.
    client.enableRateLimit = False
    return client


def with_account(sample, exchange=EXCHANGE):
    """A client with a Starknet key that exists. By itself, ccxt derives one from an Ethereum key."""
    client = connect(exchange)
    client.options["paradexAccount"] = {
        "address": sample["address"],
        "publicKey": sample["public_key"],
        "privateKey": sample["private_key"],
    }
    return client


account = EXCHANGE["accounts"][0]

with step("onboard the key that an Ethereum key gives, and sign in"):
    owner = EthereumAccount.from_key("0x" + "3" * 64)
    new = connect(walletAddress=owner.address, privateKey=owner.key.hex())
    refused(new.authenticate_rest, "NOT_ONBOARDED")
    new.onboarding()
    assert new.authenticate_rest() and new.fetch_open_orders() == []
    refused(new.onboarding, "ETHEREUM_ADDRESS_ALREADY_ONBOARDED")

with step("sign in with the key of an account"):
    client = with_account(account)
    assert client.authenticate_rest()
    assert client.privateGetAccount()["account"] == account["address"]

with step("read what is public"):
    assert abs(client.fetch_time() - time.time() * 1000) < 60_000
    assert client.fetch_status()["status"] == "ok"
    market = client.load_markets()[SYMBOL]
    assert market["id"] == MARKET and market["precision"]["price"] > 0 < market["precision"]["amount"]
    ticker = client.fetch_ticker(SYMBOL)
    assert 0 < ticker["bid"] < ticker["ask"] and ticker["last"] > 0
    assert SYMBOL in client.fetch_tickers()
    book = client.fetch_order_book(SYMBOL)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert all(trade["symbol"] == SYMBOL and trade["price"] > 0 for trade in client.fetch_trades(SYMBOL))
    for _, opened, high, low, closed, volume in client.fetch_ohlcv(SYMBOL, "1m", limit=60):
        assert low <= min(opened, closed) <= max(opened, closed) <= high and volume >= 0
    assert client.fetch_funding_rate(SYMBOL)["markPrice"] > 0
    assert client.fetch_funding_rate_history(SYMBOL)[0]["symbol"] == SYMBOL
    assert client.fetch_open_interest(SYMBOL)["openInterestAmount"] > 0
    assert client.fetch_trading_fee(SYMBOL)["taker"] > 0
    client.fetch_all_greeks()

with step("place an order of every type"):
    types = {
        "MARKET": ("market", None, {}),
        "LIMIT": ("limit", 29500, {"clientOrderId": "every-limit"}),
        "STOP_MARKET": ("market", None, {"triggerPrice": 30000}),
        "STOP_LIMIT": ("limit", 29500, {"triggerPrice": 30000}),
        "STOP_LOSS_MARKET": ("market", None, {"stopLossPrice": 28000}),
        "STOP_LOSS_LIMIT": ("limit", 27900, {"stopLossPrice": 28000}),
        "TAKE_PROFIT_MARKET": ("market", None, {"takeProfitPrice": 32000}),
        "TAKE_PROFIT_LIMIT": ("limit", 32000, {"takeProfitPrice": 32000}),
    }
    placed = {}
    for kind, (name, price, params) in types.items():
        placed[kind] = client.create_order(SYMBOL, name, "buy", 0.1, price, params)
        assert placed[kind]["info"]["type"] == kind and placed[kind]["symbol"] == SYMBOL
    open_types = {order["info"]["type"] for order in client.fetch_open_orders(SYMBOL)}
    assert open_types == set(types) - {"MARKET"}

with step("place orders with every instruction"):
    for instruction, params in {"POST_ONLY": {"postOnly": True}, "IOC": {"timeInForce": "IOC"}}.items():
        order = client.create_order(SYMBOL, "limit", "buy", 0.1, 29400, params)
        assert order["info"]["instruction"] == instruction

with step("read, modify and cancel an order"):
    order_id = placed["LIMIT"]["id"]
    changed = client.edit_order(order_id, SYMBOL, "limit", "buy", 0.2, 29400)
    assert (changed["id"], changed["amount"], changed["price"]) == (order_id, 0.2, 29400)
    assert client.fetch_order(order_id, SYMBOL)["status"] == "open"
    by_client_id = client.fetch_order(None, SYMBOL, {"clientOrderId": "every-limit"})
    assert by_client_id["id"] == order_id
    client.cancel_order(order_id, SYMBOL)
    refused(lambda: client.fetch_order(order_id, SYMBOL), "ORDER_ID_NOT_FOUND")
    refused(lambda: client.cancel_order(order_id, SYMBOL), "ORDER_IS_CLOSED")

with step("place and cancel orders in batches, and all"):
    batch = client.create_orders(
        [
            {
                "symbol": SYMBOL,
                "type": "limit",
                "side": "buy",
                "amount": 0.1,
                "price": 29000 + number,
                "params": {"clientOrderId": f"batch-{number}"},
            }
            for number in range(4)
        ]
    )
    assert [order["clientOrderId"] for order in batch] == [f"batch-{number}" for number in range(4)]
    client.cancel_order(None, SYMBOL, {"clientOrderId": "batch-0"})
    cancelled = client.cancel_orders([batch[1]["id"]], SYMBOL, {"clientOrderIds": ["batch-2", "unknown"]})
    assert [order["status"] for order in cancelled] == ["canceled", "canceled", "rejected"]
    client.cancel_all_orders(SYMBOL)
    assert client.fetch_open_orders() == []

with step("read the account, its orders, fills and positions"):
    assert len(client.fetch_orders(SYMBOL, limit=3)) == 3
    for read in (
        client.fetch_balance,
        client.fetch_positions,
        client.fetch_my_trades,
        client.fetch_deposits,
        client.fetch_withdrawals,
        client.fetch_transfers,
        client.fetch_my_liquidations,
    ):
        assert read() is not None
    client.fetch_funding_history(SYMBOL)
    client.fetch_leverage(SYMBOL)
    client.fetch_margin_mode(SYMBOL)
    client.set_leverage(5, SYMBOL)
    client.set_margin_mode("cross", SYMBOL)

with step("create tokens with allowlists, and use them"):
    request = {"name": "reader", "token_type": "read_only", "expiry_duration": 3600}
    reader = client.privatePostAccountTokens({**request, "allowed_cidrs": ["127.0.0.0/8"]})
    key = connect()
    key.options.update(authToken=reader["token"], expires=time.time() + 3600)
    assert key.privateGetAccount()["account"] == account["address"]
    refused(lambda: key.privateDeleteOrders({}), "INVALID_TOKEN_SCOPE")
    lookup_id = reader["api_token"]["lookup_id"]
    kept = client.privatePutAccountTokensLookupIdAllowedCidrs(
        {"lookup_id": lookup_id, "allowed_cidrs": ["192.0.2.0/24"]}
    )
    assert kept["allowed_cidrs"] == ["192.0.2.0/24"]
    refused(key.privateGetOrders, "IP_NOT_ALLOWED", "127.0.0.1")
    client.privateDeleteAccountTokensLookupId({"lookup_id": lookup_id})
    refused(key.privateGetOrders, "token is revoked")

with step("register a subkey, which signs orders in a session of the account"):
    subkey = KeyPair.from_private_key(0xFEDCBA)
    name = {"name": "trader", "public_key": hex(subkey.public_key), "allowed_cidrs": ["127.0.0.0/8"]}
    client.privatePostAccountKeysSubkeys(name)
    trader = with_account(
        {
            "address": account["address"],
            "public_key": hex(subkey.public_key),
            "private_key": hex(subkey.private_key),
        }
    )
    # It signs in at `/auth`, where only the key of the account counts; a subkey has to use `/auth/{public_key}`.
    refused(trader.authenticate_rest, "STARKNET_SIGNATURE_VERIFICATION_FAILED")
    trader.options.update(authToken=client.options["authToken"], expires=client.options["expires"])
    assert trader.create_order(SYMBOL, "limit", "buy", 0.1, 29500)["status"] == "open"
    client.privateDeleteAccountKeysSubkeysPublicKey({"public_key": hex(subkey.public_key)})
    late = (SYMBOL, "limit", "buy", 0.1, 29500)
    refused(lambda: trader.create_order(*late), "AuthenticationError", "INVALID_ORDER_SIGNATURE")

with step("be refused for what is wrong"):
    refused(lambda: client.fetch_order("0", SYMBOL), "ORDER_ID_NOT_FOUND")
    refused(lambda: client.create_order(SYMBOL, "limit", "buy", 0.1, -1), "VALIDATION_ERROR")

with step("be refused with an expired session"):
    # It takes every session to live for three minutes, so it does not renew this one.
    short = with_account(SHORT_SESSIONS["accounts"][0], SHORT_SESSIONS)
    short.load_markets()
    short.fetch_open_orders()
    outlive(2.1)
    refused(short.fetch_open_orders, "token is expired by")
