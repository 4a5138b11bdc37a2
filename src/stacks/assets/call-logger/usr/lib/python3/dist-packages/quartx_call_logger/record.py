"""The record of one call."""

from collections.abc import MutableMapping


class Record(MutableMapping):
    """A mapping of fields, with the type of the call under ``call_type``; sent as JSON."""

    NOT_ANSWERED, ANSWERED, VOICEMAIL = 0, 1, 2
    INCOMING, RECEIVED, OUTGOING = 0, 1, 2

    def __init__(self, calltype, **fields):
        self.call_type = calltype
        self.data = {**fields, 'call_type': calltype}

    def __getitem__(self, name):
        return self.data[name]

    def __setitem__(self, name, value):
        self.data[name] = value

    def __delitem__(self, name):
        del self.data[name]

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)

    def __repr__(self):
        fields = ', '.join(f'{name}={value!r}' for name, value in self.data.items())
        return f'Record({self.call_type}, {fields})'

    def copy(self):
        return dict(self.data)
