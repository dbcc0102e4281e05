"""Why each candidate has what he has, in words."""
