"""Synthetic populations of the movements on specific posts."""
