"""Mechanisms: one file each. They see the arrays of a Market, never a campaign."""
