"""What certificates are held against: loaded once, for loading them takes some 25 ms of every client that is made."""

import os
import ssl
from functools import cache

import httpx


def trusted(*, trust_env: bool = True) -> ssl.SSLContext:
    """Return the context that httpx would make now, made only when the variables that it goes by have changed.

    Parameters
    ----------
    trust_env : bool
        Whether ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count.
    """
    if not trust_env:
        return _made("", "")
    return _made(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@cache
def _made(cert_file: str, cert_dir: str) -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=bool(cert_file or cert_dir))
