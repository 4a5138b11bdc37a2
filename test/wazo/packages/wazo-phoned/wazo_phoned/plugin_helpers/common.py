from flask import Blueprint
from flask_restful import Api


def create_blueprint_api(app, name, import_name):
    blueprint = Blueprint(name, import_name, template_folder='templates', url_prefix='/0.1')
    api = Api(blueprint)
    add = api.add_resource

    def add_resource(*args, **kwargs):
        add(*args, **kwargs)
        if name not in app.blueprints:
            app.register_blueprint(blueprint)

    api.add_resource = add_resource
    return api
