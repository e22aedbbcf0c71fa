"""The wire to an authorization server: one request for an access token (RFC 6749, 4.4 and 6), bounded in time.

No redirect is followed and no proxy of the environment is used, so that secrets reach no host but the configured one.
"""

import ssl
from dataclasses import dataclass
from typing import Any

from consultant.accounts import OAuth
from consultant.errors import Transient
from consultant.gateways.wire import words
from consultant.mail.ports import AuthenticationFailed

SECONDS = 20.0
_SHORTEST = 60
"""Seconds that an access token lives where the server does not say."""
_BUSY = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


@dataclass(frozen=True, slots=True)
class Granted:
    """What the server gave."""

    access_token: str
    seconds: int
    """How long the access token lives."""
    refresh_token: str | None
    """A new one where the server exchanges them; the old one is dead then."""


def fetch(settings: OAuth, refresh_token: str) -> Granted:
    """Return an access token; raise `AuthenticationFailed` where the server refuses, `Transient` where it is away."""
    # Imported here: most desks log in with a password, and the library takes a fifth of a second to load.
    import httpx2
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.httpx_client import OAuth2Client

    secret = settings.client_secret.get_secret_value()
    who = f"The authorization server {settings.host}"
    try:
        with OAuth2Client(
            client_id=settings.client_id,
            client_secret=secret or None,
            token_endpoint_auth_method="client_secret_post" if secret else "none",
            scope=settings.scope or None,
            timeout=SECONDS,
            verify=ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
        ) as client:
            if settings.grant == "client_credentials":
                token = client.fetch_token(settings.token_url, grant_type="client_credentials")
            else:
                token = client.fetch_token(settings.token_url, grant_type="refresh_token", refresh_token=refresh_token)
    except OAuthError as error:
        said = words(f"{error.error} {error.description or ''}", secret, refresh_token)
        if error.error in _BUSY:
            raise Transient(f"{who} is busy ({said}); it is asked again later.") from None
        raise AuthenticationFailed(f"{who} gives no access token ({said}). {_advice(settings)}") from None
    except httpx2.HTTPStatusError as error:
        raise Transient(f"{who} answered {error.response.status_code}; it is asked again later.") from None
    except (httpx2.HTTPError, ValueError):
        # What is no JSON comes from a proxy or an error page; nothing in it is worth repeating.
        raise Transient(f"{who} could not be asked for an access token; it is asked again later.") from None
    return _granted(token, who)


def _advice(settings: OAuth) -> str:
    if settings.grant == "client_credentials":
        return "Check client_id, client_secret and scope, and that the application may use the mailbox."
    return "Let the mailbox's owner authorize the desk again, and set the new refresh_token."


def _granted(token: Any, who: str) -> Granted:
    access = token.get("access_token") if isinstance(token, dict) else None
    if not isinstance(access, str) or not access:
        raise Transient(f"{who} answered without an access token; it is asked again later.")
    lives, refresh = token.get("expires_in"), token.get("refresh_token")
    seconds = int(lives) if isinstance(lives, int | str) and str(lives).isdigit() else _SHORTEST
    return Granted(access, seconds, refresh if isinstance(refresh, str) and refresh else None)
