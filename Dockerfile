# The site as one image. The database is somewhere else: give DATABASE_URL and SECRET_KEY.
#   docker build -t nextgen .
#   docker run --env-file production.env nextgen .venv/bin/python manage.py migrate
#   docker run --env-file production.env -p 8000:8000 nextgen

FROM python:3.13-slim AS build
WORKDIR /site
COPY requirements-tools.lock requirements.lock ./
RUN python -m venv .tools \
 && .tools/bin/pip install --no-cache-dir --require-hashes -r requirements-tools.lock \
 && .tools/bin/uv venv --python python3.13 .venv \
 && .tools/bin/uv pip sync --no-cache --compile-bytecode --require-hashes requirements.lock \
 && rm -r .tools
COPY . .
RUN .venv/bin/pybabel compile --directory locale --domain django \
 && .venv/bin/python -m compileall -q manage.py nextgen milestones projects \
 && SECRET_KEY=only-for-collecting-the-static-files-0123456789 .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --no-create-home site
WORKDIR /site
COPY --from=build /site /site
USER site
ENV PYTHONUNBUFFERED=1 GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=16
EXPOSE 8000
# Asked under a name that the site answers to.
HEALTHCHECK CMD [".venv/bin/python", "-c", "import os, urllib.request as u; host = os.environ.get('ALLOWED_HOSTS', '').split(',')[0].lstrip('*.') or 'localhost'; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=3)"]
CMD [".venv/bin/granian", "--interface", "wsgi", "--no-ws", "nextgen.wsgi:application"]
