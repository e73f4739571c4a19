"""The forms of signing in; every message is shown beside its field."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField  # type: ignore[import-untyped]
from wtforms.validators import EqualTo, InputRequired, Length  # type: ignore[import-untyped]

from turnero_core.i18n import N_

NEEDED = N_("This is needed.")
LONGEST = 200


class LoginForm(FlaskForm):  # type: ignore[misc]
    login = StringField(validators=[InputRequired(NEEDED), Length(max=LONGEST)])
    password = PasswordField(validators=[InputRequired(NEEDED), Length(max=LONGEST)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField(validators=[InputRequired(NEEDED), Length(max=LONGEST)])
    new = PasswordField(validators=[InputRequired(NEEDED), Length(max=LONGEST)])
    again = PasswordField(
        validators=[
            InputRequired(NEEDED),
            EqualTo("new", N_("The two new passwords are not the same.")),
        ]
    )
