"""The HTTP application of a service: FastAPI, whose refusal of a large body is a problem too.

Rule: every error is `application/problem+json`. The framework answers a body that is too large
below every handler of ours, in plain text; that one answer is put into our words on its way out. A
body that does not come in time is waited for no longer.
"""

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.patience import BodyInTime, Patience
from shared.runtime.problems import Problem, answer

TOO_LARGE = 413


class Application(FastAPI):
    """FastAPI, wrapped once more on the outside. `patience` is how long bodies may take."""

    patience = Patience()

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's own, inside ours."""
        inner = _TooLargeInOurWords(super().build_middleware_stack())
        return BodyInTime(inner, self.patience)


class _TooLargeInOurWords:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def speak(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                kind = dict(message["headers"]).get(b"content-type", b"")
                replaced = not kind.startswith(b"application/problem+json")
                if replaced:
                    problem = Problem(TOO_LARGE, "The body is larger than this address takes.")
                    await answer(problem)(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app(scope, receive, speak)
