from collections.abc import Callable
from typing import Any

monitor: Callable[[], Any]
