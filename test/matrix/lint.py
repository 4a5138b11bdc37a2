"""For each line with {"dir", "yml", "py"}: a line with what yamllint and Python say against those files, or {}."""

import ast
import json
import sys
from pathlib import Path

from yamllint import linter
from yamllint.config import YamlLintConfig

CONFIG = YamlLintConfig('{extends: default, rules: {line-length: disable, document-start: disable}}')


def problem_of(asked):
    folder = Path(asked['dir'])
    for name in asked['yml']:
        for found in linter.run((folder / name).read_text(encoding='utf-8'), CONFIG):
            return f'{name}:{found.line}: {found.desc}'
    for name in asked['py']:
        try:
            ast.parse((folder / name).read_text(encoding='utf-8'), name)
        except SyntaxError as error:
            return f'{name}:{error.lineno}: {error}'
    return None


for line in sys.stdin:
    print(json.dumps({'problem': problem_of(json.loads(line))}), flush=True)
