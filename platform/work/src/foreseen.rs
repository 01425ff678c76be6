use takt_kernel::Slot;
use takt_store::{Question, RecordedFact};

/// What reactions to a fact will ask, whoever reacts: it is asked for all facts of a step together. It has to be the
/// very statement with the very values that is asked later; what nobody asks costs, what is missing is asked by itself.
pub type Foreseen = fn(&RecordedFact) -> Vec<Question>;

/// Filled by the owners of the rows.
pub static FORESEEN: Slot<Foreseen> = Slot::new("work.foreseen");
