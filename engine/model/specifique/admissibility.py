"""Input rules of requests on specific posts: letter and file, who may ask for a type, kinds and number of wishes."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import first_reason
from engine.model.sessionrules import SessionRules

EVERY = "*"
"""Stands for every type in a list, for the types not named in a table."""

FUNCTIONS = "functions"


def wish_reasons(wishes: pl.DataFrame, candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per wish: why it is set aside, null where it is not.

    What is wrong with the candidate comes first, then with the request, then with the wish. A wish for a zone without
    such posts, or with none on which the candidate can be retained, is found by `engine.model.specifique.selection`.

    Parameters
    ----------
    wishes : wish facts (`engine.model.specifique.facts.wish_facts`)
    candidates : candidate facts with the column ``request_reason``
    """
    facts = wishes.with_columns(candidates["request_reason"].gather(wishes["candidate"]))
    typed = pl.lit(not rules.flag("wishes", "typed")) & pl.col("school_type").is_not_null()
    reason = pl.coalesce(
        "request_reason",
        first_reason(
            (_demanded(rules) & ~pl.col("letter"), "letter_missing"),
            (of_types(rules, "files", "file") & ~pl.col("file"), "file_missing"),
            (_closed_to(rules, "admitted", "function"), "function_not_admissible"),
            (_closed_to(rules, "corps", "corps") & pl.col("corps").is_not_null(), "corps_not_admissible"),
            (_not_technological(rules), "discipline_not_technological"),
            (_too_new(rules), "teaching_years_short"),
            (~pl.col("kind").is_in(rules.codes("wishes", "kinds")), "kind_not_admissible"),
            (typed, "school_type_not_admissible"),
            (pl.col("position") > rules.count("wishes", "max_wishes"), "too_many_wishes"),
        ),
    )
    return facts.select(reason.alias("reason")).to_series()


def of_types(rules: SessionRules, block: str, key: str) -> pl.Expr:
    """Boolean per wish: the type of its request is in a list of the rulebook."""
    listed = rules.codes(block, key)
    return pl.lit(EVERY in listed) | pl.col("type").is_in(listed)


def holds_function(rules: SessionRules) -> pl.Expr:
    """Boolean per wish: the candidate holds by title the function that the type is about."""
    return _named(rules, "first", "function")


def _demanded(rules: SessionRules) -> pl.Expr:
    return of_types(rules, "files", "letter") & ~of_types(rules, "files", "without_letter")


def _closed_to(rules: SessionRules, key: str, column: str) -> pl.Expr:
    """Boolean per wish: the type is for some only, by a column of the candidate, and he is none of them."""
    return pl.col("type").is_in(list(rules.code_lists(FUNCTIONS, key))) & ~_named(rules, key, column)


def _named(rules: SessionRules, key: str, column: str) -> pl.Expr:
    pairs = [f"{kind} {code}" for kind, codes in rules.code_lists(FUNCTIONS, key).items() for code in codes]
    return pl.concat_str("type", column, separator=" ").is_in(pairs).fill_null(False)


def _not_technological(rules: SessionRules) -> pl.Expr:
    """Boolean per wish: the type wants a technological discipline of the corps, and that of recruitment is none.

    Who holds the function has shown it; whose discipline of recruitment is not given is not judged.
    """
    codes = rules.codes(FUNCTIONS, "technological_disciplines")
    known = pl.any_horizontal(
        pl.lit(False), *(pl.col("recruitment_discipline").str.starts_with(code) for code in codes)
    )
    asked = of_types(rules, FUNCTIONS, "technological") & ~holds_function(rules)
    return (asked & pl.col("corps").is_in(rules.codes(FUNCTIONS, "technological_corps")) & ~known).fill_null(False)


def _too_new(rules: SessionRules) -> pl.Expr:
    short = pl.col("teaching_years") < rules.count(FUNCTIONS, "min_teaching_years")
    return of_types(rules, FUNCTIONS, "recruited") & ~holds_function(rules) & short
