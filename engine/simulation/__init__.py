"""Draws of a campaign: the same movement again and again, with drawn lots, preferences or population."""
