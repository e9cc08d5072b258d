"""An independent OpenID provider on loopback (oidc-provider-mock, on Authlib), with PKCE enforced and room for lies.

Its tokens are signed anew by a key of the test, so that a lie is signed as well as the truth is.
"""

from __future__ import annotations

import base64
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import User, init_app
from oidc_provider_mock._server import _threaded_server

Lie = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Provider:
    """The provider's application, with what it was asked noted."""

    application: Any
    key: RSAKey
    published: RSAKey
    lie: Lie = lambda claims: claims
    forge: Callable[[dict[str, Any]], str] | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    challenges: list[str] = field(default_factory=list)
    verified: int = 0
    issuer: str = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/jwks":
            return self._say(start_response, {"keys": [self.published.as_dict(private=False)]})
        if path == "/.well-known/openid-configuration" and self.discovery:
            return self._say(start_response, {**self._inner(environ), **self.discovery})
        if path == "/oauth2/authorize":
            asked = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
            assert asked["code_challenge_method"] == "S256"
            assert asked["response_type"] == "code"
            self.challenges.append(asked["code_challenge"])
        if path == "/oauth2/token":
            return self._token(environ, start_response)
        inner: Iterable[bytes] = self.application(environ, start_response)
        return inner

    def _token(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = _Body(body)
        sent = dict(urllib.parse.parse_qsl(body.decode()))
        assert create_s256_code_challenge(sent["code_verifier"]) in self.challenges
        self.verified += 1
        said = self._inner(environ)
        if "id_token" in said:
            told = self.lie(_payload(said["id_token"]))
            said["id_token"] = (
                self.forge(told) if self.forge else jwt.encode({"alg": "RS256", "kid": self.key.kid}, told, self.key)
            )
        return self._say(start_response, said)

    def _inner(self, environ: dict[str, Any]) -> dict[str, Any]:
        statuses: list[str] = []
        chunks = self.application(environ, lambda status, *_: statuses.append(status))
        said: dict[str, Any] = json.loads(b"".join(chunks))
        assert statuses == ["200 OK"], said
        return said

    @staticmethod
    def _say(start_response: Any, said: dict[str, Any]) -> list[bytes]:
        body = json.dumps(said).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


class _Body:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, size: int = -1) -> bytes:
        out = self.content if size < 0 else self.content[:size]
        self.content = b"" if size < 0 else self.content[size:]
        return out


def _payload(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return said


@contextmanager
def provider_on_loopback(*people: User) -> Iterator[Provider]:
    key = RSAKey.generate_key(2048, {"kid": "the-test", "use": "sig"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flask_app = flask.Flask("oidc_provider_mock")
        init_app(flask_app, user_claims=people, require_nonce=True)
        flask_app.debug = False
        flask_app.secret_key = "not a secret"  # noqa: S105 - of a provider that lives for a test
        ours = Provider(flask_app.wsgi_app, key, key)
        with _threaded_server(ours, host="127.0.0.1") as server:
            ours.issuer = f"http://127.0.0.1:{server.server_port}"
            yield ours


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def go_there(client: Client, pk: object, **sent: str) -> str:
    """Presses the button; the provider's address that the page leads to."""
    page = client.post(reverse("begin-at-provider", args=[pk]), sent)
    assert page.status_code == 200, page.status_code
    found = re.search(r'href="(http[^"]+/oauth2/authorize[^"]+)"', page.content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def consent(address: str, subject: str) -> str:
    """Signs in at the provider; where it sends the browser back to, path and query."""
    opener = urllib.request.build_opener(_NoRedirects)
    body = urllib.parse.urlencode({"sub": subject}).encode()
    try:
        opener.open(urllib.request.Request(address, data=body))  # noqa: S310 - loopback
    except urllib.error.HTTPError as answer:
        back = urllib.parse.urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider did not send the browser back")


def sign_in(client: Client, pk: object, subject: str, **sent: str) -> Any:
    return client.get(consent(go_there(client, pk, **sent), subject))


def now_s() -> int:
    return int(time.time())
