"""Campaign tables and checks, rulebooks, scoring, priorities, and the Market with its compilation both ways."""
