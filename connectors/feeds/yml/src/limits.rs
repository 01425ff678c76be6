/// Beyond these something else was sent than a catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of the document, inflated.
    pub bytes: u64,
    /// Of one tag, text or comment.
    pub piece: usize,
    /// Of one value that is kept.
    pub text: usize,
    pub depth: usize,
    /// Elements in one offer.
    pub elements: usize,
    /// Pictures, parameters, categories or barcodes that an offer keeps, each.
    pub parts: usize,
    pub categories: usize,
    pub offers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 512 << 20,
            piece: 4 << 20,
            text: 16 << 10,
            depth: 32,
            elements: 2_000,
            parts: 200,
            categories: 20_000,
            offers: 1_000_000,
        }
    }
}
