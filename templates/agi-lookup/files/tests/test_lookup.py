# SPDX-License-Identifier: # @= license @#
"""The handler of wazo-agid, with a database."""

import re
import runpy
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from wazo_agid import agid

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / 'usr/lib/python3/dist-packages/wazo_agid/modules'
MODULE = MODULES / 'acme_example_lookup.py'
EXTRA = ROOT / 'etc/asterisk/extensions_extra.d'
DIALPLAN = EXTRA / 'acme-example-lookup.conf'
COLUMNS = 'tenant_uuid, firstname, lastname, mobilephonenumber'
USERS = [
    ('tenant-1', 'Ann', 'Archer', '06 12.34.56.78'),
    ('tenant-1', 'Bob "the" ', None, '+14185550100'),
    ('tenant-1', 'Nobody', '', ''),
    ('tenant-2', 'Eve', 'Elsewhere', '0611111111'),
]


class Call:
    """A call, as handlers see it."""

    def __init__(self, tenant='tenant-1'):
        self.variables = {'WAZO_TENANT_UUID': tenant}

    def get_variable(self, name):
        return self.variables[name]

    def set_variable(self, name, value):
        self.variables[name] = value


class Cursor:
    """SQLite behind the face of psycopg2's DictCursor."""

    def __init__(self, database):
        self._cursor = database.cursor()

    def execute(self, query, values):
        self._cursor.execute(query.replace('%s', '?'), values)

    def fetchone(self):
        return self._cursor.fetchone()


@pytest.fixture
def cursor():
    database = sqlite3.connect(':memory:')
    database.row_factory = sqlite3.Row
    database.create_function(
        'regexp_replace', 4, lambda text, pattern, new, _: re.sub(pattern, new, text)
    )
    database.execute(f'CREATE TABLE userfeatures (id INTEGER PRIMARY KEY, {COLUMNS})')
    insert = f'INSERT INTO userfeatures ({COLUMNS}) VALUES (?, ?, ?, ?)'
    database.executemany(insert, USERS)
    yield Cursor(database)
    database.close()


@pytest.fixture(scope='module')
def handler():
    return runpy.run_path(str(MODULE))['acme_example_lookup']


def name_for(handler, cursor, *args, **call):
    made = Call(**call)
    handler(made, cursor, list(args))
    return made.variables.get('CALLERID(name)')


@pytest.mark.parametrize('number', ['0612345678', '+33612345678', '0033 612 345 678'])
def test_a_colleague_is_named_however_the_number_is_written(handler, cursor, number):
    assert name_for(handler, cursor, number) == 'Ann Archer'


def test_a_name_that_is_not_plain(handler, cursor):
    assert name_for(handler, cursor, '4185550100') == 'Bob the'


@pytest.mark.parametrize(
    'args', [[], [''], ['101'], ['anonymous'], ['0699999999'], ["0' OR '1'='1"]]
)
def test_others_keep_their_name(handler, cursor, args):
    assert name_for(handler, cursor, *args) is None


def test_another_tenants_users_stay_there(handler, cursor):
    assert name_for(handler, cursor, '0611111111') is None
    assert name_for(handler, cursor, '0611111111', tenant='tenant-2') == 'Eve Elsewhere'


def test_a_database_that_fails_does_not_end_the_call(handler, caplog):
    class Broken:
        def execute(self, query, values):
            raise RuntimeError('the database is away')

    assert name_for(handler, Broken(), '0612345678') is None
    assert 'the database is away' in caplog.text


def test_the_dialplan_calls_the_handler_and_returns(handler):
    text = DIALPLAN.read_text(encoding='utf-8')
    assert f'agi://${{WAZO_AGID_IP}}/{handler.__name__},' in text
    assert 'exten = s,1,' in text
    assert text.rstrip().endswith('Return()')


def test_it_is_registered_under_its_name(monkeypatch):
    registered: list[Any] = []
    monkeypatch.setattr(agid, 'register', registered.append)
    runpy.run_path(str(MODULE))
    (handler,) = registered
    assert handler.__name__ == 'acme_example_lookup'
