"""Every reason code has its sentence in both languages."""

import pytest

from engine.model.reasons import LANGUAGES, reason_codes, reason_sentence
from engine.model.rulebook import Rulebook


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    assert all(reason_sentence(code, language).endswith(".") for code in reason_codes())


def test_every_cause_of_cancellation_of_the_rulebook_has_a_sentence() -> None:
    causes = Rulebook.load("inter").at(2025).codes("requests", "cancellations")
    assert {f"cancelled_{cause}" for cause in causes} <= set(reason_codes())


def test_a_code_without_a_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        reason_sentence("no_such_reason", "en")
