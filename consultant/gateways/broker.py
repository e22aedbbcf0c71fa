"""A look at the message broker for `consultant check`: whether it is there and takes our login."""

from urllib.parse import urlsplit

import redis

from consultant.errors import Permanent, Transient


def ping(url: str, *, seconds: float = 3.0) -> str:
    """Return one line about the broker at a Redis URL, such as "Redis 7.0.15 at localhost:6379".

    Raises `Transient` when it cannot be reached and `Permanent` when the login is refused or the URL is not one of
    Redis. No sentence repeats the URL, which may hold a password.
    """
    where = _where(url)
    try:
        client = redis.Redis.from_url(url, socket_timeout=seconds, socket_connect_timeout=seconds)
    except ValueError:
        raise Permanent("The broker URL cannot be read; redis://[:password@]host:port/number was expected.") from None
    try:
        client.ping()
        version = client.info("server").get("redis_version", "")
    except redis.AuthenticationError:
        raise Permanent(f"The broker at {where} refused the login; check the password in broker_url.") from None
    except redis.ResponseError as error:
        # A server that wants a password says NOAUTH to whoever gives none.
        raise Permanent(f"The broker at {where} refused: {error}; check broker_url.") from None
    except redis.RedisError:
        raise Transient(f"The broker at {where} could not be reached; check that it runs and broker_url.") from None
    finally:
        client.close()
    return f"Redis {version} at {where}"


def _where(url: str) -> str:
    try:
        parts = urlsplit(url)
        return (
            f"{parts.hostname or 'localhost'}:{parts.port or 6379}" if not parts.path or parts.hostname else parts.path
        )
    except ValueError:
        return "the configured address"
