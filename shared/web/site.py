"""Turns a template and its facts into a page with the headers that every page has.

Rule: everything is escaped; no script or style stands in a page; nothing comes from elsewhere.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import jinja2
import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from jinja2.bccache import Bucket
from sqlalchemy.exc import DBAPIError
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException

from shared.runtime.problems import Problem
from shared.web.files import File
from shared.web.packing import packed_page

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action {forms}; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY.format(forms="'self'"),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

ERRORS = {
    400: ("There is a problem with the address", "Check the address, or start from the overview."),
    403: ("You cannot do this", "Go back, or sign in as somebody who can."),
    413: ("The form is too large", "Go back, and send less."),
    415: ("The form cannot be read", "Go back, and send it again."),
    404: ("Page not found", "If you typed the address, check that it is right."),
    503: ("Sorry, the figures cannot be read at the moment", "Try again in a few seconds."),
    500: ("Sorry, there is a problem on our side", "Try again later."),
}

log = structlog.get_logger()


class _Compiled(jinja2.BytecodeCache):
    """Templates are compiled once in a process, however many services (and tests) run in it."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class _Anything(Convertor[str]):
    """All of an address that is left: `path` ends at a line break, which is no way out of here."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Page(_Anything):
    """The same, but for the calls of programs: whose errors are no pages."""

    regex = "(?!v1/)(?s:.*)"


register_url_convertor("anything", _Anything())
register_url_convertor("page", _Page())


class Site:
    """The templates of a service (`package`/templates) and of the frame, and how they are filled.

    Templates know `words`, whatever a service says with them.
    """

    def __init__(self, loaded: Mapping[str, File], package: str, **words: Any) -> None:
        self._files = loaded
        self._environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader(
                [
                    jinja2.PackageLoader(package, "templates"),
                    jinja2.PackageLoader("shared.web", "templates"),
                    jinja2.PrefixLoader(
                        {"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}
                    ),
                ]
            ),
            autoescape=True,
            bytecode_cache=_COMPILED,
            # The components ask for attributes of parameters that were not given.
            undefined=jinja2.ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(asset=self._asset, **words)
        self._council: Any = None

    def _asset(self, name: str) -> str:
        found = self._files.get(name)
        return f"/static/{name}?v={found.mark}" if found else f"/static/{name}"

    def page(
        self, template: str, facts: Mapping[str, Any], status: int = 200, forms_to: str = ""
    ) -> Response:
        """A page. Its forms lead to this service, or on to the origin `forms_to`."""
        self._council = facts["council"] or self._council
        text = self._environment.get_template(template).render(**facts)
        headers = dict(HEADERS)
        if forms_to:
            headers["Content-Security-Policy"] = _POLICY.format(forms=f"'self' {forms_to}")
        return Response(text.encode(), status, headers, media_type="text/html; charset=utf-8")

    def error(self, status: int, detail: str = "") -> Response:
        """A page that says in plain words what went wrong."""
        title, advice = ERRORS.get(status, ERRORS[500])
        facts = {"title": title, "advice": advice, "detail": detail, "council": self._council}
        return self.page("error.html", facts, status)

    def route_class(self) -> type[APIRoute]:
        """Routes whose errors are pages."""
        site = self

        class PageRoute(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handle = super().get_route_handler()

                async def page(request: Request) -> Response:
                    try:
                        return await handle(request)
                    except Problem as problem:
                        return site.error(problem.status, problem.detail)
                    except RequestValidationError:
                        return site.error(400)
                    except HTTPException as error:
                        return site.error(error.status_code, str(error.detail))
                    except DBAPIError as error:
                        log.error("store-failed", exc_info=error)
                        return site.error(503)
                    except Exception as error:  # a page that fails is answered with a page
                        log.error("page-failed", exc_info=error)
                        return site.error(500)

                async def answer(request: Request) -> Response:
                    return await packed_page(request, await page(request))

                return answer

        return PageRoute
