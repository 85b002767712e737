"""Articles that people write: drafts written on and kept as one types, corrections, review."""
