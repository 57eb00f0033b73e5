//! How many frames of each kind have arrived.

/// Totals since the last time that they were taken, for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FrameCounts {
    pub(super) frames: u64,
    pub(super) unreadable: u64,
    pub(super) unknown: u64,
}

impl FrameCounts {
    /// Records them as metrics and begins anew. Returns how many frames could not be decoded.
    pub(super) fn record(&mut self) -> u64 {
        let counts = std::mem::take(self);
        #[cfg(feature = "metrics")]
        for (kind, count) in [
            ("data", counts.frames - counts.unreadable - counts.unknown),
            ("unreadable", counts.unreadable),
            ("unknown", counts.unknown),
        ] {
            if count > 0 {
                metrics::counter!("paradex_stream_frames_total", "kind" => kind).increment(count);
            }
        }
        counts.unreadable
    }
}
