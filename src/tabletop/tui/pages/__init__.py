"""What stands on the pages before and after play, as lines. Pure: state in, lines out; no keys, no widgets."""
