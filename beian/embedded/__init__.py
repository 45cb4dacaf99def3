"""PostgreSQL, Valkey and the application's own processes on one machine, without installing anything.

The servers' programs come from two wheels (the extra `embedded`); nothing here imports Django or
those wheels, so that a start costs little. Linux only: elsewhere give `DATABASE_URL` and `REDIS_URL`.

    folder       where passwords, ports, logs and database files lie
    processes    children that end with their parent, and the search for those that did not
    ports        free ports, and who holds a taken one
    postgres     the database server
    valkey       the Redis-compatible server
    supervisor   starts, restarts and stops children in order
    server       `script/server`
"""
