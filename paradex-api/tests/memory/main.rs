//! The peak memory of a call, for any response, counted by the allocator.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../wire/arguments.rs"]
mod arguments;
#[path = "../wire/calls.rs"]
#[rustfmt::skip]
mod calls;
mod hostile;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "nothing here looks at the requests")]
mod server;

use std::sync::{Arc, Mutex, PoisonError};

use paradex_api::{
    BaseUrl, BodyLimits, Bytes, Client, DecodeFuture, DecodeJob, DecodeRunner, Error, HttpTransport,
    Operation, RawResponse, RequestSecrets, Response, Transport, TransportFuture, operations, reqwest,
};
use peak_alloc::PeakAlloc;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde_json::Value;

use arguments::{Arguments, document, kebab};
use calls::call;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The limit of a body. It is a little more than a power of two, which is the worst case of buffers that double.
const BODY: usize = 66_000;

/// Runs one test at a time, because the allocator counts for all threads. What its tasks hold is freed before the next one begins.
fn run_alone(test: impl Future<Output = ()>) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

macro_rules! alone {
    ($($test:ident)*) => {
        mod alone {
            $(
                #[test]
                fn $test() {
                    super::run_alone(super::$test());
                }
            )*
        }
    };
}

alone! {
    peak_memory_of_every_operation_is_at_most_eight_times_the_limit_of_its_body
    usual_list_of_a_quarter_of_its_limit_is_decoded
    peak_memory_of_a_refusal_is_at_most_eight_times_the_limit_of_its_body
    peak_memory_of_a_call_over_http_is_at_most_eight_times_the_limit_of_its_body
    abandoned_decoding_stops_early_and_frees_its_memory
    runner_decides_when_and_where_a_body_is_decoded
    job_that_is_not_run_is_an_error_with_the_response
    value_beyond_its_budget_is_an_error_that_names_operation_budget_and_remedy
}

/// The result of a call, which is dropped at once.
struct Answered;

impl Answered {
    #[allow(clippy::new_ret_no_self, reason = "a call has a value or an error")]
    fn new<T>(response: Result<Response<T>, Error>) -> Result<Self, Error> {
        response.map(|_| Self)
    }
}

/// Returns the same body for every call.
struct Canned(StatusCode, Bytes);

impl Transport for Canned {
    fn send<'a>(&'a self, mut request: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
        // What a refusal is searched for takes memory as well.
        let token = HeaderValue::from_static("Bearer eyJhbGciOiJFUzI1NiJ9.Qm9yc2NodA-x_Y.zX81vQkRtYw");
        request.headers_mut().insert(AUTHORIZATION, token);
        let limits = BodyLimits::new().body_bytes(BODY);
        let raw = RawResponse::new(self.0, Default::default(), self.1.clone()).limits(limits);
        let raw = raw.with_request_secrets(RequestSecrets::from_request(&request));
        Box::pin(async move { Ok(raw) })
    }
}

/// Calls an operation that gets this response. Returns the peak memory, with the body, and the result of the call.
async fn peak(
    operation: &Operation,
    arguments: &Arguments,
    status: StatusCode,
    body: String,
) -> (usize, Result<Answered, Error>) {
    let size = body.len();
    let transport = Arc::new(Canned(status, body.into_bytes().into_boxed_slice().into()));
    let client = Client::with_transport(BaseUrl::testnet(), transport);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let outcome = call(&client, operation.id, arguments).await.unwrap();
    (size + MEMORY.peak_usage().saturating_sub(before), outcome)
}

async fn peak_memory_of_every_operation_is_at_most_eight_times_the_limit_of_its_body() {
    let (mut worst, mut tried) = ((0, String::new()), 0);
    for operation in operations::ALL {
        let arguments = Arguments::sample(document(), operation, 1);
        // What declares no JSON gets some all the same.
        let schema = hostile::response(document(), &kebab(operation)).unwrap_or(&Value::Null);
        for (about, body) in hostile::bodies(document(), schema, BODY) {
            tried += 1;
            let (peak, _) = peak(operation, &arguments, StatusCode::OK, body).await;
            if peak > worst.0 {
                worst = (peak, format!("{operation}: {about}"));
            }
        }
    }
    assert!(tried > 1_000, "{tried} bodies were tried");
    let times = worst.0 as f64 / BODY as f64;
    println!("{times:.2} times the limit: {}", worst.1);
    assert!(times <= 8.0, "{times:.1} times the limit: {}", worst.1);
}

