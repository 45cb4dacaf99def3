"""The settings of `beian.gunicorn`, written out: the other environment does not have what that imports."""

worker_class = "gthread"
preload_app = True
keepalive = 75
timeout = 120
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
