"""How a line of the log is written: one line for a refusal, a traceback for a fault, never what a row contained."""

import logging


class PlainFormatter(logging.Formatter):
    """Drops the DETAIL of PostgreSQL's errors, which quotes the refused row: health content has no place in a log.

    A refusal (403, 404) keeps its one line and loses its traceback: real faults must not drown.
    """

    def format(self, record: logging.LogRecord) -> str:
        status = getattr(record, "status_code", 500)
        if record.exc_info and status < 500:
            # A copy: other handlers of the same record keep theirs.
            record = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        return without_detail(super().format(record))


class WithoutHealth(logging.Filter):
    """Drops what Django says of a 503 of /healthz: monitors ask often, and the answer itself says what is wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return getattr(record, "status_code", None) != 503 or getattr(request, "path", None) != "/healthz"


def without_detail(text: str) -> str:
    """The text without the lines in which PostgreSQL quotes values."""
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(("DETAIL:", "CONTEXT:")))
