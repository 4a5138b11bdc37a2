"""Compares our reader of YAML with PyYAML's safe_load: one JSON line in, {text, value | problem}, one answer out.

Answers {accepted, different}: `different` says how PyYAML's answer is another one, and is null when it is the same.
"""

import json
import re
import sys

import yaml

sys.path.insert(0, sys.argv[1])

from wdev_values import decode  # noqa: E402

BREAK = re.compile('\r\n|[\r\n\x85\u2028\u2029]')

# our own bound, see limits.ts
MOST = 1_000_000


class TooMuch(Exception):
    pass


def show(value):
    """Value, types, and order; a set has none."""
    if isinstance(value, dict):
        return 'dict', [(show(key), show(inner)) for key, inner in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [show(inner) for inner in value]
    if isinstance(value, set):
        return 'set', sorted(repr(show(inner)) for inner in value)
    return type(value).__name__, repr(value)


def size(value, known):
    """The number of values in it, each alias counted as what it stands for."""
    if id(value) in known:
        if known[id(value)] is None:
            raise TooMuch
        return known[id(value)]
    known[id(value)] = None
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    known[id(value)] = 1 + sum(size(one, known) for one in inner)
    return known[id(value)]


def theirs(text):
    try:
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return 'refused', error.problem, None if mark is None else mark.line
    except yaml.reader.ReaderError as error:
        return 'refused', str(error).splitlines()[0], len(BREAK.findall(text[: error.position]))
    except RecursionError:
        return 'refused', 'it is nested too deeply', None
    except Exception:  # noqa: BLE001  (PyYAML lets errors of int(), dates and its own tables out)
        return 'refused', None, None
    try:
        if size(value, {}) > MOST:
            raise TooMuch
        shown = show(value)
    except TooMuch:
        return 'bound', None, None
    return 'value', shown, None


def compare(row):
    kind, answer, line = theirs(row['text'])
    ours = row.get('problem')
    if kind == 'value':
        if ours is not None:
            return True, f'PyYAML reads {answer}, and we refuse it: {ours}'
        mine = show(row['value'])
        return True, None if mine == answer else f'PyYAML reads {answer}, we {mine}'
    if ours is None:
        return False, f'PyYAML answers {kind}: {answer}, and we read {row["value"]}'
    if kind == 'bound':
        return False, None if ours['bound'] else f'we should refuse it for its size: {ours}'
    # the codecs of utf-8 and base64 have words of their own
    known = answer is not None and not answer.startswith(("'utf-8' codec", 'failed to'))
    if known and ours['said'] != answer:
        return False, f'PyYAML says {answer!r}, we {ours["said"]!r}'
    if line is not None and ours['stop'] != line:
        return False, f'PyYAML stops in line {line + 1}, we in {ours["stop"] + 1}'
    return False, None


for line in sys.stdin:
    row = json.loads(line, object_hook=decode)
    accepted, different = compare(row)
    print(json.dumps({'accepted': accepted, 'different': different}), flush=True)
