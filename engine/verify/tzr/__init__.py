"""The audit of a TZR adjustment, by code that shares nothing with its solver."""
