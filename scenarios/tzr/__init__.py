"""Synthetic populations of the TZR adjustment: who holds a zone, and what hours schools need for the year."""