async fn usual_list_of_a_quarter_of_its_limit_is_decoded() {
    let mut lists = 0;
    for operation in operations::ALL {
        let arguments = Arguments::sample(document(), operation, 1);
        let sample = document().operation(&kebab(operation)).unwrap();
        let sample = document().sample_response(sample, 1);
        let Ok(mut body) = serde_json::from_slice::<Value>(&sample.body) else {
            continue;
        };
        let Some(Value::Array(results)) = body.get_mut("results") else {
            continue;
        };
        let Some(element) = results.first().cloned() else {
            continue;
        };
        *results = vec![element.clone(); BODY / 4 / element.to_string().len()];
        lists += 1;
        let (peak, outcome) = peak(operation, &arguments, StatusCode::OK, body.to_string()).await;
        assert!(outcome.is_ok(), "{operation}: {:?}, {peak} bytes", outcome.err());
    }
    assert!(lists > 20, "{lists} lists");
}

async fn peak_memory_of_a_refusal_is_at_most_eight_times_the_limit_of_its_body() {
    let operation = &operations::LIST_MARKETS;
    let schema = document().schema("ApiError").unwrap();
    for (about, body) in hostile::bodies(document(), schema, BODY.min(64 << 10)) {
        let (peak, outcome) = peak(operation, &Arguments::default(), StatusCode::BAD_REQUEST, body).await;
        assert!(matches!(outcome, Err(Error::Response(_))), "{about}");
        assert!(peak <= 8 * BODY, "{about}: {peak} bytes");
    }
}

/// The text as gzip, without compression.
#[cfg(feature = "gzip")]
fn gzip(text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let blocks = text.chunks(0xffff);
    let last = blocks.len() - 1;
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        bytes.push(u8::from(number == last));
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(block);
    }
    let crc = text.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    });
    bytes.extend((!crc).to_le_bytes());
    bytes.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    bytes
}

async fn peak_memory_of_a_call_over_http_is_at_most_eight_times_the_limit_of_its_body() {
    // Large beside the buffers of the connection, which do not grow with the bound.
    const BODY: usize = 1_100_000;
    for (element, last) in [("{}", "{}"), ("{}", "7"), ("\"a\"", "{}")] {
        let body = format!(
            "{{\"results\":[{}{last}]}}",
            format!("{element},").repeat(BODY / (element.len() + 1) - 10)
        );
        for is_zipped in [false, cfg!(feature = "gzip")] {
            #[cfg(feature = "gzip")]
            let sent = if is_zipped {
                gzip(body.as_bytes())
            } else {
                body.clone().into_bytes()
            };
            #[cfg(not(feature = "gzip"))]
            let sent = body.clone().into_bytes();
            let sent = Bytes::from(sent);
            let server = server::Server::start(move |_| {
                let mut response = server::respond(200, Some("application/json"), sent.clone());
                if is_zipped {
                    let gzip = reqwest::header::HeaderValue::from_static("gzip");
                    response.headers_mut().insert("content-encoding", gzip);
                }
                async move { response }
            })
            .await;
            let transport = HttpTransport::new()
                .unwrap()
                .limits(BodyLimits::new().body_bytes(BODY));
            let client = Client::with_transport(BaseUrl::parse(&server.url).unwrap(), Arc::new(transport));
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let error = client.list_markets().send().await.unwrap_err();
            let peak = MEMORY.peak_usage() - before;
            assert!(
                matches!(error, Error::Decode(ref error) if error.is_over_memory_limit()),
                "{error}"
            );
            assert!(peak <= 8 * BODY, "{element}, zipped {is_zipped}: {peak} bytes");
        }
    }
}

/// Hands the job to the test.
struct Kept(tokio::sync::mpsc::UnboundedSender<DecodeJob>);

impl DecodeRunner for Kept {
    fn run(&self, job: DecodeJob) -> DecodeFuture {
        let sent = self.0.send(job).is_ok();
        Box::pin(async move {
            assert!(sent);
            std::future::pending().await
        })
    }
}

