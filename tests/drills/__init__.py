"""Fault drills against the loopback topology (`make drill`): fault -> expected -> seen, under mixed load."""
