"""Who comes in: name and password checked, throttled, locked out, told in the trail."""
