"""The errors of REST APIs, and the description of an API, merged from what its plugins bring."""

import functools
import importlib.metadata
import importlib.resources
import time

import marshmallow
import yaml
from flask import Response
from flask_restful import Resource

from . import auth_verifier
from .configuration import merge


class APIException(Exception):
    def __init__(self, status_code, message, error_id, details=None, resource=None):
        super().__init__(message)
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
            return {**told, 'timestamp': time.time()}, error.status_code
        except marshmallow.ValidationError as error:
            told = {'message': 'Sent data is invalid', 'error_id': 'invalid-data', 'details': error.messages}
            return {**told, 'timestamp': time.time()}, 400
        except auth_verifier.Unauthorized:
            told = {'message': 'Unauthorized', 'error_id': 'unauthorized', 'details': {}}
            return {**told, 'timestamp': time.time()}, 401
        except auth_verifier.ServerDown:
            told = {'message': 'Authentication server unreachable', 'error_id': 'authentication-unreachable'}
            return {**told, 'details': {}, 'timestamp': time.time()}, 503

    return handled


class ErrorCatchingResource(Resource):
    method_decorators = [handle_api_exception] + Resource.method_decorators


class AuthResource(ErrorCatchingResource):
    method_decorators = [auth_verifier.verify_token] + ErrorCatchingResource.method_decorators


def api_description(groups, stock):
    """Of every entry point of the groups, enabled or not; a plugin that is one module makes it fail as a whole."""
    merged = {}
    for group in groups:
        for entry in importlib.metadata.entry_points(group=group):
            package = entry.value.split(':')[0].rpartition('.')[0]
            file = importlib.resources.files(package) / 'api.yml'
            if file.is_file():
                merged = merge(merged, yaml.safe_load(file.read_text(encoding='utf-8')))
    text = yaml.safe_dump(merge(merged, stock))
    return Response(text, 200, content_type='application/x-yaml')
