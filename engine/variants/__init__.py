"""Variants: what would change if. A TOML file laid over a campaign, without copying it."""
