//! The error of work that consists of several calls, such as a rotation or a feed.

use std::error::Error as StdError;
use std::fmt;

use super::Error;
use super::call::CallFacts;

/// An error of work that consists of several calls. It says of the call that failed what [`Error`] says.
#[diagnostic::on_unimplemented(message = "`{Self}` does not convert into `paradex_api_ext::Error`")]
pub(crate) trait Task: StdError + Send + Sync + 'static {
    fn facts(&self) -> CallFacts<'_>;
}

/// An error of the module `fleet`, such as `RotationError`, or `StreamError` of the module `stream`;
/// [`downcast_ref`](Self::downcast_ref) shows which.
pub struct TaskError(Box<dyn Task>);

impl TaskError {
    /// Returns the error, if it is of this type.
    ///
    /// ```
    /// // feature `fleet`
    /// use paradex_api_ext::Error;
    /// use paradex_api_ext::fleet::RotationError;
    ///
    /// # fn example(error: Error) {
    /// if let Error::Task(task) = &error
    ///     && let Some(rotation) = task.downcast_ref::<RotationError>()
    /// {
    ///     println!("resume from {}", rotation.state());
    /// }
    /// # }
    /// ```
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        let error: &(dyn StdError + 'static) = &*self.0;
        error.downcast_ref()
    }

    pub(super) fn facts(&self) -> CallFacts<'_> {
        self.0.facts()
    }
}

impl<T: Task> From<T> for Error {
    fn from(error: T) -> Self {
        Self::Task(TaskError(Box::new(error)))
    }
}

impl fmt::Debug for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl StdError for TaskError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
