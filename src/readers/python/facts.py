"""Tells what there is to know of Python files, without running them.

Prints its version ("3.11"), then answers each line of standard input, [name, text, [3, 11]] as JSON, with one line,
until that ends; facts.ts has the shape of an answer.
"""

import ast
import json
import re
import signal
import sys
import time
import warnings
from array import array

try:
    import tomllib
except ImportError:
    tomllib = None

CALLS = ('setup', 'load', 'load_all', 'add_resource', 'find_packages', 'find_namespace_packages')
DEPTH = 12
# what is read of one text; hand-written ones have some hundred values, and names of a handful of words
VALUES = 50_000
WORDS = 50
# of processor time for one text, after which Python is ended: its own parser and compiler have no bound
SECONDS = 4
# older Pythons do not tell; then no import is doubted
STANDARD = getattr(sys, 'stdlib_module_names', None) or type('All', (), {'__contains__': lambda *_: True})()


class TooMuch(Exception):
    """A text has more to tell than is read."""


class Places:
    """Where nodes lie in a text, in UTF-16 units as JavaScript counts them; ast counts bytes of lines."""

    def __init__(self, text, first):
        ends = [match.end() for match in re.finditer('\r\n|\r|\n', text)]
        self.lines = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)])]
        # of a line that is not ASCII: the units before each of its bytes
        self.units = [None if line.isascii() else units_before(line) for line in self.lines]
        self.starts = [first]
        for line, units in zip(self.lines, self.units):
            self.starts.append(self.starts[-1] + (len(line) if units is None else units[-1]))

    def offset(self, line, column):
        units = self.units[line - 1]
        return self.starts[line - 1] + (column if units is None else units[column])

    def place(self, node):
        start = self.offset(node.lineno, node.col_offset)
        return {'line': node.lineno, 'column': start - self.starts[node.lineno - 1] + 1}

    def span(self, node):
        return {
            'from': self.offset(node.lineno, node.col_offset),
            'to': self.offset(node.end_lineno, node.end_col_offset),
        }


def units_before(line):
    before, units = array('L'), 0
    for character in line:
        before.extend([units] * len(character.encode('utf-8')))
        units += 2 if character > '\uffff' else 1
    before.append(units)
    return before


class Values:
    """Expressions of a module as data."""

    def __init__(self, tree, text, first):
        self.left = VALUES
        self.names, self.imported = assigned_once(tree), imported_names(tree)
        self.places = Places(text, first)

    def dotted(self, node):
        """A name with its dots; of what was imported, by the name that it has in its own module."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
            if len(parts) > WORDS:
                return ''
        if isinstance(node, ast.Name):
            parts.append(self.imported.get(node.id, node.id))
            return '.'.join(reversed(parts))
        return '.'.join(['?', *reversed(parts)]) if parts else ''

    def value(self, node, known=(), depth=0):
        """A name that the module gives a value once stands for that value, and has its place."""
        self.left -= 1
        if self.left < 0:
            raise TooMuch
        span = self.places.span(node)
        if depth > DEPTH:
            return {'is': 'other', **span}
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, str):
                return {'is': 'constant', 'value': repr(node.value), **span}
            return {'is': 'text', 'value': node.value, **self.places.place(node), **span}
        # a tuple without brackets has none that something could be put into
        bare = isinstance(node, ast.Tuple) and node.elts and self.places.span(node.elts[0])['from'] == span['from']
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and not bare:
            items = [self.value(item, known, depth + 1) for item in node.elts]
            return {'is': 'list', 'items': items, **span}
        if isinstance(node, ast.Dict):
            pairs = [(key, item) for key, item in zip(node.keys, node.values) if key is not None]
            entries = [[self.value(part, known, depth + 1) for part in pair] for pair in pairs]
            return {'is': 'dict', 'entries': entries, **span}
        if isinstance(node, ast.Call):
            return {'is': 'call', **self.call(node, known, depth + 1)}
        if isinstance(node, ast.Name) and node.id in self.names and node.id not in known:
            return self.value(self.names[node.id], (*known, node.id), depth + 1)
        if isinstance(node, ast.Subscript):
            # Python 3.8 wraps what stands between the brackets
            key = getattr(node.slice, 'value', None) if type(node.slice).__name__ == 'Index' else node.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                return {'is': 'item', 'of': self.dotted(node.value), 'key': key.value, **span}
        if isinstance(node, (ast.Name, ast.Attribute)):
            return {'is': 'name', 'value': self.dotted(node), **span}
        return {'is': 'other', **span}

    def call(self, node, known=(), depth=0):
        args = [*node.args, *(item if hasattr(item, 'end_lineno') else item.value for item in node.keywords)]
        ends = [self.places.span(item)['to'] for item in args]
        return {
            'name': self.dotted(node.func),
            'args': [self.value(item, known, depth) for item in node.args],
            'keywords': {item.arg: self.value(item.value, known, depth) for item in node.keywords if item.arg},
            **({'open': True} if any(item.arg is None for item in node.keywords) else {}),
            **self.places.span(node),
            'argsTo': max(ends, default=self.places.span(node)['to'] - 1),
        }


def assigned_once(tree):
    """Names that the module's top level gives a value exactly once."""
    found, twice = {}, set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name):
                if target.id in found:
                    twice.add(target.id)
                found[target.id] = node.value
    return {name: node for name, node in found.items() if name not in twice}


