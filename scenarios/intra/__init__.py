"""Synthetic populations of the intra-académique movement: schools, zones, posts, people and their lists of wishes."""
