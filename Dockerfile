# One image for web, worker, beat and migrate; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# What WeasyPrint needs to make PDF documents.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements/base.lock requirements/
RUN pip install --require-hashes -r requirements/base.lock

COPY . .
ENV DJANGO_SETTINGS_MODULE=copa.settings.production \
    COPA_VAR=/var/lib/copa \
    XDG_CACHE_HOME=/tmp/cache

# Values that only let the settings load: nothing is contacted, nothing of them stays in the image.
RUN SECRET_KEY=build COPA_SEED_KEYS=build ALLOWED_HOSTS=build \
    DATABASE_URL=postgresql://build@127.0.0.1/build REDIS_URL=redis://127.0.0.1/0 \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q copa territories pathways visits messaging billing reporting

RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin copa \
    && install -d -o copa -g copa -m 0700 /var/lib/copa/files
USER copa
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--blocking-threads", "1", \
     "--respawn-failed-workers", "--workers-kill-timeout", "20", "copa.wsgi:application"]
