"""Random orders from a seed. No choice depends on a response or on the time."""

import os
import random
from dataclasses import dataclass, field
from decimal import Decimal

from simulation import CENTER

SEED = int(os.environ.get("INTEROP_SEED", 1))
ZERO = Decimal(0)


@dataclass
class Wanted:
    """An order as it was asked for."""

    client_id: str
    kind: str
    side: str
    size: Decimal
    price: Decimal | None
    trigger: Decimal | None
    instruction: str
    reduce_only: bool
    stp: str
    #: The price that was the limit while the order had a size. Each modification has another size.
    limits: dict = field(default_factory=dict)
    id: str | None = None
    #: Whether the exchange confirmed that it was cancelled.
    is_cancelled: bool = False

    def __post_init__(self):
        self.limits[self.size] = self.price

    @property
    def closes_position(self):
        return self.kind.startswith(("STOP_LOSS", "TAKE_PROFIT"))


class Generator:
    """Random orders. None of its choices depends on a response."""

    KINDS = {
        "LIMIT": 60,
        "MARKET": 16,
        "STOP_MARKET": 5,
        "STOP_LIMIT": 5,
        "STOP_LOSS_MARKET": 3,
        "STOP_LOSS_LIMIT": 3,
        "TAKE_PROFIT_MARKET": 3,
        "TAKE_PROFIT_LIMIT": 3,
    }
    INSTRUCTIONS = {"GTC": 60, "POST_ONLY": 20, "IOC": 20}
    STP = ("EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH")

    def __init__(self, name, closes_whole_position):
        self.name = name
        self.choose = random.Random(f"{SEED} {name}")
        self.closes_whole_position = closes_whole_position
        self.count = 0

    def chance(self, share):
        return self.choose.random() < share

    def one_of(self, weights):
        return self.choose.choices(list(weights), list(weights.values()))[0]

    def price(self, away):
        return CENTER + Decimal(self.choose.randint(-10 * away, 10 * away)) / 10

    def size(self):
        # Few are larger than what the book offers.
        most = 10_000_000 if self.chance(0.01) else 300_000
        return Decimal(self.choose.randint(1_000, most)) / 100_000

    def order(self):
        self.count += 1
        kind = self.one_of(self.KINDS)
        has_price = kind.endswith("LIMIT")
        closes = kind.startswith(("STOP_LOSS", "TAKE_PROFIT"))
        size = self.size()
        if closes and (self.closes_whole_position or self.chance(0.5)):
            size = ZERO
        return Wanted(
            client_id=f"{self.name}-{self.count}",
            kind=kind,
            side=self.choose.choice(("BUY", "SELL")),
            size=size,
            price=self.price(80) if has_price else None,
            trigger=None if kind in ("LIMIT", "MARKET") else self.price(150),
            instruction=self.one_of(self.INSTRUCTIONS) if has_price else "GTC",
            reduce_only=closes or self.chance(0.12),
            stp=self.choose.choice(self.STP),
        )

    def far_orders(self):
        """Orders that no price of the script fills or triggers."""
        self.count += 1
        below, above = Decimal(CENTER - 1_000), Decimal(CENTER + 1_000)
        rows = [
            ("LIMIT", "BUY", below, None, "GTC"),
            ("LIMIT", "SELL", above, None, "POST_ONLY"),
            ("STOP_LIMIT", "BUY", above, above, "IOC"),
            ("STOP_MARKET", "SELL", None, below, "GTC"),
        ]
        return [
            Wanted(
                client_id=f"{self.name}-far-{self.count}-{number}",
                kind=kind,
                side=side,
                size=self.size(),
                price=price,
                trigger=trigger,
                instruction=instruction,
                reduce_only=False,
                stp="EXPIRE_TAKER",
            )
            for number, (kind, side, price, trigger, instruction) in enumerate(rows)
        ]
