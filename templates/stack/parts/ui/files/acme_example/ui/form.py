# SPDX-License-Identifier: # @= license @#
"""The form of an external app."""

from flask_babel import lazy_gettext as l_
from wazo_ui.helpers.form import BaseForm
from wtforms.fields import FormField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Regexp


class ConfigurationForm(BaseForm):
    url = StringField(l_('Address'), [Length(max=512)])


class ExternalAppForm(BaseForm):
    # browsers ask these validators; wazo-confd answers what it refuses, at the field
    name = StringField(
        l_('Name'), [InputRequired(), Length(max=128), Regexp(r'^[A-Za-z0-9_-]+$')]
    )
    label = StringField(l_('Label'), [Length(max=256)])
    configuration = FormField(ConfigurationForm)
    submit = SubmitField(l_('Submit'))
