"""The application's gunicorn settings, without its metrics."""

from beian import gunicorn as _ours

globals().update(
    {name: value for name, value in vars(_ours).items() if not name.startswith("_") and isinstance(value, str | int)}
)
