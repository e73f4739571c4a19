"""Signing in through the city's own provider of identities (OpenID Connect).

`provider` speaks with it, `tokens` says whether what it answered can be believed, `accounts`
finds whose account it is; what is configured stands in `settings`.
"""

from turnero_queue.city_sign_in.accounts import admit
from turnero_queue.city_sign_in.provider import Begun, begin, finish, way_out
from turnero_queue.city_sign_in.settings import SignIn, current
from turnero_queue.city_sign_in.trouble import Trouble

__all__ = [
    "Begun",
    "SignIn",
    "Trouble",
    "admit",
    "begin",
    "current",
    "finish",
    "way_out",
]
