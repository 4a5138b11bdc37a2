"""Tells what rules need to know of Python files, without running them.

Reads {"version": [3, 11], "files": [[key, name, text], ...]} as JSON from standard input and writes
{"version": "3.11", "files": {key: facts}}; facts.ts has the shape.
"""

import ast
import configparser
import json
import sys
import warnings

try:
    import tomllib
except ImportError:
    tomllib = None

CALLS = ('setup', 'load', 'load_all', 'add_resource', 'find_packages', 'find_namespace_packages')
DEPTH = 12
# older Pythons do not tell; then no import is doubted
STANDARD = getattr(sys, 'stdlib_module_names', None) or type('All', (), {'__contains__': lambda *_: True})()


def dotted(node, imported):
    """A name with its dots; of what was imported, by the name that it has in its own module."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(imported.get(node.id, node.id))
        return '.'.join(reversed(parts))
    return '.'.join(['?', *reversed(parts)]) if parts else ''


def value(node, names, imported, depth=0):
    """An expression as data; a name that the module gives a value once stands for that value."""
    if node is None or depth > DEPTH:
        return {'is': 'other'}
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return {
                'is': 'text',
                'value': node.value,
                'line': node.lineno,
                'column': node.col_offset + 1,
                'end': node.end_col_offset + 1 if node.end_lineno == node.lineno else 0,
            }
        return {'is': 'constant', 'value': repr(node.value)}
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return {'is': 'list', 'items': [value(item, names, imported, depth + 1) for item in node.elts]}
    if isinstance(node, ast.Dict):
        pairs = [(key, item) for key, item in zip(node.keys, node.values) if key is not None]
        return {'is': 'dict', 'entries': [[value(part, names, imported, depth + 1) for part in pair] for pair in pairs]}
    if isinstance(node, ast.Call):
        return {'is': 'call', **call_parts(node, names, imported, depth + 1)}
    if isinstance(node, ast.Name):
        known = names.get(node.id)
        if known is not None:
            others = {key: item for key, item in names.items() if key != node.id}
            return value(known, others, imported, depth + 1)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return {'is': 'name', 'value': dotted(node, imported)}
    return {'is': 'other'}


def call_parts(node, names, imported, depth=0):
    return {
        'name': dotted(node.func, imported),
        'args': [value(item, names, imported, depth) for item in node.args],
        'keywords': {item.arg: value(item.value, names, imported, depth) for item in node.keywords if item.arg},
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


class Reader(ast.NodeVisitor):
    def __init__(self, names, imported):
        self.names, self.imported = names, imported
        self.imports, self.classes, self.calls = [], [], []
        self.inside = 0

    def place(self, node):
        return {'line': node.lineno, 'column': node.col_offset + 1}

    def visit_Import(self, node):
        for alias in node.names:
            self.add_import(node, alias.name, 0, [])

    def visit_ImportFrom(self, node):
        self.add_import(node, node.module or '', node.level, [alias.name for alias in node.names])

    def add_import(self, node, module, level, names):
        standard = level == 0 and module.split('.')[0] in STANDARD
        entry = {'module': module, 'level': level, 'names': names, 'optional': self.inside > 0, 'standard': standard}
        self.imports.append({**entry, **self.place(node)})

    def visit_ClassDef(self, node):
        methods = [
            {
                'name': item.name,
                **self.place(item),
                'decorators': [
                    dotted(d.func if isinstance(d, ast.Call) else d, self.imported) for d in item.decorator_list
                ],
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
        bases = [dotted(base, self.imported) for base in node.bases]
        self.classes.append(
            {'name': node.name, **self.place(node), 'bases': bases, 'methods': methods, 'attributes': attributes}
        )
        self.generic_visit(node)

    def visit_Call(self, node):
        if dotted(node.func, self.imported).rpartition('.')[2] in CALLS:
            self.calls.append({**call_parts(node, self.names, self.imported), **self.place(node.func)})
        self.generic_visit(node)

    def nested(self, node):
        self.inside += 1
        self.generic_visit(node)
        self.inside -= 1

    visit_Try = visit_If = visit_FunctionDef = visit_AsyncFunctionDef = nested


def read_python(text, version):
    tree = ast.parse(text, feature_version=min(version, sys.version_info[:2]))
    names = set()
    is_open = top_names(tree.body, names)
    reader = Reader(assigned_once(tree), imported_names(tree))
    reader.visit(tree)
    return {
        'imports': reader.imports,
        'names': sorted(names),
        'open': is_open,
        'classes': reader.classes,
        'calls': reader.calls,
    }


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_cfg(text):
    parser = configparser.ConfigParser(delimiters=('=',), interpolation=None)
    parser.read_string(text)
    section = parser['options.entry_points'] if 'options.entry_points' in parser else {}
    metadata = parser['metadata'] if 'metadata' in parser else {}
    requires = parser.get('options', 'install_requires', fallback='')
    return settings(metadata, {group: lines_of(text) for group, text in section.items()}, lines_of(requires))


def read_toml(text):
    project = tomllib.loads(text).get('project', {})
    groups = project.get('entry-points', {})
    pairs = {group: [f'{name} = {target}' for name, target in entries.items()] for group, entries in groups.items()}
    return settings(project, pairs, project.get('dependencies', []))


def settings(metadata, groups, requires):
    found = {'entryPoints': groups, 'requires': len(requires) > 0}
    for key in ('name', 'version'):
        if isinstance(metadata.get(key), str):
            found[key] = metadata[key]
    return found


EMPTY = {'imports': [], 'names': [], 'open': True, 'classes': [], 'calls': []}


def read(name, text, version):
    try:
        if name.endswith('.py'):
            return read_python(text, version)
        if name.endswith('.cfg'):
            return {**EMPTY, 'settings': read_cfg(text)}
        return {**EMPTY, 'settings': read_toml(text)} if tomllib else EMPTY
    except SyntaxError as error:
        place = {'line': error.lineno or 1, 'column': max(error.offset or 1, 1)}
        return {**EMPTY, 'error': {'message': error.msg, **place}}
    except configparser.Error as error:
        line = getattr(error, 'lineno', None) or 1
        return {**EMPTY, 'error': {'message': error.message.splitlines()[0], 'line': line, 'column': 1}}
    except (ValueError, RecursionError, MemoryError) as error:
        return {**EMPTY, 'error': {'message': str(error).splitlines()[0], 'line': 1, 'column': 1}}


def main():
    warnings.simplefilter('ignore')
    asked = json.load(sys.stdin)
    version = tuple(asked['version'])
    files = {key: read(name, text, version) for key, name, text in asked['files']}
    json.dump({'version': '.'.join(map(str, sys.version_info[:2])), 'files': files}, sys.stdout)


main()
