"""What came of the answers: used, changed or thrown away by those who resolve, hidden at a case, judged by people."""
