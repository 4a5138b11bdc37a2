"""Runs one call-logger plugin on given lines, offline; tells each step as one JSON line.

Argument: a file with the JSON request. Events go to the standard output; what the plugin prints, to stderr.
"""

import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))

VALUES = os.path.normpath(os.path.join(HERE, '../../readers/yaml'))
sys.path.insert(1, VALUES)

import wdev_feed as feed  # noqa: E402
import wdev_generations as generations  # noqa: E402
import wdev_watcher as watcher  # noqa: E402
from wdev_values import decode  # noqa: E402

# a plugin may have modules of any name
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or '.') not in (HERE, VALUES)]


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        request = json.load(file, object_hook=decode)
    # the caller removes that folder, whatever becomes of this process
    tempfile.tempdir = os.path.dirname(request['lines'])
    events = os.fdopen(os.dup(1), 'w', encoding='utf-8', buffering=1)
    os.dup2(2, 1)
    tell = watcher.Teller(events)
    with open(request['lines'], 'rb') as file:
        data = file.read()
    watch = watcher.Watcher(tell, request['root'])
    try:
        generation = generations.open_generation(request, watch)
    except BaseException as error:  # noqa: BLE001  (SystemExit is an answer too)
        tell(event='raised', line=None, where='import', error=watch.describe(error))
        return
    tell(event='ready', generation=request['generation'], package=generation.origin, serial=generation.is_serial)
    lines, waiting = feed.lines_of(data, generation.is_serial)
    if waiting:
        tell(event='unended', lines=waiting)
    try:
        feed.run(generation, watch, lines, request)
    except BaseException as error:  # noqa: BLE001
        tell(event='raised', line=watch.line, where='run', error=watch.describe(error))
    generation.drain()
    tell(event='end', fed=watch.fed, records=watch.records)


if __name__ == '__main__':
    main()
    # threads of the plugin may still wait for something
    sys.stderr.flush()
    os._exit(0)
