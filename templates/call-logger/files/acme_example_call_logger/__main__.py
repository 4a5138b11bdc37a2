# SPDX-License-Identifier: # @= license @#
"""python3 -m acme_example_call_logger install | uninstall | status"""

import argparse
import sys
from pathlib import Path

from acme_example_call_logger import installer


def main(arguments=None):
    parser = argparse.ArgumentParser(prog='acme_example_call_logger', description=__doc__)
    parser.add_argument('command', choices=['install', 'uninstall', 'status'])
    parser.add_argument('--package', type=Path, help='folder of quartx_call_logger, if Python does not find it')
    options = parser.parse_args(arguments)
    try:
        package = options.package or installer.find_package()
        if options.command == 'install':
            installer.install(package)
        elif options.command == 'uninstall':
            installer.uninstall(package)
        installed = installer.is_installed(package)
    except (installer.InstallError, OSError) as error:
        print(f'acme-example: {error}', file=sys.stderr)
        return 1
    print(f'acme-example is {"installed" if installed else "not installed"} in {package}')
    return 0 if installed or options.command == 'uninstall' else 1


if __name__ == '__main__':
    sys.exit(main())
