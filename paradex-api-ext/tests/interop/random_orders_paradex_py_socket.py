"""paradex-py places random orders over its WebSocket, and sees each change and each fill; see random_orders.py."""

import asyncio
import logging
import threading

from paradex_py.api.ws_client import ParadexWebsocketChannel as Channel
from paradex_py.api.ws_client import ParadexWebsocketClient, WsRpcError

from random_orders import run
from random_orders_paradex_py import Client
from socket_events import check_equal, failed
from support import MARKET

# It logs each connection that breaks when the simulator is killed.
logging.getLogger("paradex_py").setLevel(logging.CRITICAL)
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()


class SocketClient(Client):
    """Orders go over the socket, and reads over REST. What REST lists is compared with the events of the connection."""

    def connect(self):
        super().connect()
        self.socket = ParadexWebsocketClient(
            env="testnet",
            ws_url_override=self.simulation.url.replace("http", "ws", 1) + "/v1",
            sbe_enabled=True,
            disable_reconnect=True,
        )
        self.socket.init_account(self.api.account)
        self.orders, self.filled = {}, {}
        assert self.call(self.socket.connect()), "it does not connect"
        for channel, keep in ((Channel.ORDERS, self.keep_order), (Channel.FILLS, self.keep_fill)):
            self.call(self.socket.subscribe(channel, keep, {"market": "ALL"}))
        self.fence()
        self.earlier_fills = {fill["id"] for fill in super().fills()}
        self.earlier_closed = {order["id"] for order in super().history() if order["status"] == "CLOSED"}

    @staticmethod
    def call(coroutine):
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, loop).result(20)
        except WsRpcError as error:
            # Its text has only the code.
            raise AssertionError(f"{error.code} {error.data}") from None

    def fence(self):
        """Waits until everything that has happened was received: a response comes after the events before it."""
        self.call(self.socket.cancel_all_orders("ETH-USD-PERP"))

    async def keep_order(self, _, message):
        event = message["params"]["data"]
        before = self.orders.get(event["order_id"])
        if before is not None and (before["status"] == "CLOSED" or before["seq_no"] >= event["seq_no"]):
            failed.append(("it came after the last event of its order", before, event))
        self.orders[event["order_id"]] = event

    async def keep_fill(self, _, message):
        event = message["params"]["data"]
        if event["fill_id"] in self.filled:
            failed.append(("it came twice", event))
        self.filled[event["fill_id"]] = event

    def place(self, wanted):
        return self.call(self.socket.submit_order(self.order(wanted)))["order"]

    def place_batch(self, batch):
        results = self.call(self.socket.submit_orders_batch([self.order(wanted) for wanted in batch]))["results"]
        return [result["order"] for result in results]

    def modify(self, wanted, size, price):
        return self.call(self.socket.modify_order(wanted.id, self.order(wanted, size, price)))["order"]

    def cancel(self, wanted, by_client_id):
        if by_client_id:
            self.call(self.socket.cancel_order_by_client_id(wanted.client_id, MARKET))
        else:
            self.call(self.socket.cancel_order(wanted.id))

    def cancel_all(self):
        self.call(self.socket.cancel_all_orders(MARKET))

    def history(self):
        listed = super().history()
        self.fence()
        for order in listed:
            if order["status"] == "CLOSED" and order["id"] not in self.earlier_closed:
                check_equal(Channel.ORDERS, self.orders[order["id"]], order, 2)
        assert not failed, failed
        return listed

    def fills(self):
        listed = super().fills()
        self.fence()
        for fill in listed:
            if fill["id"] not in self.earlier_fills:
                check_equal(Channel.FILLS, self.filled[fill["id"]], fill, 2)
        assert not failed, failed
        return listed


if __name__ == "__main__":
    run(SocketClient)
