"""The application's gunicorn settings, without its metrics."""

from beian.gunicorn import control_socket_disable, keepalive, preload_app, timeout, worker_class, worker_tmp_dir

__all__ = ["control_socket_disable", "keepalive", "preload_app", "timeout", "worker_class", "worker_tmp_dir"]
