"""The plugins that every REST API has: its status, and its description. Settings can leave them out."""

from flask_restful import Resource

from . import auth_verifier, daemon, resources, rest_api_helpers


class Status:
    def load(self, dependencies):
        right = f'{daemon.current.name}.status.read'

        class StatusResource(resources.AuthResource):
            @auth_verifier.required_acl(right)
            def get(self):
                return {'plugins': {'status': 'ok'}}

        class OpenStatusResource(resources.ErrorCatchingResource):
            def head(self):
                return '', 200

        # wazo-auth cannot ask itself for a right while it is not well
        resource = OpenStatusResource if daemon.current.name == 'auth' else StatusResource
        dependencies['api'].add_resource(resource, '/status')


class Api:
    def load(self, dependencies):
        spec = daemon.current.spec
        groups = spec.described or tuple(spec.groups)

        class SwaggerResource(Resource):
            def get(self):
                return rest_api_helpers.api_description(groups)

        dependencies['api'].add_resource(SwaggerResource, '/api/api.yml')
