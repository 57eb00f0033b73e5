//! A table that changes in its place on a terminal.

use std::io;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use paradex_api_ext::stream::Outage;

use super::{Output, Seen, View};
use crate::style::paint;

/// Draws a table on the terminal of the standard output. It stays there at the end.
pub(crate) struct Screen {
    table: Box<dyn View + Send>,
    bar: ProgressBar,
    color: bool,
    has_changed: bool,
}

impl Screen {
    pub(crate) fn start(table: impl View + Send + 'static, color: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        // The bar writes to the terminal itself, so nothing removes colours later.
        let stdout = anstream::AutoStream::choice(&io::stdout());
        Self {
            table: Box::new(table),
            bar,
            color: color && stdout != anstream::ColorChoice::Never,
            has_changed: true,
        }
    }
}

impl Output for Screen {
    fn show(&mut self, seen: &Seen) -> io::Result<()> {
        self.table.apply(seen);
        self.has_changed = true;
        Ok(())
    }

    fn outage(&mut self, outage: Option<&Outage>) -> io::Result<()> {
        self.table.set_outage(outage);
        self.has_changed = true;
        Ok(())
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        self.table.set_note(text);
        self.has_changed = true;
        Ok(())
    }

    fn draw(&mut self) {
        if std::mem::take(&mut self.has_changed) {
            let text = self.table.to_string();
            self.bar.set_message(match self.color {
                true => paint(&text),
                false => text,
            });
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}
