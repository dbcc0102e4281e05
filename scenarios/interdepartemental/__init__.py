"""Synthetic populations of the mouvement interdépartemental of the first degree."""
