"""Says whether a server uses a version of a plugin, from what the server itself answers.

gate.py mark PACKAGE                       notes where the logs end
gate.py PACKAGE VERSION SECONDS            prints what was asked, and what came of it, as a JSON list; ends with 1 where
                                           something is not as expected/PACKAGE_VERSION.json says

That file is a JSON object: package, version, units (unit, whether it listens on a port, the files that it reads at its
start), routes (port, path), imports (unit, module:name), dialplan (contexts and the lines of `dialplan show`), files.
library.sh, services.sh, import-late.py and probe-routes.py beside this one are what `wdev watch` runs on a server.
"""

import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
STATE = os.path.dirname(HERE)
ASTERISK_LOG = '/var/log/asterisk/full'
answers = []


def told(what, ok, said=''):
    """Keeps an answer; ok is None where nothing could be asked."""
    answers.append({'what': what, 'ok': ok, 'said': said.strip()})


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def shell(script, *words):
    """Runs a script with the functions of library.sh and services.sh."""
    setup = f'R=; S=; __helper=; . {HERE}/library.sh; . {HERE}/services.sh; '
    return run('sh', '-c', setup + script, 'gate', *words)


def read(name):
    with open(name, encoding='utf-8') as file:
        return file.read()


def is_there(unit):
    return 'LoadState=loaded' in run('systemctl', 'show', '-p', 'LoadState', unit)[1]


def life(unit):
    """What changes when a unit ends: its process, and how often systemd had to start it again."""
    return run('systemctl', 'show', '-p', 'ActiveState', '-p', 'MainPID', '-p', 'NRestarts', unit)[1]


def log_of(unit):
    return f'/var/log/{unit}.log'


def mark(name):
    logs = [ASTERISK_LOG] + [f'/var/log/{log}' for log in os.listdir('/var/log') if log.endswith('.log')]
    ends = {log: shell('wdev_log_end "$1"', log)[1].strip() for log in logs}
    with open(name, 'w', encoding='utf-8') as file:
        json.dump(ends, file)


def logged(log, marks):
    """What was written to a log since the mark; nothing where there is none."""
    if not marks.get(log):
        return ''
    return shell('wdev_log_at "$1" "$2"; wdev_log "$1"', log, marks[log])[1]


def check_package(expected):
    package, version = expected['package'], expected['version']
    status, said = run('dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', package)
    told(f'package {package} {version}', status == 0 and said == f'installed {version}', said)
    status, said = run('dpkg', '-V', package)
    told('its files are those of the package', status == 0 and not said.strip(), said)


def check_unit(one, marks):
    unit = one['unit']
    if not is_there(unit):
        return told(unit, False, f'there is no {unit} on this server')
    if shell('wdev_stopped "$1"', unit)[0] == 0:
        return told(unit, None, 'it is stopped here, so nothing was asked of it')
    status, said = shell('wdev_await "$1" "$2"; __rc=$?; printf "%s" "$__shown"; exit "$__rc"', unit, one['port'])
    if status != 0:
        journal = shell('wdev_await "$1" "$2"; wdev_journal "$?" "$1"', unit, one['port'])[1]
        return told(unit, False, f'it is not up: {said} {journal[-1500:]}')
    if one['files'] and shell('wdev_older "$@"', unit, *one['files'])[0] != 0:
        return told(unit, False, 'it runs since before the files came, so it does not use them')
    return told(unit, True, 'up, and newer than the files')


def check_log(expected, unit, marks):
    """A daemon that goes on without the plugin says so, with the name of its entry point."""
    names = [one['name'] for one in expected['imports'] if one['unit'] == unit]
    lines = logged(log_of(unit), marks).splitlines()
    bad = [line for line in lines if re.search(r'Could not load|Error in plugin namespace|error calling', line)]
    own = [line for line in bad if any(re.search(rf'\b{re.escape(name)}\b', line) for name in names)]
    if own:
        told(f'log of {unit}', False, '\n'.join(own[:3]))


def check_imports(expected):
    for unit in sorted({one['unit'] for one in expected['imports']}):
        values = [one['value'] for one in expected['imports'] if one['unit'] == unit]
        program = read(f'{HERE}/import-late.py')
        ask = 'wdev_unit=$1; shift; __shown=$(systemctl show -p MainPID "$wdev_unit"); wdev_import_late "$@"'
        said = shell(ask, unit, program, *values)[1]
        for value in values:
            if f'imported {value}' in said:
                told(f'{value} for {unit}', True, 'imported')
            elif f'refused {value}' in said:
                told(f'{value} for {unit}', False, said.split(f'refused {value}', 1)[1])
            else:
                told(f'{value} for {unit}', None, f'{unit} does not run, so its Python was not asked')


