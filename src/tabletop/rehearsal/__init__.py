"""Plays an exercise with no people: a script through the same decide, append and score as a real run."""
