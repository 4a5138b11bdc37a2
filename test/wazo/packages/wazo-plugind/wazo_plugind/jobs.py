"""An installation, or a removal, step by step; each step is an event on the bus."""

import glob
import logging
import os
import shutil
import subprocess
from pathlib import Path

import yaml
from kombu import Connection, Exchange, Producer

USER = 'wazo-plugind'
HOME = '/usr/lib/wazo-plugind/plugins'
RULES = '/var/lib/wazo-plugind/rules'
WORK = '/var/lib/wazo-plugind/tmp'
log = logging.getLogger(__name__)


def installed():
    return [yaml.safe_load(Path(file).read_text()) for file in sorted(glob.glob(f'{HOME}/*/*/wazo/plugin.yml'))]


class Job:
    def __init__(self, kind, own):
        self.kind, self.own, self.step = kind, own, 'starting'

    def tell(self, status, **more):
        """Exchange wazo-headers, the name of the event in headers and body."""
        name = f'plugin_{self.kind}_progress'
        with Connection('amqp://guest:guest@127.0.0.1:5672//') as connection:
            producer = Producer(connection, Exchange('wazo-headers', 'headers'), auto_declare=True)
            body = {'name': name, 'data': {'uuid': self.own, 'status': status, **more}}
            producer.publish(body, headers={'name': name}, routing_key=f'plugin.{self.kind}.{self.own}.{status}')

    def begin(self, step):
        self.step = step
        self.tell(step)

    def fail(self, error_id, message, details):
        errors = {'error_id': error_id, 'message': message, 'resource': 'plugins', 'details': details}
        self.tell('error', errors=errors)


def as_user(command, folder, **more):
    """stderr goes to the log alone, and not in full."""
    done = subprocess.run(
        command, cwd=folder, user=USER, group=USER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, 'HOME': '/var/lib/wazo-plugind', **more},
    )
    log.debug('%s: %s', command, done.stdout)
    done.check_returncode()


def as_root(command):
    """Whether it went well is all that the process that asked gets to know."""
    done = subprocess.run(command, capture_output=True, env={**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'})
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]} failed')


def install(own, options, again):
    job = Job('install', own)
    folder = f'{WORK}/{own}'
    try:
        os.makedirs(WORK, exist_ok=True)
        shutil.chown(WORK, USER, USER)
        job.begin('starting')
        steps(job, options, again, folder)
        job.tell('completed')
    except subprocess.CalledProcessError:
        job.fail('install-error', 'Installation error', {'step': job.step})
    except Exception:
        log.exception('%s ends', job.step)
        word = job.step.capitalize()
        job.fail(f'{job.step}-error', f'{word} Error', {'install_options': options})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def steps(job, options, again, folder):
    job.begin('downloading')
    clone = ['git', 'clone', '--branch', options.get('ref', 'master'), '--depth', '1', options['url'], folder]
    as_user(clone, WORK)
    job.begin('extracting')
    source = os.path.join(folder, options.get('subdirectory', ''))
    about = yaml.safe_load(Path(source, 'wazo/plugin.yml').read_text())
    job.begin('validating')
    namespace, name, version = about['namespace'], about['name'], str(about['version'])
    same = [one for one in installed() if (one['namespace'], one['name']) == (namespace, name)]
    if not again and any(str(one['version']) == version for one in same):
        return
    job.begin('installing dependencies')
    job.begin('building')
    as_user(['wazo/rules', 'build'], source)
    job.begin('packaging')
    tree = os.path.join(source, '_pkg')
    os.mkdir(tree)
    shutil.chown(tree, USER, USER)
    as_user(['fakeroot', 'wazo/rules', 'package'], source, pkgdir=tree)
    deb = pack(source, tree, about)
    if about.get('debian_depends'):
        job.begin('updating')
        as_root(['apt-get', 'update', '--quiet'])
    job.begin('installing')
    as_root(['gdebi', '--quiet', '--non-interactive', deb])
    job.begin('cleaning')


def pack(source, tree, about):
    """The files belong to who packs them, and to root in what root unpacks only where fakeroot saw it."""
    namespace, name = about['namespace'], about['name']
    home = f'{HOME}/{namespace}/{name}'
    rules, copy = f'{home}/wazo/rules', f'{RULES}/rules.{name}.{namespace}'
    shutil.copytree(os.path.join(source, 'wazo'), f'{tree}{home}/wazo')
    depends = list(about.get('debian_depends') or [])
    depends += [f'wazo-plugind-{one["name"]}-{one["namespace"]}' for one in about.get('depends') or []]
    control = {
        'Package': package(namespace, name),
        'Version': about['version'],
        'Section': 'wazo-plugind-plugin',
        'Priority': 'extra',
        'Architecture': 'all',
        'Maintainer': 'stand-in <tests@localhost>',
        **({'Depends': ', '.join(depends)} if depends else {}),
        'Description': f'{name} of {namespace}',
    }
    last = f'"{copy}" postrm; ' if int(about.get('plugin_format_version') or 0) > 0 else ''
    scripts = {
        'postinst': f'configure) "{rules}" install ;; abort-*) ;;',
        'prerm': f'remove) cp "{rules}" "{copy}"; "{rules}" uninstall ;; upgrade|deconfigure|failed-upgrade) ;;',
        'postrm': f'remove|purge) {last}rm -f "{copy}" ;; upgrade|failed-upgrade|abort-install|abort-upgrade) ;;',
    }
    folder = Path(tree, 'DEBIAN')
    folder.mkdir()
    folder.chmod(0o755)
    (folder / 'control').write_text(''.join(f'{key}: {value}\n' for key, value in control.items()))
    for script, calls in scripts.items():
        (folder / script).write_text(f'#!/bin/sh\nset -e\ncase "$1" in\n{calls}\n*) exit 1 ;;\nesac\n')
        (folder / script).chmod(0o755)
    subprocess.run(['chown', '-R', f'{USER}:{USER}', tree], check=True)
    deb = f'{tree}.deb'
    subprocess.run(['dpkg-deb', '--build', tree, deb], check=True, capture_output=True)
    return deb


def package(namespace, name):
    return f'wazo-plugind-{name}-{namespace}'


def remove(own, namespace, name):
    job = Job('uninstall', own)
    try:
        job.begin('starting')
        job.begin('removing')
        as_root(['apt-get', 'remove', '--yes', package(namespace, name)])
        job.tell('completed')
    except Exception:
        job.fail('uninstall-error', 'Uninstallation error', {'step': job.step})
