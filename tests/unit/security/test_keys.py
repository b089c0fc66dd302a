"""One beginning of keys: what one reader takes for a whole key of Devin, every other hides too."""

from __future__ import annotations

import re

import pytest

from devin_tools.security.keys import LOGGED, OF_SERVICES, WRITTEN, is_devin_key


@pytest.mark.parametrize("start", ["cog_", "apk_", "apk_user_"])
def test_a_key_of_devin_is_known_to_every_reader(start: str) -> None:
    key = f"{start}0123456789abcdef"
    assert is_devin_key(key)
    assert all(re.search(form, f"x {key} y") for form in (LOGGED, OF_SERVICES["Devin API Key"], WRITTEN))


@pytest.mark.parametrize("text", ["incognito_0123456789abcdef", "cog", "acog_0123456789abcdef", "Cog_1"])
def test_another_text_is_no_key_of_devin_to_any(text: str) -> None:
    assert not is_devin_key(text)
    assert not any(re.search(form, text) for form in (LOGGED, OF_SERVICES["Devin API Key"], WRITTEN))
