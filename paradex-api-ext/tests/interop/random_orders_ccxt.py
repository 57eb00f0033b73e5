"""ccxt places random orders; see random_orders.py."""

import time

import ccxt

from random_orders import run
from support import all_results

SYMBOL = "BTC/USD:USDC"


class Client:
    #: Whether its orders that close a position always close all of it.
    CLOSES_WHOLE_POSITION = True

    def __init__(self, simulation, number):
        self.simulation, self.number = simulation, number
        self.since = int(time.time() * 1_000) - 60_000
        self.connect()

    def connect(self):
        self.ccxt = ccxt.paradex({"walletAddress": "0x" + "0" * 39 + "1", "enableRateLimit": False})
        self.ccxt.urls["api"] = {version: f"{self.simulation.url}/{version}" for version in ("v1", "v2")}
        account = self.simulation.accounts[self.number]
        self.ccxt.options["paradexAccount"] = {
            "address": account["address"],
            "publicKey": account["public_key"],
            "privateKey": account["private_key"],
        }
        self.ccxt.load_markets()

    @staticmethod
    def arguments(wanted):
        params = {"clientOrderId": wanted.client_id, "stp": wanted.stp, "reduceOnly": wanted.reduce_only}
        if wanted.instruction == "POST_ONLY":
            params["postOnly"] = True
        elif wanted.instruction == "IOC":
            params["timeInForce"] = "IOC"
        for kind, name in (("STOP_LOSS", "stopLossPrice"), ("TAKE_PROFIT", "takeProfitPrice"), ("STOP", "triggerPrice")):
            if wanted.kind.startswith(kind):
                params[name] = float(wanted.trigger)
                break
        return {
            "symbol": SYMBOL,
            "type": "limit" if wanted.kind.endswith("LIMIT") else "market",
            "side": wanted.side.lower(),
            "amount": float(wanted.size),
            "price": None if wanted.price is None else float(wanted.price),
            "params": params,
        }

    def place(self, wanted):
        return raw_order(self.ccxt.create_order(**self.arguments(wanted)))

    def place_batch(self, batch):
        return [raw_order(order) for order in self.ccxt.create_orders([self.arguments(wanted) for wanted in batch])]

    def modify(self, wanted, size, price):
        changed = {**self.arguments(wanted), "amount": float(size), "price": float(price)}
        return raw_order(self.ccxt.edit_order(wanted.id, **changed))

    def cancel(self, wanted, by_client_id):
        if by_client_id:
            self.ccxt.cancel_order(None, SYMBOL, {"clientOrderId": wanted.client_id})
        else:
            self.ccxt.cancel_order(wanted.id, SYMBOL)

    def cancel_all(self):
        self.ccxt.cancel_all_orders(SYMBOL)

    def open_orders(self):
        return [raw_order(order) for order in self.ccxt.fetch_open_orders(SYMBOL)]

    def history(self):
        return [raw_order(order) for order in self.all_pages(self.ccxt.fetch_orders)]

    def fills(self):
        # Its own trades are sorted by time, and those of the same millisecond not by their order.
        found = all_results(self.ccxt.privateGetFills)
        trades = {fill["id"]: raw_fill(fill) for fill in self.all_pages(self.ccxt.fetch_my_trades)}
        # Later fills may have been added.
        assert found == [trades[fill["id"]] for fill in found]
        return found

    def all_pages(self, fetch):
        # It reads all pages only if there is a time to begin at.
        return fetch(SYMBOL, self.since, None, {"paginate": True, "paginationCalls": 1_000})

    def funding(self):
        return all_results(self.ccxt.privateGetFundingPayments)

    def positions(self):
        return [raw_position(position) for position in self.ccxt.fetch_positions([SYMBOL])]

    def balance(self):
        balance = self.ccxt.fetch_balance()
        [info] = balance["info"]
        assert balance["USDC"]["total"] == float(info["size"]), balance
        return info["size"]

    def account(self):
        return self.ccxt.privateGetAccount()


def raw(entry):
    """The JSON of the exchange, without the cursor that ccxt adds to the first of a page."""
    return {name: value for name, value in entry["info"].items() if name != "next"}


def raw_order(order):
    info = raw(order)
    named = (order["id"], order["clientOrderId"], order["symbol"], order["side"], order["amount"] or 0)
    assert named == (info["id"], info["client_id"], SYMBOL, info["side"].lower(), float(info["size"])), order
    if info["status"] == "CLOSED":
        assert order["status"] == closed_status(info["cancel_reason"]), order
    elif info["status"] == "OPEN":
        assert order["status"] == "open", order
    return info


def closed_status(reason):
    if reason in ("NOT_ENOUGH_MARGIN", "ORDER_EXCEEDS_POSITION_LIMIT"):
        return "rejected"
    return "canceled" if reason else "closed"


def raw_fill(fill):
    info = raw(fill)
    named = (fill["id"], fill["order"], fill["side"], fill["takerOrMaker"], fill["price"], fill["amount"])
    expected = (info["id"], info["order_id"], info["side"].lower(), info["liquidity"].lower())
    assert named == (*expected, float(info["price"]), float(info["size"])), fill
    assert fill["fee"] == {"cost": float(info["fee"]), "currency": "USDC"}, fill
    return info


def raw_position(position):
    info = position["info"]
    assert position["contracts"] == abs(float(info["size"])), position
    assert position["side"] == ("short" if float(info["size"]) < 0 else "long"), position
    return info


run(Client)
