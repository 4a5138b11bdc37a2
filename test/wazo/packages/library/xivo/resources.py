"""What the REST resources of services have in common."""

import functools

import marshmallow
from flask_restful import Resource

from . import auth_verifier
from .mallow_helpers import ValidationError
from .rest_api_helpers import handle_api_exception


def handle_validation_exception(function):
    @functools.wraps(function)
    def handled(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except marshmallow.ValidationError as error:
            raise ValidationError(error.messages) from None

    return handled


class ErrorCatchingResource(Resource):
    method_decorators = [handle_validation_exception, handle_api_exception] + Resource.method_decorators


class AuthResource(ErrorCatchingResource):
    method_decorators = [auth_verifier.verify_token] + ErrorCatchingResource.method_decorators
