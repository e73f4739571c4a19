"""Whether an ID token can be believed: its signature, issuer, audience, times and nonce."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from turnero_queue.city_sign_in import trouble as said
from turnero_queue.city_sign_in.settings import SignIn
from turnero_queue.city_sign_in.trouble import Trouble

# A signature that only the provider can make: never a shared secret, never none at all.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
LEEWAY_S = 60
LONGEST_SUBJECT = 255

Keys = Callable[[bool], dict[str, Any]]


def believed(
    told: Mapping[str, Any], settings: SignIn, nonce: str, keys: Keys, now: datetime
) -> dict[str, Any]:
    """The claims of the ID token in `told`. `keys(True)` asks the provider for its keys anew,
    for those change; Trouble for whatever is not right."""
    written = told.get("id_token")
    if not isinstance(written, str):
        raise Trouble(said.NOT_BELIEVED, "the provider gave no ID token")
    try:
        token = _open(written, keys)
        claims = _claims(token, settings, nonce)
        claims.validate(int(now.timestamp()), LEEWAY_S)
    except ExpiredTokenError:
        raise Trouble(said.AGAIN, "the ID token has expired") from None
    except (JoseError, ValueError, TypeError) as error:
        raise Trouble(said.NOT_BELIEVED, _reason(error)) from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Trouble(said.NOT_BELIEVED, "the ID token is of nobody")
    return dict(claims)


def _open(written: str, keys: Keys) -> jwt.Token:
    try:
        return jwt.decode(written, KeySet.import_key_set(keys(False)), ALGORITHMS)  # type: ignore[arg-type]
    except InvalidKeyIdError:
        return jwt.decode(written, KeySet.import_key_set(keys(True)), ALGORITHMS)  # type: ignore[arg-type]


def _claims(token: jwt.Token, settings: SignIn, nonce: str) -> CodeIDToken:
    options = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
        "exp": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": settings.client_id}
    return CodeIDToken(token.claims, token.header, options, params)


def _reason(error: Exception) -> str:
    """What is wrong with the token, without what it says."""
    claim = getattr(error, "claim", "")
    return f"ID token: {getattr(error, 'error', 'unreadable')} {claim}".strip()[:120]
