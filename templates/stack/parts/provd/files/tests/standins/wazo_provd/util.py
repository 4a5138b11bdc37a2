# SPDX-License-Identifier: # @= license @#
import re

MAC = re.compile(r'[\da-f]{1,2}([:-]?)([\da-f]{1,2}\1){4}[\da-f]{1,2}', re.IGNORECASE)


def norm_mac(mac):
    if not MAC.fullmatch(mac):
        raise ValueError(f'{mac} is no MAC address')
    digits = re.sub('[:-]', '', mac).lower()
    return ':'.join(digits[at : at + 2] for at in range(0, 12, 2))


def format_mac(mac, separator=':', uppercase=False):
    text = mac.replace(':', separator)
    return text.upper() if uppercase else text
