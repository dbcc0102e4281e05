"""How fast things are: pytest-benchmark suites, and comparisons that print ratios."""
