# The service in two stages: the first installs the locked dependencies, the second holds nothing that builds.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements/service.txt requirements/
RUN .venv/bin/pip install --require-hashes -r requirements/service.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY consultant consultant
COPY workers workers
COPY knowledge knowledge
COPY templates templates
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable . \
 && .venv/bin/python -m compileall -q .venv consultant workers knowledge

FROM python:3.13-slim
# ca-certificates: TLS to mail servers is verified with the system's store. tesseract reads pictures in letters. tini reaps what a worker's pool leaves.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tesseract-ocr tini tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/consultant --create-home consultant
COPY --from=build /app /app
WORKDIR /app
USER 10001
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CONSULTANT_FOLDER=/var/lib/consultant \
    CONSULTANT_LOG_FORMAT=json \
    CONSULTANT_WEB__HOST=0.0.0.0
VOLUME /var/lib/consultant
EXPOSE 8080
# For the web process, which is what runs when no command is given; compose.yaml asks each process after its own kind.
HEALTHCHECK --interval=30s --timeout=15s --start-period=30s --retries=3 CMD ["consultant", "alive", "web"]
ENTRYPOINT ["tini", "--", "consultant"]
CMD ["web"]
