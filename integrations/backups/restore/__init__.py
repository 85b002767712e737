"""A copy comes back: fetched, unpacked, tried, switched to."""
