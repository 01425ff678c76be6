//! Placeholder header; see ARCHITECTURE.md.
