//! The golden frames, and everything that can be read of a message.

use paradex_api::sbe::Message;

/// A golden frame: its name, its text, and the versions of the schema whose frames have this layout.
pub const FRAMES: &[(&str, &str, &[u16])] = &[
    ("trade", include_str!("frames/trade.hex"), &[0, 1, 2]),
    ("trade-2", include_str!("frames/trade-2.hex"), &[2]),
    ("bbo", include_str!("frames/bbo.hex"), &[0, 1, 2]),
    ("book", include_str!("frames/book.hex"), &[0, 1, 2]),
    ("summary", include_str!("frames/summary.hex"), &[0]),
    ("summary-1", include_str!("frames/summary-1.hex"), &[1, 2]),
    ("funding", include_str!("frames/funding.hex"), &[0]),
    ("funding-1", include_str!("frames/funding-1.hex"), &[1, 2]),
    ("comparison", include_str!("frames/comparison.hex"), &[1, 2]),
    ("order", include_str!("frames/order.hex"), &[0, 1, 2]),
    ("order-2", include_str!("frames/order-2.hex"), &[2]),
    ("fill", include_str!("frames/fill.hex"), &[0, 1]),
    ("fill-2", include_str!("frames/fill-2.hex"), &[2]),
    ("position", include_str!("frames/position.hex"), &[0, 1, 2]),
    ("account", include_str!("frames/account.hex"), &[0, 1, 2]),
    ("account-2", include_str!("frames/account-2.hex"), &[2]),
    ("heartbeat", include_str!("frames/heartbeat.hex"), &[0, 1, 2]),
    ("subscribed", include_str!("frames/subscribed.hex"), &[0, 1, 2]),
];

/// The bytes of a golden frame. A line has bytes in hexadecimal, and after `#` what they are.
pub fn frame(name: &str) -> Vec<u8> {
    let (_, text, _) = FRAMES.iter().find(|(known, ..)| *known == name).unwrap();
    let digits: Vec<u8> = text
        .lines()
        .flat_map(|line| line.split('#').next().unwrap().chars())
        .filter_map(|c| c.to_digit(16))
        .map(|digit| u8::try_from(digit).unwrap())
        .collect();
    assert_eq!(digits.len() % 2, 0, "{name}");
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Every golden frame in every version that has its layout.
pub fn frames() -> impl Iterator<Item = (&'static str, u16, Vec<u8>)> {
    FRAMES.iter().flat_map(|(name, _, versions)| {
        versions.iter().map(|version| {
            let mut frame = frame(name);
            frame[6..8].copy_from_slice(&version.to_le_bytes());
            (*name, *version, frame)
        })
    })
}

/// Everything that the getters return, without the header.
pub fn shown(frame: &[u8]) -> String {
    format!("{:?}", Message::decode(frame).unwrap())
}

macro_rules! decoded {
    ($variant:ident, $frame:expr) => {
        match paradex_api::sbe::Message::decode(&$frame).unwrap() {
            paradex_api::sbe::Message::$variant(event) => event,
            other => panic!("{other:?}"),
        }
    };
}
pub(crate) use decoded;
