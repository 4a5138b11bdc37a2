"""A plugin of pytest: prints what came of each test, as one line of JSON on standard output, at the very end."""

import json
import os
import re
import sys

tests = []


def place_of(longrepr):
    """The last line of the traceback that is the plugin's own, and not of a helper: relative file, and line."""
    traceback = getattr(longrepr, 'reprtraceback', None)
    places = []
    here = os.path.realpath(os.getcwd()) + os.sep
    for entry in getattr(traceback, 'reprentries', None) or []:
        where = getattr(entry, 'reprfileloc', None)
        file = '' if where is None else os.path.realpath(str(where.path))
        if file.startswith(here):
            places.append({'file': file[len(here) :], 'line': where.lineno})
    if not places:
        # a file that could not be imported gives text
        texts = re.findall(r'^(\S+\.py):(\d+): ', str(longrepr), re.M)
        places = [{'file': file, 'line': int(line)} for file, line in texts if not os.path.isabs(file)]
    told = [place for place in places if not place['file'].endswith('conftest.py')] or places
    return told[-1] if told else {}


def message_of(longrepr):
    crash = getattr(longrepr, 'reprcrash', None)
    if crash is not None:
        return crash.message
    if isinstance(longrepr, tuple):
        return longrepr[2]
    reasons = re.findall(r'^E +(.*)', str(longrepr), re.M)
    return reasons[-1] if reasons else str(longrepr)


def note(name, outcome, report):
    longrepr = report.longrepr
    told = {'test': name, 'outcome': outcome, 'seconds': round(getattr(report, 'duration', 0), 3)}
    if longrepr is not None and outcome != 'passed':
        told['message'] = message_of(longrepr).strip()[:2000]
        told.update(place_of(longrepr))
    tests.append(told)


def pytest_runtest_logreport(report):
    if report.outcome == 'failed':
        note(report.nodeid, 'failed', report)
    elif report.outcome == 'skipped' or report.when == 'call':
        note(report.nodeid, report.outcome, report)


def pytest_collectreport(report):
    # a file that is skipped whole has no test that says so
    if report.outcome != 'passed':
        note(report.nodeid, report.outcome, report)


def pytest_unconfigure():
    sys.__stdout__.write('\nwdev-report ' + json.dumps(tests) + '\n')
    sys.__stdout__.flush()
