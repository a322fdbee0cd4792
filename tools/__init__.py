"""What the Makefile calls: set up, execute, build, serve."""
