# SPDX-License-Identifier: # @= license @#
"""The days are real ones, and calls are ended on them only.

The movable ones are as the calendar of Easter says.
"""

import re
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / 'etc/asterisk/extensions_extra.d'
DAYS = re.findall(
    r'^exten = (\d+),1,Return\(\) ; (.+)$',
    (FOLDER / 'acme-example-holidays.conf').read_text(encoding='utf-8'),
    re.MULTILINE,
)
MOVABLE = [
    (date(int(day[:4]), int(day[4:6]), int(day[6:])), name)
    for day, name in DAYS
    if len(day) == 8
]
YEARS = sorted({day.year for day, _ in MOVABLE})
# days after Easter Sunday
EASTER = {
    'Good Friday': -2,
    'Easter Monday': 1,
    'Vendredi saint': -2,
    'Lundi de Pâques': 1,
    'Ascension': 39,
    'Lundi de Pentecôte': 50,
}


def easter(year):
    """The Gregorian Easter Sunday, after Gauss."""
    moon, century = year % 19, year // 100
    correction = century - century // 4 - (8 * century + 13) // 25 + 19 * moon + 15
    full = correction % 30
    full -= (full // 28) * (1 - (full // 28) * (29 // (full + 1)) * ((21 - moon) // 11))
    weekday = (year + year // 4 + full + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(full - weekday)


def test_easter_is_known():
    assert [easter(year) for year in (2024, 2025, 2026)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
    ]


def test_days_that_hang_on_easter():
    found = {(day, name) for day, name in MOVABLE if name in EASTER}
    names = {name for _, name in found}
    assert names, 'every one of these countries has some'
    assert found == {
        (easter(year) + timedelta(EASTER[name]), name)
        for year in YEARS
        for name in names
    }


def test_every_year_has_the_same_holidays():
    by_year = [
        sorted(
            name.removesuffix(' (substitute day)')
            for day, name in MOVABLE
            if day.year == y
        )
        for y in YEARS
    ]
    assert all(names == by_year[0] for names in by_year)


def test_bank_holidays_are_working_days():
    bank = [day for day, name in MOVABLE if 'bank' in name or 'substitute' in name]
    assert all(day.weekday() < 5 for day in bank)


def test_the_same_day_of_every_year_exists():
    assert all(
        date(2028, int(day[:2]), int(day[2:])) for day, _ in DAYS if len(day) == 4
    )


def test_no_day_is_there_twice():
    assert len({day for day, _ in DAYS}) == len(DAYS)


def test_a_working_day_lets_the_call_go_on():
    file = FOLDER / 'acme-example-closed.conf'
    text = file.read_text(encoding='utf-8')
    section = text.split('[acme-example-closed]\n')[1].split('\n\n')[0]
    steps = re.findall(r'(?:exten = s,1|same = n(?:\(\w+\))?),(\w+)\(', section)
    assert steps == ['Gosub', 'GotoIf', 'Return', 'Answer', 'Playback', 'Hangup']
