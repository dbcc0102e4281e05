"""Runs side by side: what a variant changes, for whom, and at what price."""
