"""TLS of the doors: 1.2 and newer, with our certificate, and theirs when it is asked for."""

import ssl
from pathlib import Path

from lien.config import BadConfig


def context_of(certificate: Path, key: Path, client_authorities: Path) -> ssl.SSLContext | None:
    """
    What a listener speaks; None without a certificate.

    Raises: BadConfig if a file cannot be used.
    """
    if certificate == Path():
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
        if client_authorities != Path():
            context.load_verify_locations(client_authorities)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise BadConfig("a certificate or key of a listener cannot be used") from error
    return context


def client_context_of(authorities: Path, certificate: Path, key: Path) -> ssl.SSLContext | None:
    """
    What we speak to a listener of theirs; None without authorities. Its certificate must be one
    of theirs and name the host; ours is shown when there is one.

    Raises: BadConfig if a file cannot be used.
    """
    if authorities == Path():
        return None
    try:
        context = ssl.create_default_context(cafile=str(authorities))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate != Path():
            context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise BadConfig("a certificate or key for mllp.answers_to cannot be used") from error
    return context
