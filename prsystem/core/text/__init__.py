"""Text that people and machines send: cleaned, checked, shown as HTML."""
