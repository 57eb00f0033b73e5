//! Bodies in the format gzip, without compressing them: a client cannot tell, and decompresses them in the same way.

/// The header: no name, no time, any system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Returns a body as a file of gzip (RFC 1952) with stored blocks (RFC 1951).
pub(super) fn wrap(body: &[u8]) -> Vec<u8> {
    let mut file = HEADER.to_vec();
    let mut blocks = body.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let is_last = u8::from(blocks.peek().is_none());
        // A chunk has no more bytes than fit.
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        file.push(is_last);
        file.extend(length.to_le_bytes());
        file.extend((!length).to_le_bytes());
        file.extend(block);
    }
    file.extend(crc32(body).to_le_bytes());
    let length = u32::try_from(body.len() & 0xffff_ffff).unwrap_or_default();
    file.extend(length.to_le_bytes());
    file
}

/// The check sum of gzip.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let is_odd = sum & 1 == 1;
            sum >>= 1;
            if is_odd {
                sum ^= 0xedb8_8320;
            }
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn check_sum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
