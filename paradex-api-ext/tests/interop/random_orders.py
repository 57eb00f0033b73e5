"""A thousand random orders of two accounts against `paradex simulate --liquidity`, which is killed twice in between.

The requests follow from the seed. Fills also depend on the time at which a request arrives, and the checks hold for any.
"""

import os
import tempfile
import threading
import time
from collections import Counter
from decimal import Decimal

from order_checks import check, check_terms
from order_flow import SEED, Generator
from simulation import Simulation
from support import refused, step

#: How many orders are placed, and so many more as arrive until the simulator is killed.
ORDERS = int(os.environ.get("INTEROP_ORDERS", 1_000))
#: How many of an account's orders can be open in a market.
MAX_OPEN = 100
#: What happens in every run: kinds of fills, and statuses and reasons of orders.
HAPPENS = (
    *("maker", "taker", "after modifying", "after triggering", "reducing only"),
    *("OPEN", "UNTRIGGERED", "CLOSED"),
    *("USER_CANCELED", "POST_ONLY_WOULD_CROSS", "REMAINING_IOC_CANCEL", "REDUCE_ONLY_WILL_INCREASE"),
)


class Trader:
    """An account with its client, and the orders that it placed."""

    def __init__(self, client):
        self.client = client
        self.placed = {}

    def place(self, wanted):
        self.accepted(wanted, self.client.place(wanted))

    def place_batch(self, batch):
        responses = self.client.place_batch(batch)
        assert len(responses) == len(batch), responses
        for wanted, response in zip(batch, responses):
            self.accepted(wanted, response)

    def accepted(self, wanted, response):
        check_terms(response, wanted)
        assert response["status"] == "NEW", response
        assert wanted.client_id not in self.placed, wanted
        wanted.id = response["id"]
        self.placed[wanted.client_id] = wanted

    def cancel(self, wanted, by_client_id):
        if is_still_open(lambda: self.client.cancel(wanted, by_client_id)):
            wanted.is_cancelled = True

    def modify(self, wanted, size, price):
        response = []
        if not is_still_open(lambda: response.append(self.client.modify(wanted, size, price)), "INVALID_ORDER_SIZE"):
            return
        [order] = response
        if (order.get("request_info") or {}).get("status") == "REJECTED":
            # It stays as it was.
            size, price = next(reversed(wanted.limits.items()))
        else:
            wanted.limits[size] = price
        assert (Decimal(order["size"]), Decimal(order["price"])) == (size, price), (order, wanted)

    def cancel_all(self):
        self.client.cancel_all()
        assert self.client.open_orders() == []

    def state(self):
        """What the client reads of the account, without what follows from the mark price."""
        positions = [
            {name: value for name, value in position.items() if not name.startswith("unrealized")}
            for position in self.client.positions()
        ]
        return {
            "open": self.client.open_orders(),
            "orders": self.client.history(),
            "fills": self.client.fills(),
            "positions": positions,
            "balance": self.client.balance(),
            "funding": self.client.funding(),
        }


def is_still_open(change, *other_reasons):
    """Makes a change of an order. Returns whether it was made: the order may have been closed before."""
    try:
        change()
    except Exception as error:  # each client has its own type
        if any(code in str(error) for code in ("ORDER_IS_CLOSED", *other_reasons)):
            return False
        raise
    return True


def trade(traders, generator, orders):
    """Places so many orders in turn, and modifies and cancels some."""
    choose, recent = generator.choose, {trader: [] for trader in traders}
    count = since_cancelled = 0
    while count < orders:
        trader = choose.choice(traders)
        number = min(choose.randint(2, 6) if generator.chance(0.03) else 1, orders - count)
        batch = [generator.order() for _ in range(number)]
        if number == 1:
            trader.place(batch[0])
        else:
            trader.place_batch(batch)
        count += number
        since_cancelled += number
        recent[trader] = (recent[trader] + batch)[-15:]
        if generator.chance(0.25):
            trader.cancel(choose.choice(recent[trader]), generator.chance(0.5))
        can_rest = [wanted for wanted in recent[trader][-10:] if wanted.kind in ("LIMIT", "STOP_LIMIT")]
        if can_rest and generator.chance(0.4):
            wanted, size, price = choose.choice(can_rest), generator.size(), generator.price(80)
            # The size of a fill tells which modification came before it.
            if size not in wanted.limits:
                trader.modify(wanted, size, price)
        if since_cancelled > MAX_OPEN - 10:
            since_cancelled = 0
            for trader in traders:
                trader.cancel_all()


