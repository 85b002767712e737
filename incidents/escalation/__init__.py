"""What happens by the clock when a target is used up."""
