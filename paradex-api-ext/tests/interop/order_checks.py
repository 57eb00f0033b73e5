"""What must be true of an account after any orders. Every amount is compared exactly, as a decimal."""

import time
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from order_flow import ZERO
from support import MARKET

#: What each account begins with, in USDC.
DEPOSIT = Decimal(1_000_000)
#: The fees of API orders.
FEES = {"MAKER": Decimal("-0.00005"), "TAKER": Decimal("0.0003")}


def check(trader):
    """Everything that must be true of an account at rest. Returns what happened, counted."""
    state = trader.state()
    orders, fills = check_lists(trader, state)
    seen = check_fills(trader, orders, fills)
    for client_id, order in orders.items():
        check_order(order, trader.placed[client_id], [fill for fill in fills if fill["order_id"] == order["id"]])
        seen[order["cancel_reason"] or order["status"]] += 1
    check_money(trader, state, fills)
    return seen


def check_lists(trader, state):
    """Every order is there once, and the open ones are those that are not closed."""
    count = Counter(order["client_id"] for order in state["orders"])
    assert count == Counter(trader.placed.keys()), count - Counter(trader.placed.keys())
    orders = {order["client_id"]: order for order in state["orders"]}
    assert len({order["id"] for order in state["orders"]}) == len(orders)
    assert {order["client_id"]: order for order in state["open"]} == {
        client_id: order for client_id, order in orders.items() if order["status"] != "CLOSED"
    }
    assert len(state["open"]) == len({order["id"] for order in state["open"]})
    assert len({fill["id"] for fill in state["fills"]}) == len(state["fills"])
    fills = state["fills"][::-1]
    assert [fill["orderbook_seq_no"] for fill in fills] == sorted(fill["orderbook_seq_no"] for fill in fills)
    return orders, fills


def check_fills(trader, orders, fills):
    """Every fill belongs to an order, is at its limit or better, keeps its restrictions, and pays its fee."""
    by_id = {order["id"]: order for order in orders.values()}
    filled, position, seen = Counter(), ZERO, Counter()
    for fill in fills:
        order, size, price = by_id[fill["order_id"]], Decimal(fill["size"]), Decimal(fill["price"])
        wanted = trader.placed[order["client_id"]]
        assert (fill["client_id"], fill["side"], fill["market"]) == (wanted.client_id, wanted.side, MARKET), fill
        assert size > 0, fill
        filled[order["id"]] += size
        # The size that the order had at this moment says which limit was valid.
        size_then = filled[order["id"]] + Decimal(fill["remaining_size"])
        if wanted.closes_position:
            assert size_then == Decimal(order["size"]), (fill, order)
            limit = wanted.price
        else:
            limit = wanted.limits[size_then]
        if limit is not None:
            assert price <= limit if wanted.side == "BUY" else price >= limit, (fill, wanted)
        if wanted.instruction == "POST_ONLY":
            assert fill["liquidity"] == "MAKER", (fill, wanted)
        if wanted.instruction == "IOC" or wanted.price is None:
            assert fill["liquidity"] == "TAKER", (fill, wanted)
        assert Decimal(fill["fee"]) == size * price * FEES[fill["liquidity"]], fill
        after = position + (size if wanted.side == "BUY" else -size)
        if wanted.reduce_only:
            assert abs(after) < abs(position) and after * position >= 0, (position, fill, wanted)
        position = after
        seen[fill["liquidity"].lower()] += 1
        seen["after modifying"] += len(wanted.limits) > 1 and size_then != wanted.size
        seen["after triggering"] += wanted.trigger is not None
        seen["reducing only"] += wanted.reduce_only
    return seen


def check_order(order, wanted, fills):
    """The size of an order is that of its fills and what remains, and its status says so."""
    check_terms(order, wanted)
    filled = sum((Decimal(fill["size"]) for fill in fills), ZERO)
    remaining = Decimal(order["remaining_size"])
    assert filled == Decimal(order["size"]) - remaining, (order, fills)
    if filled:
        value = sum((Decimal(fill["size"]) * Decimal(fill["price"]) for fill in fills), ZERO)
        assert Decimal(order["avg_fill_price"]) == rounded(value / filled), (order, fills)
    else:
        assert order["avg_fill_price"] == "", order
    was_filled = order["status"] == "CLOSED" and not order["cancel_reason"]
    assert was_filled == (remaining == 0 and filled > 0), (order, fills)
    assert order["status"] != "UNTRIGGERED" or not fills, (order, fills)
    if order["status"] == "OPEN":
        assert wanted.kind.endswith("LIMIT") and wanted.instruction != "IOC", (order, wanted)
    if wanted.is_cancelled:
        assert order["cancel_reason"] == "USER_CANCELED", (order, wanted)


