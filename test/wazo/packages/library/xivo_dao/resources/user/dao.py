"""Users: one, who is not to be disturbed."""

from types import SimpleNamespace


def find_all_by(session=None, **criteria):
    return [SimpleNamespace(uuid='7d3fa0ac-8fc3-4a4f-8a0b-6a8e61a9f3d1')]
