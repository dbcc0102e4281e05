"""Criteria of the barème: what each is worth to a candidate and on which of his wishes (one small function each)."""
