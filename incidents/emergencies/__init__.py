"""Danger to people: heard in what is reported, declared or called off, and what then happens."""
