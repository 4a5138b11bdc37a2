"""Marshmallow, under the names that plugins import."""
