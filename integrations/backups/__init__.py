"""Copies of the whole system: made, verified by restoring them, kept by tiers, brought back."""
