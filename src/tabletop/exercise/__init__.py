"""The plan: exercise files in, frozen values out."""
