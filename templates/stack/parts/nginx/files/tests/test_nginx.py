# SPDX-License-Identifier: # @= license @#
"""The pages that nginx serves."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AVAILABLE = ROOT / 'etc/nginx/locations/https-available'


def test_the_location_leads_to_packaged_files():
    file = AVAILABLE / 'acme-example'
    text = file.read_text(encoding='utf-8')
    assert text.count('{') == text.count('}')
    (location,) = re.findall(r'location (\S+) ', text)
    (folder,) = re.findall(r'alias (\S+);', text)
    # a location with a slash at its end and an alias without one would let out the folder above
    assert location.endswith('/')
    assert folder.endswith('/')
    assert (ROOT / folder.lstrip('/') / 'index.html').is_file()


def test_the_package_enables_it():
    rules = (ROOT / 'wazo' / 'rules').read_text(encoding='utf-8')
    enabled = '"$pkgdir/etc/nginx/locations/https-enabled/'
    assert f'ln -sfn ../https-available/acme-example {enabled}' in rules