def imported_names(tree):
    """What each name that an import brings is in full; a function or class of that name in the module counts for more."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom):
            module = '.' * node.level + (node.module or '')
            found.update({alias.asname or alias.name: f'{module}.{alias.name}' for alias in node.names})
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.pop(node.name, None)
    return found


def top_names(body, found):
    """Names that exist in a module after import, and whether there may be others."""
    is_open = False
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            is_open = is_open or node.name == '__getattr__'
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name == '*':
                    is_open = True
                else:
                    found.add((alias.asname or alias.name).split('.')[0])
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.With)):
            for child in ast.walk(node):
                if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                    found.add(child.id)
        for field in ('body', 'orelse', 'finalbody', 'handlers'):
            if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ExceptHandler)):
                is_open = top_names(getattr(node, field, []), found) or is_open
    return is_open


class Scope:
    """A function, as far as the calls in it depend on it."""

    def __init__(self, function):
        self.name, self.branches = function.name, 0
        self.items, returns = {}, []
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                returns.append(node.lineno)
            for target in node.targets if isinstance(node, ast.Assign) else []:
                if isinstance(target, ast.Name):
                    self.items[target.id] = item_key(node.value) if target.id not in self.items else None
        self.returned = min(returns, default=function.end_lineno)

    def of(self, call):
        """The key under which what it is called on was found, and whether the function may leave it out."""
        on = call.func.value if isinstance(call.func, ast.Attribute) else None
        key = self.items.get(on.id) if isinstance(on, ast.Name) else item_key(on)
        optional = self.branches > 0 or self.returned < call.lineno
        return {'within': self.name, 'optional': optional, **({'on': key} if key else {})}


def item_key(node):
    """`api` of `dependencies['api']`."""
    key = node.slice if isinstance(node, ast.Subscript) else None
    # Python 3.8 wraps what stands between the brackets
    key = getattr(key, 'value', key) if type(key).__name__ == 'Index' else key
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


class Reader(ast.NodeVisitor):
    def __init__(self, values):
        self.values = values
        self.imports, self.classes, self.calls = [], [], []
        self.read = {}
        self.inside = 0
        self.scope = None

    def visit_Import(self, node):
        for alias in node.names:
            self.add_import(node, alias.name, 0, [])

    def visit_ImportFrom(self, node):
        self.add_import(node, node.module or '', node.level, [alias.name for alias in node.names])

    def add_import(self, node, module, level, names):
        standard = level == 0 and module.split('.')[0] in STANDARD
        entry = {'module': module, 'level': level, 'names': names, 'optional': self.inside > 0, 'standard': standard}
        self.imports.append({**entry, **self.values.places.place(node)})

    def visit_ClassDef(self, node):
        methods = [
            {
                'name': item.name,
                **self.values.places.place(item),
                'decorators': [
                    self.values.dotted(d.func if isinstance(d, ast.Call) else d) for d in item.decorator_list
                ],
                'rights': [
                    {'text': arg.value, **self.values.places.place(arg)}
                    for d in item.decorator_list
                    if isinstance(d, ast.Call) and self.values.dotted(d.func).rpartition('.')[2] == 'required_acl'
                    for arg in d.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                ],
                'parameters': [arg.arg for arg in [*item.args.posonlyargs, *item.args.args, *item.args.kwonlyargs]],
                'takes_any': item.args.kwarg is not None,
            }
            for item in node.body
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        attributes = [
            target.id
            for item in node.body
            if isinstance(item, (ast.Assign, ast.AnnAssign))
            for target in (item.targets if isinstance(item, ast.Assign) else [item.target])
            if isinstance(target, ast.Name)
        ]
        bases = [self.values.dotted(base) for base in node.bases]
        self.classes.append(
            {'name': node.name, **self.values.places.place(node), 'bases': bases, 'methods': methods, 'attributes': attributes}
        )
        self.generic_visit(node)

    def visit_Call(self, node):
        name = self.values.dotted(node.func).rpartition('.')[2]
        if name in CALLS:
            more = self.scope.of(node) if self.scope and name == 'add_resource' else {}
            self.calls.append({**self.values.call(node), **self.values.places.place(node.func), **more})
        self.generic_visit(node)

    def visit_Attribute(self, node):
        module, _, name = self.values.dotted(node).rpartition('.')
        if module.split('.')[0] in STANDARD and (module, name) not in self.read:
            place = self.values.places.place(node)
            self.read[module, name] = {'module': module, 'name': name, 'optional': self.inside > 0, **place}
        self.generic_visit(node)

    def reads(self):
        """Members of modules of Python that are read by the module's name."""
        known = {entry['module'] for entry in self.imports if entry['standard'] and not entry['names']}
        return [read for read in self.read.values() if read['module'] in known]

    def nested(self, node):
        self.inside += 1
        self.generic_visit(node)
        self.inside -= 1

    def branch(self, node):
        visit = self.generic_visit if isinstance(node, (ast.For, ast.While)) else self.nested
        if self.scope is None:
            return visit(node)
        self.scope.branches += 1
        visit(node)
        self.scope.branches -= 1

    def visit_FunctionDef(self, node):
        around, self.scope = self.scope, Scope(node)
        self.nested(node)
        self.scope = around

    visit_Try = visit_If = visit_For = visit_While = branch
    visit_AsyncFunctionDef = visit_FunctionDef


