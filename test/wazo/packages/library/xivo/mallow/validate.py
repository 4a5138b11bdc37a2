from marshmallow.validate import *  # noqa: F403
