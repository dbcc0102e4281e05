"""Movements on specific posts: requests by type, opinions and orders, each post with an order of its own."""