def read_python(text, version):
    # a byte order mark is no part of the program
    first = 1 if text.startswith('\ufeff') else 0
    text = text[first:]
    tree = ast.parse(text, feature_version=min(version, sys.version_info[:2]))
    # a return outside of a function, an argument twice: the grammar has no word against them
    compile(tree, 'module', 'exec', dont_inherit=True)
    names = set()
    is_open = top_names(tree.body, names)
    reader = Reader(Values(tree, text, first))
    reader.visit(tree)
    return {
        'imports': reader.imports,
        'names': sorted(names),
        'open': is_open,
        'classes': reader.classes,
        'calls': reader.calls,
        'reads': reader.reads(),
    }


def read_toml(text):
    project = tomllib.loads(text).get('project', {})
    groups = project.get('entry-points', {})
    found = {
        'entryPoints': {
            group: [f'{name} = {target}' for name, target in entries.items()] for group, entries in groups.items()
        },
        'requires': len(project.get('dependencies', [])) > 0,
    }
    for key in ('name', 'version'):
        if isinstance(project.get(key), str):
            found[key] = project[key]
    return found


EMPTY = {'imports': [], 'names': [], 'open': True, 'classes': [], 'calls': []}


def read(name, text, version):
    try:
        if name.endswith('.py'):
            return read_python(text, tuple(version))
        return {**EMPTY, 'settings': read_toml(text)} if tomllib else EMPTY
    except SyntaxError as error:
        # Python counts characters
        offset = max(error.offset or 1, 1)
        before = (error.text or '')[: offset - 1]
        column = offset + sum(character > '\uffff' for character in before)
        place = {'line': error.lineno or 1, 'column': column}
        return {**EMPTY, 'error': {'message': error.msg, **place}}
    except TooMuch:
        return {**EMPTY, 'unread': True}
    except (AttributeError, TypeError, ValueError, RecursionError, MemoryError) as error:
        message = (str(error) or type(error).__name__).splitlines()[0]
        return {**EMPTY, 'error': {'message': message, 'line': 1, 'column': 1}}


def main():
    warnings.simplefilter('ignore')
    print('.'.join(map(str, sys.version_info[:2])), flush=True)
    for line in sys.stdin.buffer:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        began = time.process_time()
        answer = read(*json.loads(line))
        print(json.dumps({**answer, 'seconds': round(time.process_time() - began, 3)}), flush=True)


main()
