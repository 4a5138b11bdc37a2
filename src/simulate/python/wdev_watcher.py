"""Sees what a plugin does with each line: its records, its exceptions, and where in its source."""

import json
import sys
import threading
import traceback


class Teller:
    def __init__(self, stream):
        self._stream = stream
        self._lock = threading.Lock()

    def __call__(self, **event):
        text = json.dumps(event, default=repr)
        with self._lock:
            self._stream.write(text + '\n')


class Watcher:
    def __init__(self, tell, root):
        self.tell = tell
        self._root = root
        #: 1-based number of the line in hand; None when the plugin reads by itself.
        self.line = None
        self.fed = 0
        #: How many lines of a terminal the plugin is through with.
        self.done = 0
        self.records = 0
        self.raised = False
        self._places = {}

    def own(self, frames):
        return [
            {'file': frame.filename, 'line': frame.lineno} for frame in frames if frame.filename.startswith(self._root)
        ]

    def describe(self, error):
        frames = self.own(traceback.extract_tb(error.__traceback__))
        if isinstance(error, SyntaxError) and (error.filename or '').startswith(self._root):
            frames.append({'file': error.filename, 'line': error.lineno})
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        return {'type': type(error).__name__, 'message': message, 'frames': frames}

    def wrap_methods(self, plugin):
        """Look over the plugin's shoulder; what a method raises goes on to the call logger."""
        for name in ('decode', 'parse'):
            method = getattr(plugin, name, None)
            if method is not None:
                object.__setattr__(plugin, name, self._watched(name, method))
        original = plugin.push

        def push(record):
            self._note_record(record)
            return original(record)

        object.__setattr__(plugin, 'push', push)

    def _watched(self, name, method):
        def watched(data):
            returns = Returns(self._root)
            try:
                result = returns.call(method, data) if name == 'parse' else method(data)
            except Exception as error:
                self.raised = True
                self.tell(event='raised', line=self.line, where=name, error=self.describe(error))
                raise
            if name == 'parse' and not result:
                self.tell(event='none', line=self.line, place=returns.place)
            return result

        return watched

    def note_construction(self, record):
        """Called by a record's constructor: remembers the line of the plugin that made it."""
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename.startswith(self._root):
                # the record is kept, so that its identity is not given to another one
                self._places[id(record)] = record, {'file': frame.f_code.co_filename, 'line': frame.f_lineno}
                return
            frame = frame.f_back

    def _note_record(self, record):
        self.records += 1
        fields = fields_of(record)
        _, place = self._places.pop(id(record), (None, None))
        values, unserialisable = {}, []
        for name, value in fields.items():
            try:
                values[name] = json.loads(json.dumps(value))
            except (TypeError, ValueError):
                values[name] = repr(value)
                unserialisable.append([name, type(value).__name__])
        self.tell(event='record', line=self.line, fields=values, unserialisable=unserialisable, place=place)


def fields_of(record):
    """The fields as they are sent, for all generations."""
    if hasattr(record, 'as_dict'):
        return encode_dates(record.as_dict())
    if isinstance(record, dict):
        return dict(record)
    return dict(getattr(record, 'data', None) or vars(record))


def encode_dates(fields):
    """Generation 2 sends a datetime as text."""
    return {name: value.isoformat() if hasattr(value, 'isoformat') else value for name, value in fields.items()}


class Returns:
    """Finds the line at which a plugin decided that a line of the port tells of no call."""

    def __init__(self, root):
        self._root = root
        self._depth = -1
        self._last = {}

    def call(self, method, data):
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            return method(data)
        finally:
            sys.settrace(before)

    def _trace(self, frame, event, argument):
        if not frame.f_code.co_filename.startswith(self._root):
            return None
        self._depth += 1
        frame.f_trace_lines = False
        return self._inside

    def _inside(self, frame, event, argument):
        if event == 'return':
            self._last[self._depth] = frame, frame.f_lineno, argument
            for deeper in [depth for depth in self._last if depth > self._depth + 1]:
                del self._last[deeper]
            self._depth -= 1
        return self._inside

    @property
    def place(self):
        """The innermost of the last calls that returned nothing."""
        found = None
        for depth in sorted(self._last):
            frame, line, value = self._last[depth]
            if value is not None and value is not False:
                break
            found = {'file': frame.f_code.co_filename, 'line': line}
        return found
