"""The properties P1.., checked from tables alone. Imports no solver."""
