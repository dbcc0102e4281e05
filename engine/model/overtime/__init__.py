"""Requests over time: the calendar of a rulebook and what came when (confirmations, changes, evidence, corrections)."""
