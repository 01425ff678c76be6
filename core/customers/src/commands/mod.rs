mod edit;
mod erase;
mod merge;
mod recognise;

pub use edit::{Edit, edit};
pub use erase::erase;
pub(crate) use merge::dismiss_pair;
pub use merge::{SEPARATED, SeparateStep, Separating, dismiss, merge, separate};
pub use recognise::{recognise, recognise_asked};
