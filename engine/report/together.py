"""What became of linked requests."""

from __future__ import annotations

from engine.model.linkfates import LINK_FATES, SERVED, fates_of_links
from engine.report.facts import Facts
from engine.report.parts import Column, Section, Table, Text


def links_section(facts: Facts) -> Section | None:
    """Links asked, served, refused for one member's sake; None where nobody is linked."""
    run, words = facts.run, facts.words
    if run.campaign.links.is_empty():
        return None
    fates = fates_of_links(run.campaign, run.outcomes, run.wishes)
    shown = fates["fate"] != "withheld"
    counts = dict(fates.filter(shown)["fate"].value_counts().iter_rows())
    if not counts:
        return Section("links", words("links"), (facts.nothing("empty_links"),))
    asked, served = sum(counts.values()), sum(counts.get(fate, 0) for fate in SERVED)
    lead = words("lead_links", asked=asked, served=served, one=counts.get("one_short", 0))
    columns = (Column(words("link_fate")), Column(words("links")), Column(words("share_of_links")))
    rows = tuple(
        (words(f"link_{fate}"), words.number(counts[fate]), words.share(counts[fate], asked))
        for fate in LINK_FATES
        if fate in counts
    )
    rule = words("note_links", rule=words(f"link_points_{run.options.link_points}"))
    table = Table(words("caption_links"), columns, rows)
    return Section("links", words("links"), (Text(lead, "lead"), table, Text(rule, "note")))
