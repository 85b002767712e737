"""What engineers do again and again: texts, steps, checklists."""
