"""Cross-table checks C1.. of a campaign, each a sentence and one small function that finds every row that breaks it.

A check reads typed tables with ``#row`` and ignores empty cells: those are reported where they are required.
"""
