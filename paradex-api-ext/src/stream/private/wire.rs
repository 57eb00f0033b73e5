//! The socket of a private connection: what is to be written, and what was read. It logs nothing.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use zeroize::Zeroizing;

use crate::stream::frame::{self, Decoder, Incoming, Violation};

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;
/// While more bytes than this wait to be written, pings get no response.
const MANY: usize = 64 << 10;

/// What happened on the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Bytes arrived, so there may be messages.
    Read,
    /// Everything is written.
    Written,
    /// The other end closed.
    Ended,
}

pub(super) struct Wire<S> {
    stream: S,
    decoder: Decoder,
    chunk: Box<[u8]>,
    /// Frames that wait to be written, each overwritten on drop.
    frames: std::collections::VecDeque<Zeroizing<Vec<u8>>>,
    /// Bytes of the first frame that are written.
    written: usize,
    needs_flush: bool,
    /// Since when nothing could be written.
    stuck_since: Option<Instant>,
    /// An error that [`progress`](Wire::progress) has not returned yet.
    failed: Option<io::Error>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            decoder: Decoder::default(),
            chunk: vec![0; CHUNK].into_boxed_slice(),
            frames: std::collections::VecDeque::new(),
            written: 0,
            needs_flush: false,
            stuck_since: None,
            failed: None,
        }
    }

    /// Whether everything is written.
    pub(super) fn is_drained(&self) -> bool {
        self.frames.is_empty() && !self.needs_flush
    }

    /// Since when nothing could be written, if something waits.
    pub(super) fn stuck_since(&self) -> Option<Instant> {
        self.stuck_since
    }

    pub(super) fn push(&mut self, now: Instant, frame: Zeroizing<Vec<u8>>) {
        self.frames.push_back(frame);
        self.stuck_since.get_or_insert(now);
    }

    pub(super) fn push_text(&mut self, now: Instant, text: &[u8]) {
        self.push(now, frame::text_frame(text, frame::mask()));
    }

    /// Responds to a ping.
    pub(super) fn pong(&mut self, now: Instant, payload: &[u8]) {
        if self.frames.iter().map(|frame| frame.len()).sum::<usize>() < MANY {
            self.push(now, frame::pong_frame(payload));
        }
    }

    /// The next message that has arrived.
    pub(super) fn message(&mut self) -> Result<Option<Incoming<'_>>, Violation> {
        self.decoder.next()
    }

    /// Writes and reads until something happened. It loses nothing if it is dropped.
    pub(super) async fn progress(&mut self, now: impl Fn() -> Instant) -> io::Result<Progress> {
        let was_drained = self.is_drained();
        poll_fn(|context| {
            if let Some(error) = self.failed.take() {
                return Poll::Ready(Err(error));
            }
            self.poll_write(context, &now)?;
            let mut buffer = ReadBuf::new(&mut self.chunk);
            if Pin::new(&mut self.stream)
                .poll_read(context, &mut buffer)?
                .is_ready()
            {
                let bytes = buffer.filled();
                if bytes.is_empty() {
                    return Poll::Ready(Ok(Progress::Ended));
                }
                self.decoder.extend(bytes);
                return Poll::Ready(Ok(Progress::Read));
            }
            match self.is_drained() && !was_drained {
                true => Poll::Ready(Ok(Progress::Written)),
                false => Poll::Pending,
            }
        })
        .await
    }

    /// Writes what the socket takes at once.
    pub(super) async fn write_now(&mut self, now: impl Fn() -> Instant) {
        poll_fn(|context| {
            if let Err(error) = self.poll_write(context, &now) {
                self.failed = Some(error);
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Writes what waits, without reading.
    pub(super) async fn drain(&mut self, now: impl Fn() -> Instant) -> io::Result<()> {
        poll_fn(|context| {
            self.poll_write(context, &now)?;
            match self.is_drained() {
                true => Poll::Ready(Ok(())),
                false => Poll::Pending,
            }
        })
        .await
    }

    fn poll_write(&mut self, context: &mut Context<'_>, now: &impl Fn() -> Instant) -> io::Result<()> {
        while let Some(frame) = self.frames.front() {
            let rest = frame.get(self.written..).unwrap_or_default();
            match Pin::new(&mut self.stream).poll_write(context, rest) {
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(count)) => {
                    self.needs_flush = true;
                    self.written += count;
                    self.stuck_since = Some(now());
                    if self.written >= frame.len() {
                        self.frames.pop_front();
                        self.written = 0;
                    }
                }
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(()),
            }
        }
        if self.needs_flush && Pin::new(&mut self.stream).poll_flush(context)?.is_ready() {
            self.needs_flush = false;
        }
        if self.is_drained() {
            self.stuck_since = None;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;
    use std::time::{Duration, Instant};

    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::{MANY, Progress, Wire};
    use crate::stream::frame::{self, Incoming};

    /// A wire whose other end takes this many bytes before it reads.
    fn wire(buffer: usize) -> (Wire<DuplexStream>, DuplexStream) {
        let (near, far) = duplex(buffer);
        (Wire::new(near), far)
    }

    /// Polls once, and expects that there is nothing more to do.
    async fn wait(wire: &mut Wire<DuplexStream>, now: Instant) {
        let mut progress = pin!(wire.progress(|| now));
        std::future::poll_fn(|context| {
            assert!(progress.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn frames_are_written_whole_and_in_order_however_little_the_other_end_takes() {
        let (mut wire, mut far) = wire(7);
        let now = Instant::now();
        let frames =
            ["a".repeat(300), "b".repeat(20)].map(|text| frame::text_frame(text.as_bytes(), [1, 2, 3, 4]));
        let expected = [frames[0].as_slice(), frames[1].as_slice()].concat();
        for frame in frames {
            wire.push(now, frame);
        }
        let mut written = Vec::new();
        while written.len() < expected.len() {
            // Given up and begun again for every few bytes.
            wait(&mut wire, now).await;
            assert!(!wire.is_drained());
            let mut some = [0; 5];
            let count = far.read(&mut some).await.unwrap();
            written.extend_from_slice(&some[..count]);
            if written.len() + 7 >= expected.len() {
                assert_eq!(wire.progress(|| now).await.unwrap(), Progress::Written);
                let rest = expected.len() - written.len();
                let mut last = vec![0; rest];
                far.read_exact(&mut last).await.unwrap();
                written.extend(last);
            }
        }
        assert_eq!(written, expected);
        assert!(wire.is_drained());
    }

    #[tokio::test]
    async fn time_since_the_last_written_byte_is_known_while_something_waits() {
        let (mut wire, mut far) = wire(10);
        let start = Instant::now();
        let clock = Cell::new(start);
        let pass = || {
            clock.set(clock.get() + Duration::from_secs(1));
            clock.get()
        };
        assert_eq!(wire.stuck_since(), None);
        wire.push_text(start, &[b'a'; 24]);
        assert_eq!(wire.stuck_since(), Some(start));
        let wrote = pass();
        wait(&mut wire, wrote).await;
        assert_eq!(wire.stuck_since(), Some(wrote));
        // Neither a poll nor another frame is progress.
        wait(&mut wire, pass()).await;
        wire.push_text(pass(), b"b");
        assert_eq!(wire.stuck_since(), Some(wrote));
        far.read_exact(&mut [0; 10]).await.unwrap();
        let wrote = pass();
        wait(&mut wire, wrote).await;
        assert_eq!(wire.stuck_since(), Some(wrote));
        // A mask of four bytes and a head of two for each.
        let mut rest = [0; 30 + 7 - 10];
        let (progress, read) = tokio::join!(wire.progress(|| clock.get()), far.read_exact(&mut rest));
        assert_eq!(
            (progress.unwrap(), read.unwrap()),
            (Progress::Written, rest.len())
        );
        assert_eq!(wire.stuck_since(), None);
    }

    #[tokio::test]
    async fn pings_get_no_response_while_much_waits_to_be_written() {
        let (mut wire, mut far) = wire(MANY * 2);
        let now = Instant::now();
        wire.pong(now, b"one");
        wire.push_text(now, &vec![b'a'; MANY]);
        for _ in 0..100 {
            wire.pong(now, b"two");
        }
        wire.drain(|| now).await.unwrap();
        drop(wire);
        let mut written = Vec::new();
        far.read_to_end(&mut written).await.unwrap();
        assert_eq!(written.len(), (2 + 4 + 3) + (10 + 4 + MANY));
    }

    #[tokio::test]
    async fn messages_arrive_while_nothing_can_be_written() {
        let (mut wire, mut far) = wire(8);
        let now = Instant::now();
        wire.push_text(now, &[b'a'; 100]);
        far.write_all(&[0x81, 2, b'h', b'i']).await.unwrap();
        assert_eq!(wire.progress(|| now).await.unwrap(), Progress::Read);
        assert_eq!(wire.message().unwrap(), Some(Incoming::Text("hi")));
        assert_eq!(wire.message().unwrap(), None);
        drop(far);
        assert!(
            wire.progress(|| now).await.is_err(),
            "a frame that waits cannot be written"
        );
        let (mut wire, far) = self::wire(8);
        drop(far);
        assert_eq!(wire.progress(|| now).await.unwrap(), Progress::Ended);
    }
}
