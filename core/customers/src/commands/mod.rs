mod edit;
mod merge;
mod recognise;

pub use edit::{Edit, edit};
pub use merge::{dismiss, merge, separate};
pub use recognise::recognise;
