"""The interdépartemental movement of the first degree: facts of départements, its criteria, its input rules."""
