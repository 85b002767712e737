"""What keeps work over other people's and other systems' data small: see `table` for every bound."""
