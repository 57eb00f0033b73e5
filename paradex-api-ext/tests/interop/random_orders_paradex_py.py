"""paradex-py places random orders; see random_orders.py."""

from decimal import Decimal

from paradex_py import Paradex
from paradex_py.common.order import Order, OrderSide, OrderType

from random_orders import run
from support import MARKET, all_results


class Client:
    #: Whether its orders that close a position always close all of it.
    CLOSES_WHOLE_POSITION = False

    def __init__(self, simulation, number):
        self.simulation, self.number = simulation, number
        self.connect()

    def connect(self):
        self.api = Paradex(
            env="testnet",
            api_base_url=self.simulation.url + "/v1",
            l1_address="0x" + "0" * 39 + "1",
            l2_private_key=self.simulation.accounts[self.number]["private_key"],
        ).api_client

    @staticmethod
    def order(wanted, size=None, price=None):
        return Order(
            market=MARKET,
            order_type=OrderType(wanted.kind),
            order_side=OrderSide(wanted.side),
            size=wanted.size if size is None else size,
            limit_price=price or wanted.price or Decimal(0),
            trigger_price=wanted.trigger,
            client_id=wanted.client_id,
            instruction=wanted.instruction,
            reduce_only=wanted.reduce_only,
            stp=wanted.stp,
            order_id=None if size is None else wanted.id,
        )

    def place(self, wanted):
        return self.api.submit_order(self.order(wanted))

    def place_batch(self, batch):
        response = self.api.submit_orders_batch([self.order(wanted) for wanted in batch])
        assert not response["errors"], response
        return response["orders"]

    def modify(self, wanted, size, price):
        return self.api.modify_order(wanted.id, self.order(wanted, size, price))

    def cancel(self, wanted, by_client_id):
        if by_client_id:
            self.api.cancel_order_by_client_id(wanted.client_id)
        else:
            self.api.cancel_order(wanted.id)

    def cancel_all(self):
        self.api.cancel_all_orders({"market": MARKET})

    def open_orders(self):
        return self.api.fetch_orders({"market": MARKET})["results"]

    def history(self):
        return all_results(self.api.fetch_orders_history)

    def fills(self):
        return all_results(self.api.fetch_fills)

    def funding(self):
        return all_results(self.api.fetch_funding_payments)

    def positions(self):
        return self.api.fetch_positions()["results"]

    def balance(self):
        [balance] = self.api.fetch_balances()["results"]
        assert balance["token"] == "USDC", balance
        return balance["size"]

    def account(self):
        return vars(self.api.fetch_account_summary())


if __name__ == "__main__":
    run(Client)
