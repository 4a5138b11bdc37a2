from marshmallow.fields import *  # noqa: F403
