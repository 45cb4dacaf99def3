"""Logs: a JSON object a line, with the correlation id, without personal data."""

from __future__ import annotations

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# The last line of defence, not a licence to log them: identity numbers (18), mobile numbers (11).
PERSONAL = re.compile(r"(?<![\w-])(?:\d{17}[\dXx]|1[3-9]\d{9})(?![\w-])")
HIDDEN = "[hidden]"


def hide_personal(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace what looks like a resident identity number or a mobile number, in every value."""
    return {key: _hide(value) for key, value in event.items()}


def _hide(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hide(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hide(item) for item in value]
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return PERSONAL.sub(HIDDEN, value) if isinstance(value, str) else _hide_number(value)
    return value


def _hide_number(value: int) -> int | str:
    return HIDDEN if PERSONAL.fullmatch(str(value)) else value


def drop_arguments(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Drop what libraries tell besides: Celery the arguments of tasks, Django requests with their queries."""
    for logger_name, detail in (("celery", "data"), ("django", "request")):
        if str(event.get("logger", "")).startswith(logger_name):
            event.pop(detail, None)
    return event


def config(level: str) -> dict[str, Any]:
    """Give Django's `LOGGING`: everything goes to standard error, one way."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _common(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    hide_personal,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write a second, plain line.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        drop_arguments,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_common(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
