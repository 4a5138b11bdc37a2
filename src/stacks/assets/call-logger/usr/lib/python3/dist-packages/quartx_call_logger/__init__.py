"""A stand-in for quartx_call_logger 0.1: its documented API, for disposable stacks and offline tries."""

from quartx_call_logger.config import load_settings


def __getattr__(name):
    # read at the first use, so that a plugin can be imported where there is no PyYAML
    if name == 'settings':
        globals()['settings'] = load_settings()
        return globals()['settings']
    raise AttributeError(name)
