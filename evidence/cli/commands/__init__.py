"""The commands, by what they work on; ``evidence.cli.app.COMMANDS`` is the list."""
