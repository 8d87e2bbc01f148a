# Two stages: the first builds the wheel with its PWA from the lock files, the second holds what runs.
# A mirror's base, or one of your own: --build-arg BASE=...; it must be Debian 12 or newer.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS build
RUN apt-get -qq update \
 && apt-get -qq install --no-install-recommends ca-certificates python3-venv >/dev/null
WORKDIR /build
COPY requirements.lock requirements-uv.lock requirements-node.lock ./
# uv and npm bring certificates of their own; Debian's also hold those a company adds.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
ENV VIRTUAL_ENV=/build/tools PATH=/build/tools/bin:$PATH UV_NO_CACHE=1
RUN python3 -m venv tools \
 && pip --quiet install --no-cache-dir --require-hashes -r requirements-uv.lock \
 && uv pip sync --quiet --require-hashes requirements-uv.lock requirements.lock requirements-node.lock
COPY pyproject.toml hatch_build.py README.md CHANGELOG.md LICENSE ./
COPY src src
# The constraints' hashes are demanded too: uv refuses a file that is not the locked one.
RUN hatchling build -t wheel \
 && /usr/bin/python3 -m venv --without-pip /opt/lien \
 && uv pip install --quiet --python /opt/lien --compile-bytecode -c requirements.lock dist/*.whl

FROM ${BASE}
RUN apt-get -qq update \
 && apt-get -qq install --no-install-recommends python3 >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/* \
 && groupadd --gid 10001 lien \
 && useradd --uid 10001 --gid lien --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin lien \
 && install -d -o lien -g lien -m 0700 /data
COPY --from=build /opt/lien /opt/lien
ENV PATH=/opt/lien/bin:$PATH PYTHONUNBUFFERED=1 LIEN_DATA_DIR=/data LIEN_HOST=0.0.0.0
USER lien
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["lien", "health"]
ENTRYPOINT ["lien"]
CMD ["serve"]