def crash(traders, simulation, generator):
    """Kills the simulator while orders are placed, and starts it again. Nothing that it confirmed may be lost."""
    before = [trader.state() for trader in traders]
    killer = threading.Timer(0.5, simulation.kill)
    killer.start()
    while True:
        trader, wanted = generator.choose.choice(traders), generator.order()
        try:
            trader.place(wanted)
        except Exception:
            killer.join()
            if simulation.is_running():
                raise
            break
    simulation.start()
    for other in traders:
        other.client.connect()
    # Only the history says whether the last order was placed.
    found = [order for order in trader.client.history() if order["client_id"] == wanted.client_id]
    assert len(found) <= 1, found
    if found:
        check_terms(found[0], wanted)
        wanted.id = found[0]["id"]
        trader.placed[wanted.client_id] = wanted
    for trader, earlier in zip(traders, before):
        now = trader.state()
        # The newest come first.
        kept = now["fills"][len(now["fills"]) - len(earlier["fills"]) :]
        assert kept == earlier["fills"], "a fill was lost or changed"
        orders = {order["id"]: order for order in now["orders"]}
        for order in earlier["orders"]:
            was_open = order["status"] != "CLOSED"
            assert orders[order["id"]]["created_at"] == order["created_at"], order
            assert was_open or orders[order["id"]] == order, (orders[order["id"]], order)
        assert trader.placed.keys() == {order["client_id"] for order in now["orders"]}


def restart_at_rest(traders, simulation, generator):
    """Kills and starts the simulator when nothing can trade. Everything must be as it was."""
    rest(traders, generator)
    before = [trader.state() for trader in traders]
    simulation.kill()
    simulation.start()
    for trader, earlier in zip(traders, before):
        trader.client.connect()
        now = trader.state()
        for name, value in earlier.items():
            assert now[name] == value, (name, now[name], value)


def rest(traders, generator):
    """Cancels everything, and leaves orders open that cannot trade."""
    for trader in traders:
        trader.cancel_all()
        far = generator.far_orders()
        for wanted in far:
            trader.place(wanted)
        # Placed again with the same client id, it would be there twice.
        refused(lambda: trader.client.place(far[0]), "DUPLICATED_CLIENT_ID")
        assert {order["client_id"] for order in trader.client.open_orders()} == {wanted.client_id for wanted in far}


def run(client):
    """Trades with a client's class, and checks everything."""
    with tempfile.TemporaryDirectory() as folder:
        simulation = Simulation(folder, SEED)
        try:
            traders = [Trader(client(simulation, number)) for number in range(2)]
            whole = client.CLOSES_WHOLE_POSITION
            started = time.monotonic()
            with step(f"place, modify and cancel {ORDERS // 2} random orders"):
                trade(traders, Generator("first", whole), ORDERS // 2)
            with step("lose nothing when the simulator is killed among orders, and continues from its log"):
                crash(traders, simulation, Generator("crash", whole))
            with step(f"place, modify and cancel {ORDERS - ORDERS // 2} more"):
                trade(traders, Generator("second", whole), ORDERS - ORDERS // 2)
            with step("read the same state when the simulator is killed at rest, and continues from its log"):
                restart_at_rest(traders, simulation, Generator("rest", whole))
            with step("find every order once, every fill within its limit, and money and sizes exact"):
                rest(traders, Generator("end", whole))
                seen = sum((check(trader) for trader in traders), Counter())
                # The checks would also pass if these had never happened.
                missing = [name for name in HAPPENS if not seen[name]]
                assert not missing, (missing, seen)
            orders = sum(len(trader.placed) for trader in traders)
            print(f"        seed {SEED}, {orders} orders in {time.monotonic() - started:.0f} s: {dict(seen)}")
        except BaseException:
            print("The simulator refused last:\n" + simulation.refusals(), flush=True)
            raise
        finally:
            if simulation.is_running():
                simulation.kill()
