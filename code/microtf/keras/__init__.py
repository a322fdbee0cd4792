"""Keras's machinery in miniature, on microtf."""
