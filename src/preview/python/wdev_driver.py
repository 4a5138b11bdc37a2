"""Runs one driver as wazo-confgend does, and tells everything that a server would hide."""

import importlib.metadata
import inspect
import io
import json
import os
import sys
import tempfile
import time
import traceback

import wdev_confd as confd
import wdev_declared as declared
import wdev_templates as templates


def run(request, answer):
    """Do the preview that `request` asks for and write the reply to the file descriptor `answer`."""
    printed = tempfile.TemporaryFile()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(printed.fileno(), 1)
    os.dup2(printed.fileno(), 2)
    sys.stdout = io.TextIOWrapper(io.FileIO(1, 'w', closefd=False), encoding='utf-8', write_through=True)
    sys.stderr = io.TextIOWrapper(io.FileIO(2, 'w', closefd=False), encoding='utf-8', write_through=True)
    preview = Preview(request)
    reply = preview.reply()
    printed.seek(0)
    reply['printed'] = printed.read(65536).decode('utf-8', 'replace')
    with os.fdopen(answer, 'w', encoding='ascii') as stream:
        json.dump(reply, stream)
        stream.write('\n')


class Declared:
    """What the request declares."""

    def __init__(self, preview):
        self._preview = preview

    def dao(self):
        return self._preview.request['dao']

    def stock(self):
        return self._preview.request['stock']

    def touch(self, name):
        self._preview.touch('database', name)


class Preview:
    def __init__(self, request):
        self.request = request
        self.root = request['root']
        self.phase = 'import'
        self.ms = {}
        self.places = {}
        self.before = set(sys.modules)
        self.touches = []
        sys.path[:0] = request['path']

    def reply(self):
        request = self.request
        config, problems = confd.load(request['layers'], request['allowExec'])
        reply = {'problems': problems, 'touches': self.touches, 'ms': self.ms, 'places': self.places}
        reply['enabled'] = confd.enabled(config, request['resource'], request['filename'])
        reply['found'] = self.entry_points()
        helper = templates.TemplateHelper(self.root)
        declared.install(Declared(self), ['xivo_dao', *declared.absent(['wazo_confgend'])])
        sys.addaudithook(self.audit)
        try:
            reply.update(self.generate(config, helper))
        except BaseException as error:  # noqa: BLE001  (SystemExit and the like are the driver's too)
            reply.update(outcome='raised', phase=self.phase, error=self.describe(error))
        reply['undefined'] = helper.undefined
        reply['imported'] = self.imported()
        return reply

    def entry_points(self):
        """Every entry point of the file's group, with the package that it comes from; equal ones count once."""
        found = {}
        for package in importlib.metadata.distributions():
            for point in package.entry_points:
                if point.group == self.request['namespace']:
                    name = package.metadata['Name']
                    found.setdefault((point.name, point.value), {'name': point.name, 'value': point.value, 'package': name})
        return list(found.values())

    def generate(self, config, helper):
        factory = self.timed('import', self.load)
        self.note('init', getattr(factory, '__init__', factory))
        driver = self.timed('init', lambda: factory({'config': config, 'tpl_helper': helper}))
        self.note('generate', getattr(driver, 'generate', None))
        content = self.timed('generate', lambda: driver.generate())
        self.phase = 'done'
        return self.judge(content)

    @staticmethod
    def judge(content):
        if content is None:
            return {'outcome': 'none'}
        if not isinstance(content, str):
            return {'outcome': 'bytes' if isinstance(content, bytes) else 'other', 'type': type(content).__name__}
        if content == '':
            return {'outcome': 'empty'}
        try:
            content.encode('utf-8')
        except UnicodeEncodeError as error:
            line = content.count('\n', 0, error.start) + 1
            return {'outcome': 'not-utf8', 'line': line, 'text': content.encode('utf-8', 'replace').decode('utf-8')}
        return {'outcome': 'text', 'text': content}

    def note(self, phase, function):
        """Keep where the plugin defines a method, for findings that have no other line."""
        code = getattr(inspect.unwrap(function) if callable(function) else None, '__code__', None)
        if code is not None and code.co_filename.startswith(self.root):
            self.places[phase] = {'file': code.co_filename, 'line': code.co_firstlineno}

    def load(self):
        namespace, name = self.request['namespace'], self.request['driver']
        try:
            from stevedore import DriverManager
        except ImportError:
            return self.load_plainly(namespace, name)
        return DriverManager(namespace, name).driver

    @staticmethod
    def load_plainly(namespace, name):
        """What stevedore does, where it is not installed: RuntimeError unless there is exactly one."""
        points = importlib.metadata.entry_points()
        group = points.select(group=namespace) if hasattr(points, 'select') else points.get(namespace, [])
        # all of one name are imported before they are counted
        found = {point.value: point for point in group if point.name == name}
        loaded = [point.load() for point in found.values()]
        if len(loaded) != 1:
            what = 'Multiple' if loaded else 'No'
            raise RuntimeError(f'{what} {namespace!r} driver found, looking for {name!r}')
        return loaded[0]

    def timed(self, phase, do):
        self.phase = phase
        started = time.perf_counter()
        try:
            return do()
        finally:
            self.ms[phase] = (time.perf_counter() - started) * 1000

    def audit(self, event, arguments):
        if self.phase == 'done' or event not in ('socket.connect', 'socket.getaddrinfo', 'sqlite3.connect'):
            return
        if event == 'socket.connect':
            address = arguments[1]
            # local logging goes through a socket that is a path
            if isinstance(address, tuple):
                self.touch('network', f'{address[0]}:{address[1]}')
        elif event == 'socket.getaddrinfo':
            self.touch('network', str(arguments[0]))
        else:
            self.touch('database', str(arguments[0]))

    def touch(self, what, detail):
        frames = self.own(traceback.extract_stack())
        if frames or what == 'database':
            self.touches.append({'what': what, 'phase': self.phase, 'detail': detail, 'frames': frames})

    def own(self, stack):
        """The frames that lie in the plugin, innermost last."""
        return [
            {'file': frame.filename, 'line': frame.lineno} for frame in stack if frame.filename.startswith(self.root)
        ]

    def describe(self, error):
        frames = self.own(traceback.extract_tb(error.__traceback__))
        # neither the line of a syntax error nor that of a template's is in the traceback
        if isinstance(error, SyntaxError) or type(error).__name__ == 'TemplateSyntaxError':
            name = error.filename or ''
            if name.startswith(self.root):
                frames.append({'file': name, 'line': error.lineno})
        message = str(error) if str(error) or not isinstance(error, Exception) else repr(error)
        return {
            'type': type(error).__name__,
            'message': error.msg if isinstance(error, SyntaxError) else message,
            'frames': frames,
            'runtime': isinstance(error, RuntimeError),
            'missing': getattr(error, 'wdev_missing', None),
            'call': getattr(error, 'wdev_call', None),
        }

    def imported(self):
        """Modules from outside of the plugin that this driver needed."""
        names = []
        for name in set(sys.modules) - self.before:
            file = getattr(sys.modules[name], '__file__', None)
            if isinstance(file, str) and not file.startswith(self.root) and '.' not in name:
                names.append(name)
        return sorted(names)
