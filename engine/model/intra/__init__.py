"""The intra-académique movement: facts of zone wishes, its criteria, its input rules, measures that close posts."""
