"""The rules: pure functions over frozen values. No clock, no file, no screen, no random."""
