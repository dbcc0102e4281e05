"""The report of a run: one HTML file that opens offline (DESIGN 9)."""
