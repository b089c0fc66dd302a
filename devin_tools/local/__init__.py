"""What is read and written on this machine: files, git repositories, locks."""
