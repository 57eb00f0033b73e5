//! The rules of every simulated market that its specification does not have. The list of markets shows them, and the matching
//! engine applies them.

use rust_decimal::Decimal;

/// How many orders an account may have open in a market.
pub(in crate::simulator) const MAX_OPEN_ORDERS: u32 = 100;

/// How far from the mark price an order may trade, as a fraction.
pub(in crate::simulator) const PRICE_BAND: Decimal = fraction(5, 2);

/// How far from the best price the average price of a market order may be, as a fraction.
pub(in crate::simulator) const MAX_SLIPPAGE: Decimal = fraction(5, 2);

/// The initial margin of a perpetual future, as a fraction of the position's value.
pub(in crate::simulator) const INITIAL_MARGIN: Decimal = fraction(2, 2);

/// The maintenance margin, as a fraction of the initial margin.
pub(in crate::simulator) const MAINTENANCE_FACTOR: Decimal = fraction(5, 1);

/// The fees of a maker and a taker, as fractions of a fill's value.
pub(in crate::simulator) struct Pair {
    pub(in crate::simulator) maker: Decimal,
    pub(in crate::simulator) taker: Decimal,
}

/// The fees of a market.
pub(in crate::simulator) struct FeeRates {
    pub(in crate::simulator) api: Pair,
    pub(in crate::simulator) interactive: Pair,
    pub(in crate::simulator) rpi: Pair,
}

/// Returns the fees of options or of other markets.
pub(in crate::simulator) const fn fees(is_option: bool) -> FeeRates {
    let taker = fraction(3, 4);
    let rebate = Decimal::from_parts(5, 0, 0, true, 5);
    FeeRates {
        api: Pair {
            maker: if is_option { taker } else { rebate },
            taker,
        },
        interactive: Pair {
            maker: Decimal::ZERO,
            taker: Decimal::ZERO,
        },
        rpi: Pair {
            maker: rebate,
            taker: Decimal::ZERO,
        },
    }
}

const fn fraction(digits: u32, scale: u32) -> Decimal {
    Decimal::from_parts(digits, 0, 0, false, scale)
}