def check_money(trader, state, fills):
    """Position and balance are the sums of the fills, and profits those of average costs."""
    size = paid = realized = funding = fees = ZERO
    since_opened = funding_since_opened = ZERO
    cost = Fraction(0)
    for fill in fills:
        price, pnl, paid_funding = (Decimal(fill[name]) for name in ("price", "realized_pnl", "realized_funding"))
        signed = Decimal(fill["size"]) * (1 if fill["side"] == "BUY" else -1)
        before, size = size, size + signed
        paid += signed * price
        realized, funding, fees = realized + pnl, funding + paid_funding, fees + Decimal(fill["fee"])
        # What is closed leaves at the average cost.
        closed = min(abs(signed), abs(before)) if before * signed < 0 else ZERO
        share = Fraction(closed) / Fraction(abs(before)) if before else Fraction(0)
        direction = 1 if before > 0 else -1
        expected = direction * Fraction(closed) * Fraction(price) - cost * share
        # The engine rounds to 16 places.
        assert abs(Fraction(pnl) - expected) < Fraction(1, 10**12), (fill, expected)
        cost = cost * (1 - share) + Fraction(signed + direction * closed) * Fraction(price)
        is_opened = before == 0 or before * size < 0
        since_opened = ZERO if is_opened else since_opened + pnl + paid_funding
        funding_since_opened = ZERO if is_opened else funding_since_opened + paid_funding
    balance = DEPOSIT + realized - fees + funding
    assert Decimal(state["balance"]) == balance, (state["balance"], balance)
    assert sum((Decimal(payment["payment"]) for payment in state["funding"]), ZERO) == funding
    assert {payment["fill_id"] for payment in state["funding"]} == {
        fill["id"] for fill in fills if Decimal(fill["realized_funding"])
    }
    [position] = state["positions"]
    assert Decimal(position["size"]) == size, (position, size)
    assert Decimal(position["cost"]) == paid + realized, (position, paid, realized)
    assert Decimal(position["realized_positional_pnl"]) == since_opened, (position, since_opened)
    assert Decimal(position["realized_positional_funding_pnl"]) == funding_since_opened, position
    assert position["last_fill_id"] == fills[-1]["id"], position
    if size:
        assert Decimal(position["average_entry_price"]) == rounded(abs((paid + realized) / size)), position
    check_account_value(trader, balance)


def check_account_value(trader, balance):
    """The account view agrees with balance and position. The mark price must not change between the requests."""
    for _ in range(20):
        before, account, after = trader.client.positions(), trader.client.account(), trader.client.positions()
        if before == after:
            assert Decimal(account["total_collateral"]) == balance, (account, balance)
            assert Decimal(account["account_value"]) == balance + Decimal(before[0]["unrealized_pnl"]), (account, before)
            return
        time.sleep(0.1)
    raise AssertionError("the mark price never stood still for three requests")


def rounded(price):
    return price.quantize(Decimal("1e-8"), ROUND_HALF_UP)


def check_terms(order, wanted):
    """An order has the terms that were asked for. An order that closes a position gets its size when it triggers."""
    size, price = next(reversed(wanted.limits.items()))
    if wanted.closes_position:
        assert wanted.size == 0 or Decimal(order["size"]) <= wanted.size, (order, wanted)
    else:
        assert Decimal(order["size"]) == size, (order, wanted)
    assert Decimal(order["price"]) == (price or 0), (order, wanted)
    assert Decimal(order["trigger_price"]) == (wanted.trigger or 0), (order, wanted)
    found = [order[name] for name in ("market", "client_id", "type", "side", "instruction", "stp")]
    assert found == [MARKET, wanted.client_id, wanted.kind, wanted.side, wanted.instruction, wanted.stp], (order, wanted)
    assert ("REDUCE_ONLY" in order["flags"]) == wanted.reduce_only, (order, wanted)
    assert wanted.id in (None, order["id"]), (order, wanted)
