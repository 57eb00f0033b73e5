//! Sends the metrics and the tracing spans of calls to OpenTelemetry.
//!
//! It runs against a simulator in this process, without an account and without a network. The exporters keep everything in
//! memory. To send it to a collector, use those of the crate `opentelemetry-otlp` in their place.

use std::error::Error;

use metrics_opentelemetry::{OpenTelemetryMetrics, OpenTelemetryRecorder};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use paradex_api_ext::paradex_api::operations::LIST_POSITIONS;
use paradex_api_ext::paradex_api::reqwest::StatusCode;
use paradex_api_ext::simulator::{Fault, Injection, Simulator};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Metrics: the client writes to the recorder of the crate `metrics`, which passes them on to OpenTelemetry.
    let metrics = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(metrics.clone()).build();
    let meters = SdkMeterProvider::builder().with_reader(reader).build();
    let recorder = OpenTelemetryRecorder::new(OpenTelemetryMetrics::new(meters.meter("desk")));
    // The usual limits of buckets are for milliseconds, and durations are in seconds.
    let durations = ["paradex_call_duration_seconds", "paradex_phase_duration_seconds"];
    recorder.set_histogram_bounds(durations.into_iter(), &[0.005, 0.02, 0.1, 0.5, 2.0, 10.0]);
    metrics::set_global_recorder(recorder)?;

    // Traces: the client opens a span of the crate `tracing` for each call, at level DEBUG.
    let spans = InMemorySpanExporter::default();
    let tracers = SdkTracerProvider::builder()
        .with_simple_exporter(spans.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(tracers.tracer("desk"));
    let call_spans = "paradex_api_ext=debug".parse::<Targets>()?;
    tracing_subscriber::registry()
        .with(layer.with_filter(call_spans))
        .init();

    // The first response is a 502, and the client repeats the call.
    let exchange = Simulator::start().await?;
    exchange.inject(Injection::new(Fault::html(StatusCode::BAD_GATEWAY)).on(&LIST_POSITIONS));
    exchange.client()?.api().list_positions().send().await?;
    meters.force_flush()?;

    println!("Metrics:");
    let exported = metrics.get_finished_metrics()?;
    let scopes = exported.iter().flat_map(|resource| resource.scope_metrics());
    for metric in scopes.flat_map(|scope| scope.metrics()) {
        println!("   {}", metric.name());
    }

    println!("Spans:");
    for span in spans.get_finished_spans()? {
        let http_attributes = span
            .attributes
            .iter()
            .filter(|attribute| attribute.key.as_str().starts_with("http."));
        let shown = http_attributes.map(|attribute| format!(" {}={}", attribute.key, attribute.value));
        println!("   {}:{}", span.name, shown.collect::<String>());
    }
    Ok(())
}
