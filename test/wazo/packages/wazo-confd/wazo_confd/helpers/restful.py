import functools
import logging

import marshmallow
from flask_restful import Resource
from xivo.auth_verifier import verify_token
from xivo.rest_api_helpers import APIException

logger = logging.getLogger('wazo_confd.helpers.common')


def handle_api_exception(function):
    """Errors are lists of texts, unlike those of the other services."""

    @functools.wraps(function)
    def handled(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except marshmallow.ValidationError as error:
            return [error.normalized_messages()], 400
        except APIException as error:
            if error.status_code >= 500:
                logger.error('%s: %s', error, error.details, exc_info=True)
            return [str(error)], error.status_code
        except Exception as error:
            logger.error(str(error), exc_info=True)
            return [f'Unexpected error: {error}'], 500

    return handled


class ErrorCatchingResource(Resource):
    method_decorators = [handle_api_exception] + Resource.method_decorators


class ConfdResource(ErrorCatchingResource):
    method_decorators = [verify_token] + ErrorCatchingResource.method_decorators
