"""One module a command, each with a `command`; the catalogue knows them without importing them."""
