# SPDX-License-Identifier: # @= license @#
"""Makes the driver's package importable when pytest is started anywhere."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
