//! A server of WebSockets that does what a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use paradex_api::testing::sbe::BboEvent;
use paradex_api_ext::paradex_api::serde_json::{self, Value};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use super::frames::trade;

pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// Decides about a request by its head: `None` accepts a WebSocket, and a text is the whole response.
type Decide = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

pub(crate) struct Server {
    pub(crate) url: String,
    peers: mpsc::UnboundedReceiver<Peer>,
    task: AbortHandle,
}

/// The server's end of one connection.
pub(crate) struct Peer {
    /// The head of the request.
    pub(crate) head: String,
    socket: WebSocketStream<Box<dyn Io>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::deciding(|_| None).await
    }

    pub(crate) async fn deciding(decide: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        let plain = |socket| async move { Some(Box::new(socket) as Box<dyn Io>) };
        Self::over("http://127.0.0.1", Arc::new(decide), plain).await
    }

    /// A server whose sockets are wrapped first, for example in TLS.
    pub(crate) async fn over<W, F>(scheme: &str, decide: Decide, wrap: W) -> Self
    where
        W: Fn(tokio::net::TcpStream) -> F + Send + Sync + 'static,
        F: Future<Output = Option<Box<dyn Io>>> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}:{}", listener.local_addr().unwrap().port());
        let (sender, peers) = mpsc::unbounded_channel();
        let wrap = Arc::new(wrap);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (decide, sender, wrap) = (Arc::clone(&decide), sender.clone(), Arc::clone(&wrap));
                tokio::spawn(async move {
                    if let Some(socket) = wrap(socket).await
                        && let Some(peer) = handshake(socket, &decide).await
                    {
                        let _ = sender.send(peer);
                    }
                });
            }
        });
        Self {
            url,
            peers,
            task: task.abort_handle(),
        }
    }

    /// Waits for the next connection.
    pub(crate) async fn accept(&mut self) -> Peer {
        let peer = tokio::time::timeout(Duration::from_secs(60), self.peers.recv()).await;
        peer.expect("nobody connects").unwrap()
    }

    /// Whether nobody else has connected.
    pub(crate) fn has_no_peer(&mut self) -> bool {
        self.peers.try_recv().is_err()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn handshake(mut socket: Box<dyn Io>, decide: &Decide) -> Option<Peer> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    if let Some(response) = decide(&head) {
        let _ = socket.write_all(response.as_bytes()).await;
        let _ = socket.shutdown().await;
        return None;
    }
    let key = header(&head, "sec-websocket-key")?;
    let accept = derive_accept_key(key.as_bytes());
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {accept}\r\n\r\n"
    );
    socket.write_all(response.as_bytes()).await.ok()?;
    let socket = WebSocketStream::from_raw_socket(socket, Role::Server, None).await;
    Some(Peer { head, socket })
}

/// A header of a request.
pub(crate) fn header(head: &str, name: &str) -> Option<String> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// A response without a body.
pub(crate) fn status(status: &str, more: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n")
}

/// A response with a body of JSON.
pub(crate) fn json(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

impl Peer {
    /// Waits for this request and acknowledges it.
    pub(crate) async fn acknowledge(&mut self, method: &str, channel: &str) {
        let request = self.request().await;
        assert_eq!(
            (request["method"].as_str(), request["params"]["channel"].as_str()),
            (Some(method), Some(channel))
        );
        self.text(format!(
            r#"{{"jsonrpc":"2.0","result":{{"channel":"{channel}"}},"id":{}}}"#,
            request["id"]
        ))
        .await;
    }

    pub(crate) async fn request(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(60), self.socket.next()).await;
            match message.expect("nothing is asked for") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Responds to a request.
    #[allow(dead_code, reason = "only tests of private connections need it")]
    pub(crate) async fn respond(&mut self, request: &Value, result: Value) {
        let id = &request["id"];
        self.text(format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#))
            .await;
    }

    /// Refuses a request with this code.
    #[allow(dead_code, reason = "only tests of private connections need it")]
    pub(crate) async fn refuse(&mut self, request: &Value, code: i64) {
        let id = &request["id"];
        self.text(format!(
            r#"{{"jsonrpc":"2.0","error":{{"code":{code},"message":"no"}},"id":{id}}}"#
        ))
        .await;
    }

    /// Closes the connection with this code and reason.
    #[allow(dead_code, reason = "only tests of private connections need it")]
    pub(crate) async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame {
            code: code.into(),
            reason: reason.into(),
        };
        let _ = self.socket.close(Some(frame)).await;
    }

    pub(crate) async fn text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn send(&mut self, frame: Vec<u8>) {
        self.socket.send(Message::binary(frame)).await.unwrap();
    }

    /// Sends many frames at once.
    pub(crate) async fn send_all(&mut self, frames: impl IntoIterator<Item = Vec<u8>>) {
        for frame in frames {
            self.socket.feed(Message::binary(frame)).await.unwrap();
        }
        self.socket.flush().await.unwrap();
    }

    /// Acknowledges everything, and sends the numbered trades of `trades.X` while this connection is the newest one.
    pub(crate) async fn serve_trades(mut self, number: u64, newest: Arc<AtomicU64>, last: Arc<AtomicU64>) {
        let mut is_subscribed = false;
        let mut pause = tokio::time::interval(Duration::from_millis(1));
        while newest.load(Ordering::SeqCst) == number {
            tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(Message::Text(text))) => {
                        let request: Value = serde_json::from_str(&text).unwrap();
                        is_subscribed |= request["params"]["channel"] == "trades.X";
                        let id = &request["id"];
                        let response = format!(r#"{{"jsonrpc":"2.0","result":{{}},"id":{id}}}"#);
                        if self.socket.send(Message::text(response)).await.is_err() {
                            return;
                        }
                    }
                    Some(Ok(_)) => {}
                    _ => return,
                },
                _ = pause.tick(), if is_subscribed => {
                    for _ in 0..20 {
                        if newest.load(Ordering::SeqCst) != number {
                            return;
                        }
                        let id = last.fetch_add(1, Ordering::SeqCst) + 1;
                        if self.socket.send(Message::binary(trade("X", id))).await.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Waits until the client has closed the connection.
    pub(crate) async fn closed(mut self) {
        let end = async {
            while let Some(Ok(message)) = self.socket.next().await {
                if message.is_close() {
                    let _ = self.socket.flush().await;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), end)
            .await
            .expect("the connection stays open");
    }
}

pub(crate) fn bbo(market: &str, seq: i64) -> Vec<u8> {
    let event = BboEvent {
        ts: 1_800_000_000_000_000,
        seq,
        bid_price: Some("100.5".parse().unwrap()),
        bid_size: Some(2.into()),
        market: market.to_owned(),
        ..BboEvent::default()
    };
    event.encode(2)
}
