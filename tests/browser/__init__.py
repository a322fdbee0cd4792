"""Tests that drive a real browser, and what they need."""
