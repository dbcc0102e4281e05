"""The audit of what campaigns of a year hand over to each other, by code that shares nothing with that which does."""
