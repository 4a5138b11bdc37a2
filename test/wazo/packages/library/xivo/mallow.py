"""Marshmallow, under the names that plugins import."""

from marshmallow import fields, validate

__all__ = ['fields', 'validate']
