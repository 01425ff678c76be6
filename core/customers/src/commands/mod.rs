mod edit;
mod erase;
mod merge;
mod recognise;

pub use edit::{Edit, edit};
pub use erase::erase;
pub use merge::{dismiss, merge, separate};
pub use recognise::recognise;
