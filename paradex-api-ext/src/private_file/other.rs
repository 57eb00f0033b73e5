//! Systems other than Unix, where files have no such owner and mode.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

pub(super) fn create_private(_: &mut OpenOptions) {}

pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

pub(super) fn open_descriptor(_: u32) -> io::Result<File> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "this system has no numbered descriptors: name a file",
    ))
}

pub(super) fn open_without_waiting(_: &mut OpenOptions) {}

pub(super) fn check_file(_: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn check_folder(_: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn check_pipe(_: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn check_shared(_: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn check_protected(_: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn check_links(_: &Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
