//! Enumerations, flags and addresses.

use paradex_api::sbe::{
    AccountAddress, AssetKind, FillFlags, FillType, LiquiditySide, OrderFlags, OrderStatus, OrderType,
    PositionStatus, Side, StpMode, TimeInForce,
};
use paradex_api::types;

use crate::support::{decoded, frame};

#[test]
fn unknown_enum_value_is_kept() {
    let mut bytes = frame("trade");
    bytes[8 + 24] = 9;
    let trade = decoded!(Trade, bytes);
    assert_eq!((trade.side(), u8::from(trade.side())), (Side::Unknown(9), 9));
    assert_eq!(
        (trade.side().as_str(), trade.side().to_string().as_str()),
        ("UNKNOWN", "UNKNOWN_9")
    );
    let trade: types::Trade = trade.into();
    assert_eq!(
        trade.side.as_ref().map(types::OrderSide::as_str),
        Some("UNKNOWN_9")
    );
    for value in 0..=255 {
        assert_eq!(u8::from(Side::from(value)), value);
    }
    assert_eq!(Side::KNOWN, [Side::Buy, Side::Sell, Side::NonRepresentable]);
}

#[test]
fn enum_becomes_the_value_of_rest() {
    assert_eq!(Side::Buy.to_order_side(), Some(types::OrderSide::Buy));
    assert_eq!(Side::Sell.to_position_side(), Some(types::PositionSide::Short));
    let odd = Side::NonRepresentable.to_order_side().unwrap();
    assert_eq!((odd.is_known(), odd.as_str()), (false, "NON_REPRESENTABLE"));
    assert_eq!(
        AssetKind::PerpetualFuture.to_asset_kind(),
        Some(types::AssetKind::Perp)
    );
    assert_eq!(
        (
            AssetKind::Unspecified.to_asset_kind(),
            StpMode::None.to_stp_mode()
        ),
        (None, None)
    );
    assert_eq!(
        (
            PositionStatus::Unspecified.to_position_status(),
            StpMode::ExpireBoth.to_stp_mode()
        ),
        (None, Some(types::StpMode::ExpireBoth))
    );
}

/// Every value of REST comes from exactly one number.
fn covered<T: PartialEq + std::fmt::Debug>(known: &[T], convert: impl Fn(u8) -> Option<T>) {
    for value in known {
        assert_eq!(
            (0..=255)
                .filter(|number| convert(*number).as_ref() == Some(value))
                .count(),
            1,
            "{value:?}"
        );
    }
}

#[test]
fn every_value_of_rest_comes_from_one_number() {
    covered(types::OrderSide::KNOWN, |number| {
        Side::from(number).to_order_side()
    });
    covered(types::PositionSide::KNOWN, |number| {
        Side::from(number).to_position_side()
    });
    covered(types::OrderType::KNOWN, |number| {
        OrderType::from(number).to_order_type()
    });
    covered(types::OrderStatus::KNOWN, |number| {
        OrderStatus::from(number).to_order_status()
    });
    covered(types::OrderInstruction::KNOWN, |number| {
        TimeInForce::from(number).to_order_instruction()
    });
    covered(types::FillType::KNOWN, |number| {
        FillType::from(number).to_fill_type()
    });
    covered(types::TraderRole::KNOWN, |number| {
        LiquiditySide::from(number).to_trader_role()
    });
    covered(types::StpMode::KNOWN, |number| {
        StpMode::from(number).to_stp_mode()
    });
    covered(types::PositionStatus::KNOWN, |number| {
        PositionStatus::from(number).to_position_status()
    });
}

#[test]
fn unknown_flags_are_kept() {
    let flags = OrderFlags::from(0b1100_0001);
    assert!(flags.contains(OrderFlags::REDUCE_ONLY) && !flags.contains(OrderFlags::MMP));
    assert_eq!((flags.bits(), flags.unknown().bits()), (0b1100_0001, 0b1100_0000));
    assert_eq!(flags.names().collect::<Vec<_>>(), ["REDUCE_ONLY"]);
    let names: Vec<_> = flags
        .to_order_flags()
        .iter()
        .map(|flag| flag.as_str().to_owned())
        .collect();
    assert_eq!(names, ["REDUCE_ONLY", "UNKNOWN_BIT_6", "UNKNOWN_BIT_7"]);
    assert_eq!(format!("{flags:?}"), "{\"REDUCE_ONLY\", \"0b11000000\"}");
    let fill = FillFlags::INTERACTIVE | FillFlags::FASTFILL;
    assert_eq!(
        fill.to_fill_flags(),
        [types::FillFlag::Interactive, types::FillFlag::Fastfill]
    );
    assert!(!FillFlags::UNKNOWN.to_fill_flags()[0].is_known());
    assert!(OrderFlags::from(0).is_empty());
}

#[test]
fn address_has_no_leading_zeros() {
    let text = "0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7";
    let address = AccountAddress::from_hex(text).unwrap();
    assert_eq!(address.to_string(), text);
    assert_eq!(
        AccountAddress::from_hex(&format!("0x0{}", &text[2..])),
        Some(address)
    );
    assert_eq!(AccountAddress::from_hex(&text[2..]), Some(address));
    assert_eq!(address.as_bytes()[..3], [0x04, 0x9d, 0x36]);
    assert_eq!(AccountAddress::default().to_string(), "0x0");
    assert_eq!(
        AccountAddress::from_hex(&"f".repeat(64)),
        Some(AccountAddress::new([0xff; 32]))
    );
    for wrong in ["", "0x", "0xg", "0x-1", "0xé", &"0".repeat(65)] {
        assert_eq!(AccountAddress::from_hex(wrong), None, "{wrong}");
    }
}
