"""Synthetic populations and ready campaigns."""
