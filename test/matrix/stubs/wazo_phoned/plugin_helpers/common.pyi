from flask import Flask
from flask_restful import Api

def create_blueprint_api(app: Flask, name: str, import_name: str, url_prefix: str | None = ...) -> Api: ...
