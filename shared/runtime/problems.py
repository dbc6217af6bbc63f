"""Errors over HTTP: `application/problem+json` (RFC 9457), in plain words, without internals."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

log = structlog.get_logger()

TITLES = {
    400: "The request cannot be read",
    401: "Not from whom it should be",
    403: "Not for whoever asks",
    404: "Not found",
    405: "This address does not take that method",
    408: "The request did not come in time",
    409: "This contradicts an earlier request",
    413: "The body is too large",
    415: "This content type is not taken here",
    422: "The request was read, but breaks a rule",
    500: "Something went wrong on our side",
    503: "Not available at the moment",
}


class Problem(Exception):
    """An answer that is an error: status, what is wrong in plain words, and where."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        problems: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.problems = problems
        self.headers = dict(headers or {})


def answer(problem: Problem) -> Response:
    """The response for a problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(problem.status, "Error"),
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.problems:
        body["problems"] = list(problem.problems)
    return Response(
        msgspec.json.encode(body),
        status_code=problem.status,
        media_type="application/problem+json",
        # What was asked for may stand in the words: never to be taken for anything but data.
        headers={"X-Content-Type-Options": "nosniff", **problem.headers},
    )


def install(app: FastAPI) -> None:
    """Makes every error of `app` a problem document."""

    @app.exception_handler(Problem)
    async def _problem(_request: Request, error: Problem) -> Response:
        return answer(error)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        return answer(Problem(error.status_code, str(error.detail), headers=error.headers))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        problems = [
            {"where": ".".join(str(part) for part in found["loc"]), "rule": found["msg"]}
            for found in error.errors()
        ]
        return answer(Problem(422, "Some parameters are not as they should be.", problems=problems))

    @app.exception_handler(ClientDisconnect)
    async def _gone(_request: Request, _error: ClientDisconnect) -> Response:
        # Whoever sent it has gone: nobody reads this, and nothing is wrong here.
        return answer(Problem(400, "The request was cut off. Nothing was kept of it."))

    @app.exception_handler(DBAPIError)
    async def _store(_request: Request, error: DBAPIError) -> Response:
        log.error("store-failed", exc_info=error)
        return answer(
            Problem(
                503,
                "The store cannot be reached. Nothing was changed.",
                headers={"Retry-After": "2"},
            )
        )

    @app.exception_handler(Exception)
    async def _unexpected(_request: Request, error: Exception) -> Response:
        log.error("request-failed", exc_info=error)
        return answer(Problem(500, "The request could not be carried out."))
