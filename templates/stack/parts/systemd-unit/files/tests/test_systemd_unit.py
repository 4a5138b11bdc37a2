# SPDX-License-Identifier: # @= license @#
"""The timer starts the service, and the service runs the program."""

import configparser
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
UNITS = ROOT / 'usr' / 'lib' / 'systemd' / 'system'


def read(name):
    parser: Any = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(UNITS / name, encoding='utf-8')
    return parser


def test_the_timer_has_a_service_of_its_name():
    timer = read('acme-example.timer')
    assert timer['Timer']['OnCalendar']
    assert timer['Install']['WantedBy'] == 'timers.target'
    assert 'acme-example.service' in {unit.name for unit in UNITS.iterdir()}


def test_the_service_runs_what_the_package_holds():
    service = read('acme-example.service')['Service']
    program = ROOT / service['ExecStart'].lstrip('/')
    assert os.access(program, os.X_OK)
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    assert done.stdout == 'acme-example ran\n'