/// Gives every response to a runner.
struct Run(Arc<dyn DecodeRunner>, Bytes);

impl Transport for Run {
    fn send<'a>(&'a self, _: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
        let raw = RawResponse::new(StatusCode::OK, Default::default(), self.1.clone());
        let raw = raw.decode_with(Arc::clone(&self.0));
        Box::pin(async move { Ok(raw) })
    }
}

fn running(runner: impl DecodeRunner, body: String) -> Client {
    Client::with_transport(BaseUrl::testnet(), Arc::new(Run(Arc::new(runner), body.into())))
}

async fn abandoned_decoding_stops_early_and_frees_its_memory() {
    let (jobs, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let client = running(
        Kept(jobs),
        format!("{{\"results\":[{}{{}}]}}", "{},".repeat(4_000)),
    );
    // Whether the caller waits or has given up, the same job is run.
    for is_abandoned in [false, true] {
        let mut call = Box::pin(client.list_markets().send());
        let job = tokio::select! {
            biased;
            _ = &mut call => panic!("nobody has run the job"),
            job = kept.recv() => job.unwrap(),
        };
        let call = (!is_abandoned).then_some(call);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        job.run();
        let (peak, left) = (
            MEMORY.peak_usage() - before,
            MEMORY.current_usage().saturating_sub(before),
        );
        if is_abandoned {
            assert!(
                peak < 256 << 10 && left < 64 << 10,
                "{peak} bytes, {left} of them left"
            );
        } else {
            assert!(
                peak > 4 << 20 && left > 4 << 20,
                "{peak} bytes, {left} of them left"
            );
        }
        drop(call);
    }
}

/// Runs the job after another task of the same thread has gone on.
struct AfterAnother(Mutex<Option<tokio::sync::oneshot::Receiver<()>>>);

impl DecodeRunner for AfterAnother {
    fn run(&self, job: DecodeJob) -> DecodeFuture {
        let another = self.0.lock().unwrap().take().unwrap();
        Box::pin(async move {
            another.await?;
            std::thread::spawn(|| job.run()).join().unwrap();
            Ok(())
        })
    }
}

async fn runner_decides_when_and_where_a_body_is_decoded() {
    let (tell, another) = tokio::sync::oneshot::channel();
    let client = running(
        AfterAnother(Mutex::new(Some(another))),
        "{\"results\":[{}]}".to_owned(),
    );
    let other = async { tell.send(()).unwrap() };
    let (response, ()) = tokio::join!(client.list_markets().send(), other);
    assert_eq!(response.unwrap().results.len(), 1);
}

/// Does not run the job.
struct Idle(bool);

impl DecodeRunner for Idle {
    fn run(&self, _: DecodeJob) -> DecodeFuture {
        let fails = self.0;
        Box::pin(async move {
            if fails {
                Err("there is no thread".into())
            } else {
                Ok(())
            }
        })
    }
}

async fn job_that_is_not_run_is_an_error_with_the_response() {
    for (fails, why) in [(true, "there is no thread"), (false, "the body was not decoded")] {
        let error = running(Idle(fails), "{}".to_owned())
            .list_markets()
            .send()
            .await
            .unwrap_err();
        let Error::Decode(error) = error else {
            panic!("{error}")
        };
        assert_eq!(error.runner_error().unwrap().to_string(), why);
        assert_eq!(error.raw().body, "{}");
        assert!(!error.is_over_memory_limit());
        assert_eq!(error.into_runner_error().unwrap().to_string(), why);
    }
}

async fn value_beyond_its_budget_is_an_error_that_names_operation_budget_and_remedy() {
    let body = format!("{{\"results\":[{}{{}}]}}", "{},".repeat(BODY / 4));
    let (_, outcome) = peak(
        &operations::LIST_MARKETS,
        &Arguments::default(),
        StatusCode::OK,
        body,
    )
    .await;
    let Err(Error::Decode(error)) = outcome else {
        panic!("it was decoded")
    };
    assert!(error.is_over_memory_limit());
    let text = error.to_string();
    for part in [
        "list_markets",
        &(4 * BODY).to_string(),
        "raise the limit of the body",
    ] {
        assert!(text.contains(part), "{text}");
    }
}
