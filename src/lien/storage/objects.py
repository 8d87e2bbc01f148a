"""The object store that the settings name: a server that speaks S3, a bucket and a prefix."""

from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from lien.config import BadConfig, Config
from lien.secretfiles import read_secret

# Of one request, tries included: a phone waits for it.
_CONNECT: Final = timedelta(seconds=5)
_REQUEST: Final = timedelta(seconds=30)
_TRIES: Final = timedelta(seconds=10)
_OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def configured_objects(config: Config) -> S3Store | None:
    """
    The object store of `LIEN_BLOBS_URL` (`s3://bucket/prefix`), None where there is none.

    Its secret is read from a file, never from the environment: children would inherit it.

    Raises: BadConfig.
    """
    if not config.blobs_url:
        return None
    place = urlsplit(config.blobs_url)
    if place.scheme != "s3" or not place.netloc or place.query or place.username:
        raise BadConfig("LIEN_BLOBS_URL must be like s3://bucket/prefix")
    endpoint = urlsplit(config.blobs_endpoint)
    is_local = endpoint.scheme == "http" and endpoint.hostname in _OWN_MACHINE
    if endpoint.scheme != "https" and not is_local:
        raise BadConfig("LIEN_BLOBS_ENDPOINT must be https, except on this machine")
    if not config.blobs_key_id or not config.blobs_secret_file:
        raise BadConfig("LIEN_BLOBS_KEY_ID and LIEN_BLOBS_SECRET_FILE are needed too")
    try:
        return S3Store(
            place.netloc,
            prefix=place.path.strip("/"),
            endpoint=config.blobs_endpoint,
            region=config.blobs_region,
            access_key_id=config.blobs_key_id,
            secret_access_key=read_secret(Path(config.blobs_secret_file)).strip(),
            client_options={
                "allow_http": is_local,
                "connect_timeout": _CONNECT,
                "timeout": _REQUEST,
            },
            retry_config={"max_retries": 3, "retry_timeout": _TRIES},
        )
    except (BaseError, ValueError):  # whose text may quote what it was given
        raise BadConfig("LIEN_BLOBS_URL does not lead to an object store") from None
