"""The city's provider of identities on this machine: discovery, keys, codes that work once, and
ID tokens with real signatures, right or wrong in whatever way a test asks for."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from turnero_core import clock

CLIENT, SECRET = "turnero", "s3cret/with+signs"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "two"})
ROSA = {
    "sub": "248289761001",
    "email": "rosa.rojas@jacaranda.example",
    "email_verified": True,
    "preferred_username": "rrojas",
    "name": "Rosa Rojas",
    "groups": ["turnos-caja", "correo"],
}


class IdentityProvider:
    """`person` signs in; `claims` are put over those of the next ID tokens, and `key` signs."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = dict(ROSA)
        self.claims: dict[str, Any] = {}
        self.without: tuple[str, ...] = ()
        self.key = KEY
        self.published = [KEY]
        self.algorithm = "RS256"
        self.metadata: dict[str, Any] = {}
        self.down = False
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def configured(self, **more: Any) -> dict[str, Any]:
        """As it is stored of the configuration file."""
        return {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret_file": "city-sign-in",
            **more,
        }

    def sign_in(self, address: str) -> str:
        """What a browser is sent back to, after its owner has signed in here."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert parts.path == "/authorize"
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        if self.down:
            return 503, {}
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "end_session_endpoint": f"{self.issuer}/out",
                    **self.metadata,
                }
            case "/keys":
                keys = KeySet(list(self.published))
                return 200, keys.as_dict(private=False)
            case "/token":
                return self._token(form, authorization)
        return 404, {}

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        login = base64.b64encode(f"{CLIENT}:s3cret%2Fwith%2Bsigns".encode()).decode()
        if authorization != f"Basic {login}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._sign(asked)}

    def _sign(self, asked: dict[str, str]) -> str:
        now = int(clock.now().timestamp())
        usual = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims = {**usual, **self.person, **self.claims}
        claims = {name: value for name, value in claims.items() if name not in self.without}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "none":
            return ".".join(
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                for part in (header, claims)
            ) + "."  # fmt: skip
        return jwt.encode(header, claims, self.key, [self.algorithm])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer({name: values[0] for name, values in parse_qs(text).items()})

            def _answer(self, form: dict[str, str]) -> None:
                authorization = self.headers.get("Authorization", "")
                status, body = provider.answer(self.path, form, authorization)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: a test's output is its own."""

        return Handler


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    found = IdentityProvider()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
