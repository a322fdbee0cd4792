"""Models of the chapters, to import into your own work."""
