"""Whether the rights of a token cover one right: * stands for one word, # for any number, ! refuses."""

import re


def allows(acl, wanted):
    def matches(pattern):
        words = [_WILD.get(word, re.escape(word)) for word in pattern.split('.')]
        return re.fullmatch(r'\.'.join(words).replace(r'\.ANY', '.*').replace('ANY', '.*'), wanted)

    refused = any(matches(entry[1:]) for entry in acl if entry.startswith('!'))
    return not refused and any(matches(entry) for entry in acl if not entry.startswith('!'))


_WILD = {'*': r'[^.#]*', '#': 'ANY'}
