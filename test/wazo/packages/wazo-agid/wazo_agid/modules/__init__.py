import importlib
import os
import re


def import_all():
    """Each file whose name ends as one of Python's, and each package; in no order that could be relied upon."""
    folder = os.path.dirname(__file__)
    names = {name for name in os.listdir(folder) if name != '__pycache__' and is_module(os.path.join(folder, name))}
    for name in {re.sub(r'\.py[a-z]?$', '', name) for name in names}:
        importlib.import_module(f'{__name__}.{name}')


def is_module(path):
    if os.path.isdir(path):
        return any(re.match(r'__init__\.py[a-z]?$', name) for name in os.listdir(path))
    return re.search(r'\.py[a-z]*$', path) and '__init__' not in os.path.basename(path)
