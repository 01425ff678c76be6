/// Outside text arrives as valid UTF-8 or not at all.
pub(crate) fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// The lines of a text as so many fields; those that are missing are empty.
pub(crate) fn fields<const COUNT: usize>(text: &str) -> [&str; COUNT] {
    let mut lines = text.splitn(COUNT, '\n');
    std::array::from_fn(|_| lines.next().unwrap_or_default())
}
