"""Run the tools of Wazo's house style over plugins, each tool once over all of them.

Called with a folder that holds plugins: a folder for each, with its files. Prints a JSON
object: {plugin: {"style": [...], "mypy": [...]}}, with what the tools say. A file that
several plugins have is read in one of them, and may be changed.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import isort
from isort.settings import Config as IsortConfig
from mypy import api

ROOT = Path(sys.argv[1]).resolve()
STUBS = Path(__file__).resolve().parent / 'stubs'
BIN = Path(sys.executable).parent
TOOLS = ('black', 'flake8', 'isort', 'mypy')
FIXERS = ('trailing-whitespace-fixer', 'end-of-file-fixer')
# what the services call has types; tests need none
STRICT = {'disallow_untyped_defs': True, 'disallow_incomplete_defs': True}

problems: dict[str, dict[str, list[str]]] = {}
owners: dict[Path, list[Path]] = defaultdict(list)


def complain_of(file: Path, text: str) -> None:
    for plugin in owners[file]:
        problems[plugin.name]['style'].append(f'{file.relative_to(plugin_of(file))}: {text}')


def plugin_of(file: Path) -> Path:
    return ROOT / file.relative_to(ROOT).parts[0]


def run(tool: str, *arguments: str | Path) -> str:
    command = [BIN / tool, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or 'Traceback' in done.stderr:
        raise SystemExit(f'{tool}: {done.stdout}{done.stderr}')
    return done.stdout + done.stderr


def one_of_each(plugins: list[Path]) -> list[Path]:
    """Return one file for each content, of those that hold text."""
    found: dict[tuple[str, str, str], Path] = {}
    for plugin in plugins:
        # isort asks which packages stand beside a file
        beside = ' '.join(sorted(entry.name for entry in plugin.iterdir() if entry.is_dir()))
        for file in sorted(path for path in plugin.rglob('*') if path.is_file()):
            content = file.read_bytes()
            if b'\0' in content:
                continue
            place = f'{beside} {lets_lines_be_long(plugin)}' if file.suffix == '.py' else ''
            key = (str(file.relative_to(plugin)), hashlib.sha256(content).hexdigest(), place)
            owners[found.setdefault(key, file)].append(plugin)
    return list(found.values())


@cache
def settings_of(plugin: Path) -> dict[str, dict[str, object]]:
    tools = tomllib.loads((plugin / 'pyproject.toml').read_text(encoding='utf-8'))['tool']
    return {tool: tools[tool] for tool in TOOLS}


def lets_lines_be_long(plugin: Path) -> bool:
    """Return whether flake8 is told so, as names may be longer than a line has room for."""
    return 'E501' in settings_of(plugin)['flake8']['ignore']


def common_settings_of(plugin: Path) -> dict[str, dict[str, object]]:
    settings = settings_of(plugin)
    ignore = [code for code in settings['flake8']['ignore'] if code != 'E501']
    return settings | {'flake8': settings['flake8'] | {'ignore': ignore}}


def flake8(files: list[Path]) -> None:
    groups: dict[bool, list[Path]] = defaultdict(list)
    for file in files:
        groups[lets_lines_be_long(plugin_of(file))].append(file)
    for group in groups.values():
        config = f'--toml-config={plugin_of(group[0]) / "pyproject.toml"}'
        for line in run('flake8', config, '--no-show-source', *group).splitlines():
            file, number, _, text = line.split(':', 3)
            complain_of(Path(file), f'{number}:{text}')


def style(files: list[Path], config: Path) -> None:
    changed = run('black', '--check', '--quiet', '--diff', '--config', config, *files)
    for hunk in changed.split('--- ')[1:]:
        complain_of(Path(hunk.split('\t')[0]), f'black would change it\n{hunk}')
    flake8(files)
    sorting: dict[Path, IsortConfig] = {}
    for file in files:
        plugin = plugin_of(file)
        if plugin not in sorting:
            sorting[plugin] = IsortConfig(settings_path=str(plugin))
        difference = io.StringIO()
        if not isort.check_file(file, config=sorting[plugin], show_diff=difference):
            complain_of(file, f'isort would change it\n{difference.getvalue()}')
    with tempfile.TemporaryDirectory() as folder:
        copies = {Path(folder, f'{number}.py'): file for number, file in enumerate(files)}
        for copy, file in copies.items():
            shutil.copy(file, copy)
        run('pyupgrade', '--py311-plus', *copies)
        for copy, file in copies.items():
            text = copy.read_text(encoding='utf-8')
            if text != file.read_text(encoding='utf-8'):
                complain_of(file, f'pyupgrade would make it\n{text}')


def white_space(files: list[Path]) -> None:
    for fixer in FIXERS:
        for line in run(fixer, *files).splitlines():
            complain_of(Path(line.removeprefix('Fixing ')), f'{fixer} would change it')


def types(plugins: list[Path], settings: dict[str, object]) -> None:
    # what is imported has stubs here; without them mypy would see nothing of it
    table = settings | STRICT | {'ignore_missing_imports': False, 'warn_unused_configs': False}
    lines = ['[mypy]', *(f'{key} = {value}' for key, value in table.items())]
    lines += ['[mypy-tests.*,tests]', *(f'{key} = False' for key in STRICT)]
    config = ROOT / 'mypy.ini'
    config.write_text('\n'.join([*lines, '']), encoding='utf-8')
    os.environ['MYPYPATH'] = str(STUBS)
    options = [f'--config-file={config}', '--no-error-summary', f'--cache-dir={ROOT}/cache']
    said: dict[str, list[str]] = {}
    for plugin in plugins:
        files = sorted(str(file.relative_to(plugin)) for file in plugin.rglob('*.py'))
        contents = b''.join((plugin / file).read_bytes() + file.encode() for file in files)
        key = hashlib.sha256(contents).hexdigest()
        if key not in said:
            os.chdir(plugin)
            answer, wrong, _ = api.run([*options, *files])
            said[key] = (answer + wrong).splitlines()
        problems[plugin.name]['mypy'] += said[key]


def main() -> None:
    plugins = sorted(path for path in ROOT.iterdir() if path.is_dir())
    problems.update({plugin.name: {'style': [], 'mypy': []} for plugin in plugins})
    files = one_of_each(plugins)
    python = [plugin for plugin in plugins if any(plugin.rglob('*.py'))]
    if python:
        settings = common_settings_of(python[0])
        for plugin in python[1:]:
            if common_settings_of(plugin) != settings:
                problems[plugin.name]['style'].append('pyproject.toml: has other settings than its neighbours')
        sources = [file for file in files if file.suffix == '.py']
        style(sources, python[0] / 'pyproject.toml')
        types(python, settings['mypy'])
    white_space(files)
    print(json.dumps(problems))


main()
