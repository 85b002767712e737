"""What the continuous archive should hold, and whether it does: the list that each fetch writes, and its checks."""
