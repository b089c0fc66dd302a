"""The subcommands: a module each, which holds it as `command`."""
