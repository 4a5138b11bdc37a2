"""The errors of REST APIs, and the description of an API, merged from what its plugins bring."""

import functools
import importlib.metadata
import importlib.resources
import logging
import time

import yaml
from flask import Response

from .configuration import merge

logger = logging.getLogger(__name__)


class APIException(Exception):
    def __init__(self, status_code, message, error_id, details=None, resource=None):
        # what it is made of is its text, as in the services
        self.status_code, self.message, self.id_ = status_code, message, error_id
        self.details, self.resource = details or {}, resource


def handle_api_exception(function):
    @functools.wraps(function)
    def handled(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except APIException as error:
            told = {'message': error.message, 'error_id': error.id_, 'details': error.details}
            if error.resource:
                told['resource'] = error.resource
            logger.error('%s: %s', error.message, error.details)
            return {**told, 'timestamp': time.time()}, error.status_code

    return handled


def api_description(groups):
    """Of every entry point of the groups, enabled or not; a plugin that is one module makes it fail as a whole."""
    merged = {}
    for group in groups:
        for entry in importlib.metadata.entry_points(group=group):
            package = entry.value.split(':')[0].rsplit('.', 1)[0]
            try:
                text = importlib.resources.files(package).joinpath('api.yml').read_bytes()
            except OSError:
                continue
            except ImportError as error:
                logger.warning('Could not load package %s: %s', package, error)
                continue
            merged = merge(merged, dict(yaml.safe_load(text).items()))
    if not merged.get('info'):
        return {'error': 'API spec does not exist'}, 404
    return Response(yaml.safe_dump(merged), 200, content_type='application/x-yaml')
