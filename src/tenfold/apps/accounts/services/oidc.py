"""Signing in at an identity provider: OpenID Connect, authorization code with PKCE.

OpenID Connect Core 1.0, sections 3.1.2 (request), 3.1.3.7 (what an ID token must say) and 5.3.2 (user info is believed
only about the same subject); RFC 7636 (PKCE, S256). Values in and out: nothing here knows who is whom in Tenfold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from tenfold.core.json_service import JsonService, ServiceFailed
from tenfold.kit.errors import UserError

SCOPES = "openid email profile"
WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key pair alone: neither `none`, nor one made with what we hold as well."""
LEEWAY_S = 60
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "sms", "fpt", "face", "iris", "sc"})
"""Ways of signing in beyond a password, in the words of RFC 8176 (`amr`)."""


class NotVouched(UserError):
    """The provider did not vouch for anybody in a way that can be believed."""


@dataclass(frozen=True, slots=True)
class Client:
    """How Tenfold is known at a provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the provider's discovery document says."""

    authorization: str
    token: str
    keys: str
    user_info: str
    takes_basic: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: kept in the session of the browser that began it."""

    state: str
    nonce: str
    verifier: str

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider says of whoever signed in there. `groups` is None where it says nothing of groups."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    name: str
    groups: tuple[str, ...] | None
    used_second_factor: bool


def begin() -> Begun:
    return Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


def discover(issuer: str, *, service: JsonService) -> Endpoints:
    """The provider's addresses.

    Raises:
        ServiceFailed, NotFetched: it was not reached. NotVouched: the document is another issuer's, or lacks addresses.
    """
    said = service.get(issuer.rstrip("/") + WELL_KNOWN)
    if said.get("issuer") != issuer:
        raise NotVouched(
            f"This provider calls itself “{str(said.get('issuer'))[:100]}”.", remedy="Give exactly that as its issuer."
        )
    found = {key: said.get(key) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(isinstance(value, str) for value in found.values()):
        raise NotVouched("This provider does not say where to sign in.", remedy="Check its discovery document.")
    ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(
        authorization=str(found["authorization_endpoint"]),
        token=str(found["token_endpoint"]),
        keys=str(found["jwks_uri"]),
        user_info=str(said.get("userinfo_endpoint") or ""),
        takes_basic="client_secret_basic" in ways,
    )


def address_to_sign_in(client: Client, endpoints: Endpoints, begun: Begun) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPES,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoints.authorization}{'&' if '?' in endpoints.authorization else '?'}{urlencode(asked)}"


def complete(
    client: Client,
    endpoints: Endpoints,
    begun: Begun,
    answer: Mapping[str, str],
    *,
    groups_claim: str,
    service: JsonService,
) -> Vouched:
    """Who signed in, from what the browser brought back.

    Raises:
        NotVouched: the answer belongs to another sign-in, the person declined, or the token is not what it must be.
        ServiceFailed, NotFetched: the provider was not reached.
    """
    if not hmac.compare_digest(answer.get("state", ""), begun.state):
        raise NotVouched("This answer belongs to another sign-in.", remedy="Start again.")
    if answer.get("iss", client.issuer) != client.issuer:  # RFC 9207
        raise NotVouched("This answer comes from another provider.", remedy="Start again.")
    if "error" in answer or not answer.get("code"):
        raise NotVouched(f"Your provider said: {answer.get('error', 'nothing')[:80]}.", remedy="Try again there.")
    tokens = _redeem(client, endpoints, begun, answer["code"], service)
    claims = _claims(tokens.get("id_token"), client, begun, service.get(endpoints.keys))
    return _vouch_for({**_user_info(tokens, endpoints, claims, service), **claims}, groups_claim)


def _redeem(client: Client, endpoints: Endpoints, begun: Begun, code: str, service: JsonService) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": begun.verifier,
    }
    if client.client_secret and endpoints.takes_basic:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        return service.post_form(
            endpoints.token, form, headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        )
    secret = {"client_secret": client.client_secret} if client.client_secret else {}
    return service.post_form(endpoints.token, {**form, "client_id": client.client_id, **secret})


def _claims(token: object, client: Client, begun: Begun, keys: dict[str, Any]) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce all hold."""
    try:
        key = _key(str(token), keys)
        claims: dict[str, Any] = jwt.decode(
            str(token),
            key,
            algorithms=[*ALGORITHMS],
            audience=client.client_id,
            issuer=client.issuer,
            leeway=LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotVouched(
            f"Your provider's token cannot be trusted: {error}.", remedy="Tell your administrator."
        ) from None
    if not hmac.compare_digest(str(claims.get("nonce", "")), begun.nonce):
        raise NotVouched("Your provider's token belongs to another sign-in.", remedy="Start again.")
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client.client_id:
        raise NotVouched("Your provider's token was made for another application.", remedy="Tell your administrator.")
    return claims


def _key(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The provider's key that a token names; its only one where it names none."""
    held = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = jwt.get_unverified_header(token).get("kid")
    fits = [key for key in held if key.key_id == named] if named else held
    if len(fits) != 1:
        raise jwt.PyJWKSetError("it names a key that the provider does not publish")
    return fits[0]


def _user_info(
    tokens: Mapping[str, Any], endpoints: Endpoints, claims: Mapping[str, Any], service: JsonService
) -> dict[str, Any]:
    """What the provider adds to the token, where the token has no address; believed only about the same subject."""
    if "email" in claims or not endpoints.user_info or not tokens.get("access_token"):
        return {}
    try:
        said = service.get(endpoints.user_info, headers={"Authorization": f"Bearer {tokens['access_token']}"})
    except ServiceFailed:
        return {}
    if said.get("sub") != claims["sub"]:
        raise NotVouched("Your provider’s answers name two different people.", remedy="Tell your administrator.")
    return said


def _vouch_for(claims: Mapping[str, Any], groups_claim: str) -> Vouched:
    groups, ways = claims.get(groups_claim), claims.get("amr")
    return Vouched(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"])[:255],
        email=str(claims.get("email") or "").strip().lower(),
        is_email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or "").strip()[:120],
        groups=tuple(str(one) for one in groups) if isinstance(groups, list) else None,
        used_second_factor=isinstance(ways, list) and not SECOND_FACTORS.isdisjoint(map(str, ways)),
    )
