"""The hand-over from one shift to the next, and the mails that people ask for."""
