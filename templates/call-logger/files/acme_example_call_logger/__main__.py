# SPDX-License-Identifier: # @= license @#
"""Put the plugin into the installed call logger, or take it out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from acme_example_call_logger import installer
# @_ if (isGeneration1b) { _@#

SETTINGS = Path('/etc/xdg/quartx/call-logger.yml')
# @_ } _@#


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog='acme_example_call_logger',
        description=__doc__,
    )
    parser.add_argument('command', choices=['install', 'uninstall', 'status'])
    parser.add_argument(
        '--package',
        type=Path,
        help='folder of quartx_call_logger, if Python does not find it',
    )
    # @_ if (isGeneration1b) { _@#
    parser.add_argument(
        '--settings',
        type=Path,
        default=SETTINGS,
        help=f'settings of the call logger: {SETTINGS}',
    )
    # @_ } else { _@#
    parser.add_argument(
        '--settings',
        type=Path,
        help='settings of the call logger: data/defaults.yml in its folder',
    )
    # @_ } _@#
    options = parser.parse_args(arguments)
    try:
        package = options.package or installer.find_package()
        settings = options.settings or package / 'data' / 'defaults.yml'
        if options.command == 'install':
            installer.install(package, settings)
        elif options.command == 'uninstall':
            installer.uninstall(package, settings)
        installed = installer.is_installed(package, settings)
    except (installer.InstallError, OSError) as error:
        print(f'acme-example: {error}', file=sys.stderr)
        return 1
    state = 'installed' if installed else 'not installed'
    print(f'acme-example is {state} in {package}')
    return 0 if installed or options.command == 'uninstall' else 1


if __name__ == '__main__':
    sys.exit(main())
