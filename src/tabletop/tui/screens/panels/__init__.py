"""What opens over the console: one panel for one thing to do."""