def check_routes(expected):
    routes = expected['routes']
    if not routes:
        return
    words = [f'{one["port"]}:{one["path"]}' for one in routes]
    said = run('python3', f'{HERE}/probe-routes.py', *words)[1].split()
    for one, status in zip(routes, said):
        # without a token a route answers 401 or 405, and an absent one 404
        told(f'route {one["path"]} of {one["unit"]}', status not in ('0', '404'), f'HTTP {status}')


def without_blanks(text):
    return re.sub(r'\s+', ' ', text).strip()


def shown(text):
    """The lines of `dialplan show`, each with extension and file: ("***42", "1. Answer()", "acme.conf")."""
    extension, found = '', set()
    for line in text.splitlines():
        where = re.match(r'^(.*) \[([^\[\]]*)\]$', line)
        if not where:
            continue
        body = where.group(1)
        # Asterisk counts lines over several files, so the number of a line says nothing
        registrar = re.sub(r'(?:~~\d+)?:\d+$', '', where.group(2))
        first = re.match(r"^  '(.*?)'(?: \(CID match '.*'\))? => +(hint: .*|\d+\. .*)$", body)
        following = re.match(r'^ {5}(?:\[[^\]]*\])? +(hint: .*|\d+\. .*)$', body)
        other = re.match(r"^  (Include|Ignore pattern|Alt\. Switch) => +'(.*)'\s*$", body)
        if first:
            extension = first.group(1)
            found.add((extension, without_blanks(first.group(2)), registrar))
        elif following:
            found.add((extension, without_blanks(following.group(1)), registrar))
        elif other:
            found.add(('', f'{other.group(1)}: {other.group(2)}', ''))
    return found


def check_dialplan(expected, marks):
    for one in expected['dialplan']:
        context = one['context']
        said = shell('wdev_console "$1"', f'dialplan show {context}')[1]
        if f"Context '{context}' created by" not in said:
            told(f'dialplan context {context}', False, said[-500:] or 'Asterisk does not have it')
            continue
        there = shown(said)
        wanted = [(line['extension'], without_blanks(line['text']), line['from']) for line in one['lines']]
        missing = [line for line in wanted if line not in there]
        lack = '; '.join(f'{line[0]}: {line[1]} [{line[2]}]' for line in missing[:5])
        said = f'Asterisk does not have {lack}' if missing else f'{len(wanted)} lines read back'
        told(f'dialplan context {context}', not missing, said)
    if not expected['dialplan']:
        return
    files = [name for name in expected['files'] if name.startswith('/etc/asterisk/')]
    lines = logged(ASTERISK_LOG, marks).splitlines()
    bad = [line for line in lines if re.search(r'\b(?:WARNING|ERROR)\[', line) and any(name in line for name in files)]
    if bad:
        told("Asterisk's log", None if all('WARNING[' in line for line in bad) else False, '\n'.join(bad[:3]))


def check(expected, marks, seconds):
    check_package(expected)
    units = [one['unit'] for one in expected['units']]
    for one in expected['units']:
        check_unit(one, marks)
    lives = {unit: life(unit) for unit in units}
    check_imports(expected)
    check_routes(expected)
    check_dialplan(expected, marks)
    if units:
        # a daemon can come up, and end a moment later
        time.sleep(seconds)
    for unit in units:
        check_log(expected, unit, marks)
        if is_there(unit) and life(unit) != lives[unit]:
            told(unit, False, f'it came up, and ended within {seconds} s')


def main(package, version, seconds):
    try:
        expected = json.loads(read(f'{STATE}/expected/{package}_{version}.json'))
    except FileNotFoundError:
        told(f'expected/{package}_{version}.json', None, 'it is missing, so only the package was asked for')
        expected = {'package': package, 'version': version}
    try:
        marks = json.loads(read(f'{STATE}/{package}.marks'))
    except FileNotFoundError:
        # nothing was installed, so nothing was logged of it
        marks = {}
    for part in ('units', 'routes', 'imports', 'dialplan', 'files'):
        expected.setdefault(part, [])
    check(expected, marks, int(seconds))
    json.dump(answers, sys.stdout, indent=1)
    bad = [answer for answer in answers if answer['ok'] is False]
    for answer in bad:
        print(f'{answer["what"]}: {answer["said"]}', file=sys.stderr)
    if bad:
        # what was logged of this version says nothing of the one that comes back
        mark(f'{STATE}/{package}.marks')
        return 1
    # the version works: a roll-out that is cut off from here on has nothing to go back to
    for note in ('before', 'marks'):
        if os.path.exists(f'{STATE}/{package}.{note}'):
            os.remove(f'{STATE}/{package}.{note}')
    return 0


if sys.argv[1] == 'mark':
    mark(f'{STATE}/{sys.argv[2]}.marks')
else:
    sys.exit(main(*sys.argv[1:]))
