//! Frames that are incomplete, longer than expected, or of something else.

use paradex_api::sbe::{Error, Header, Message};

use crate::support::{decoded, frame, frames, shown};

/// The lengths at which a frame is whole although it is shorter: it ends where a text begins that was added in place.
fn whole(name: &str, version: u16) -> &'static [usize] {
    match (name, version) {
        // Without tradeIdStr; without requestMessage or both texts; without feeCurrency.
        ("trade-2", 2) => &[29],
        ("order-2", 2) => &[1, 4],
        ("fill-2", 2) => &[5],
        _ => &[],
    }
}

#[test]
fn every_truncation_is_an_error_that_says_how_much_is_missing() {
    for (name, version, bytes) in frames() {
        for length in 0..bytes.len() {
            let cut = &bytes[..length];
            if whole(name, version).contains(&(bytes.len() - length)) {
                assert!(Message::decode(cut).is_ok(), "{name} to {length}");
                continue;
            }
            let Err(Error::Truncated { part, at, missing }) = Message::decode(cut) else {
                panic!("{name} to {length}: {:?}", Message::decode(cut));
            };
            assert_eq!(at, length, "{name}");
            assert!(
                missing > 0 && missing <= bytes.len() - length,
                "{name} to {length}: {missing} of {part}"
            );
            let rest = &bytes[length..];
            // With the missing bytes, this part is complete; with one byte less, it is not.
            let more = [cut, &rest[..missing - 1]].concat();
            assert!(
                matches!(Message::decode(&more), Err(Error::Truncated { part: same, .. }) if same == part),
                "{name}"
            );
            let whole = [cut, &rest[..missing]].concat();
            assert_ne!(
                Message::decode(&whole).err(),
                Some(Error::Truncated {
                    part,
                    at: length,
                    missing
                })
            );
        }
    }
}

#[test]
fn longer_block_is_read_up_to_what_is_known() {
    for (name, version, bytes) in frames() {
        for more in [1, 3, 200] {
            let block = usize::from(Header::decode(&bytes).unwrap().block_length);
            let mut longer = bytes.clone();
            longer[0..2].copy_from_slice(&u16::try_from(block + more).unwrap().to_le_bytes());
            longer.splice(8 + block..8 + block, std::iter::repeat_n(0x7f, more));
            // An older layout of version 2 with a longer block is taken for the newer one.
            let grows = version == 2 && matches!(name, "order" | "account");
            if grows {
                assert!(Message::decode(&longer).is_ok(), "{name}");
            } else {
                assert_eq!(shown(&longer), shown(&bytes), "{name} with {more} more");
            }
        }
    }
}

#[test]
fn version_decides_as_well_as_length() {
    for name in [
        "trade-2",
        "order-2",
        "fill-2",
        "account-2",
        "summary-1",
        "funding-1",
    ] {
        let mut bytes = frame(name);
        bytes[6] = 0;
        let older = name.strip_suffix("-2").or(name.strip_suffix("-1")).unwrap();
        assert_eq!(shown(&bytes), shown(&frame(older)), "{name}");
    }
}

#[test]
fn newer_version_with_more_of_everything_is_read() {
    for (name, _, mut bytes) in frames() {
        bytes[6] = 9;
        bytes.extend(b"\x03abc\x00more");
        let message = Message::decode(&bytes).unwrap();
        assert_eq!(
            (message.header().version, message.name().is_some()),
            (9, true),
            "{name}"
        );
    }
}

#[test]
fn longer_entries_of_a_group_are_read_up_to_what_is_known() {
    let bytes = frame("book");
    let group = 8 + 89;
    let mut longer = bytes[..group].to_vec();
    longer.extend([18, 0, 2, 0]);
    for entry in bytes[group + 4..group + 36].chunks(16) {
        longer.extend(entry);
        longer.extend([0xff, 0xff]);
    }
    longer.extend(&bytes[group + 36..]);
    assert_eq!(shown(&longer), shown(&bytes));
}

#[test]
fn empty_group_may_give_any_length() {
    for length in [0, 5, u16::MAX] {
        let mut bytes = frame("book")[..8 + 89].to_vec();
        bytes.extend(length.to_le_bytes());
        bytes.extend([0, 0, 0, 0, 0, 0, 1, b'X']);
        let book = decoded!(Book, bytes);
        assert_eq!(
            (book.bids().len(), book.asks().iter().count(), book.market()),
            (0, 0, "X")
        );
    }
}

#[test]
fn short_blocks_and_impossible_groups_are_errors() {
    let mut bytes = frame("bbo");
    bytes[0] = 47;
    assert_eq!(
        Message::decode(&bytes).unwrap_err(),
        Error::BlockTooShort {
            part: "BboEvent",
            length: 47,
            minimum: 48
        }
    );
    let mut bytes = frame("book");
    bytes[8 + 89] = 15;
    assert_eq!(
        Message::decode(&bytes).unwrap_err(),
        Error::BlockTooShort {
            part: "BookEvent.bids",
            length: 15,
            minimum: 16
        }
    );
    let mut bytes = frame("book");
    bytes[8 + 89..8 + 93].fill(0xff);
    let error = Message::decode(&bytes).unwrap_err();
    let Error::Truncated {
        part: "BookEvent.bids",
        missing,
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(missing, 65_535 * 65_535 - (bytes.len() - 8 - 93));
}

#[test]
fn errors_name_the_cause() {
    let mut bytes = frame("bbo");
    let last = bytes.len() - 1;
    bytes[last] = 0xff;
    assert_eq!(
        Message::decode(&bytes).unwrap_err().to_string(),
        "the text BboEvent.market of the SBE frame is not UTF-8"
    );
    bytes[4] = 2;
    let error = Message::decode(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the SBE frame has schema id 2, and this crate decodes schema id 1"
    );
    let error = Message::decode(&bytes[..3]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the SBE frame ends in the header: 5 bytes are missing after byte 3"
    );
}

#[test]
fn null_where_a_value_is_required_is_an_error() {
    let null = i64::MIN.to_le_bytes();
    let mut bytes = frame("trade");
    bytes[8 + 25..8 + 33].copy_from_slice(&null);
    assert_eq!(
        Message::decode(&bytes).unwrap_err(),
        Error::NullRequired {
            part: "TradeEvent.price"
        }
    );
    let mut bytes = frame("book");
    let size = 8 + 89 + 4 + 16 + 8;
    bytes[size..size + 8].copy_from_slice(&null);
    let error = Message::decode(&bytes).unwrap_err();
    assert!(
        matches!(error, Error::NullRequired { part } if part.ends_with(".size")),
        "{error}"
    );
}

#[test]
fn unknown_template_is_kept() {
    let mut bytes = frame("bbo");
    bytes[2..4].copy_from_slice(&999_u16.to_le_bytes());
    let unknown = decoded!(Unknown, bytes);
    assert_eq!((unknown.header().template_id, unknown.body()), (999, &bytes[8..]));
    // Nothing is known of its form, so its block may have any length.
    bytes[0..2].fill(0xff);
    let message = Message::decode(&bytes).unwrap();
    assert_eq!(
        (message.name(), message.market(), message.header().block_length),
        (None, None, u16::MAX)
    );
}
