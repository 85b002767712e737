"""What makes the trail hold in an inspection: hashes, signatures, their verification, heads kept elsewhere."""
