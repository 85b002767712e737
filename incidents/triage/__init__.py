"""What a new report says of itself: rules of the site, words, and what was learned from its own cases."""
