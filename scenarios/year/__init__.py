"""A year: populations of several movements of which some are the same people."""
