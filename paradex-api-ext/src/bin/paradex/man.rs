//! `paradex man`.

use std::path::Path;

use crate::args;
use crate::console::{Console, Exit, Failure, line};

/// Writes a page for each command. A page of an earlier version is replaced.
pub(crate) fn run(folder: &Path, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let failed = |error| Failure::file("written", folder, &error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let command = args::command();
    let pages = count(&command);
    clap_mangen::generate_to(command, folder).map_err(failed)?;
    let json = serde_json::json!({"folder": folder.to_string_lossy(), "pages": pages});
    let text = format!(
        "wrote {pages} manual pages to {}",
        line(&folder.display().to_string())
    );
    console.result(&json, text)?;
    Ok(Exit::Done)
}

fn count(command: &clap::Command) -> usize {
    1 + command.get_subcommands().map(count).sum::<usize>()
}
