//! Progress of long work, on the standard error of a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar, which disappears when it is dropped. It is hidden if nobody would see it.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Starts a bar for this many steps. `what` says what is done, such as `reading accounts`.
    pub(crate) fn start(is_visible: bool, what: &'static str, steps: usize) -> Self {
        // One step is done before anybody looks.
        if !is_visible || steps < 2 {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{bar:24}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Counts a step.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }

    /// Hides the bar while something else is printed.
    pub(crate) fn pause<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
