"""Numbers as people and input methods write them: read alike everywhere, and given back as they were typed."""

from __future__ import annotations

import math

import pytest

from tabletop.errors import Refused
from tabletop.text import number_text, typed_number
from tabletop.web.fields import number_of


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7", 7.0),
        (" ７ ", 7.0),
        ("1,000", 1000.0),
        ("１，０００", 1000.0),
        ("12,500", 12500.0),
        ("1,234,567.5", 1234567.5),
        ("1 000", 1000.0),
        ("2。5", 2.5),
        ("2．5", 2.5),
        (".5", 0.5),
        ("-3", -3.0),
        ("−3", -3.0),
        ("3,5", None),
        ("3 5", None),
        ("1 2 3", None),
        (" 1, 000 ", 1000.0),
        ("3，5", None),
        ("1,00", None),
        ("1000,000", None),
        (",000", None),
        ("1,000,", None),
        ("1,234,56", None),
        ("", None),
        (".", None),
        ("-", None),
        ("seven", None),
        ("inf", None),
        ("1e999", None),
        ("1_0", None),
        ("9" * 400, None),
    ],
)
def test_a_comma_parts_groups_of_three_digits_and_nothing_else(typed: str, value: float | None) -> None:
    assert typed_number(typed) == value
    if value is None:
        with pytest.raises(Refused):
            number_of(typed)
    else:
        assert number_of(typed) == value


def test_nothing_has_no_sign() -> None:
    number = typed_number("-0")
    assert number == 0
    assert math.copysign(1, number or 0.0) == 1


@pytest.mark.parametrize(
    ("value", "text"), [(7.0, "7"), (1234567.0, "1234567"), (999999999999999.0, "9" * 15), (0.1, "0.1"), (1e-05, "0.00001")]
)
def test_a_number_comes_back_with_all_of_its_digits(value: float, text: str) -> None:
    assert number_text(value) == text
    assert typed_number(text) == value
