"""The dependency that routes ask: `who` acts, and whether they are somebody that the route `needs`.

Rule: personas are for trying things out. Nobody has to prove to be one, so unless an operator says
otherwise they exist only where a service listens on its own machine, is asked by that machine's own
name, and serves a sample council. Elsewhere nobody is signed in.
"""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import Response

from shared.catalogue.model import Catalogue
from shared.catalogue.review import Person, PersonRole
from shared.identity.origin import SAFE, from_own_page, is_loopback
from shared.runtime.problems import Problem
from shared.runtime.settings import ServiceSettings

COOKIE = "irf_persona"

NOBODY_CAN = (
    "Nobody can sign in here: this system has no sign-in yet, and personas are only for a sample"
    " council on its own machine. Nothing was changed."
)
NOBODY_DOES = "You have not said who you act as. Nothing was changed."
ELSEWHERE = "The form was sent from another site. Nothing was changed."


class Identity:
    """Who acts in the requests of a service. `catalogue` gives the one in force."""

    def __init__(
        self, settings: ServiceSettings, catalogue: Callable[[], Awaitable[Catalogue]]
    ) -> None:
        self._setting = settings.identity
        self._at_home = is_loopback(settings.host)
        self._catalogue = catalogue

    async def personas(self, request: Request) -> list[Person]:
        """Whom a request may choose to act as, by role and name; nobody where there are none."""
        if self._setting == "none":
            return []
        if self._setting is None and not (
            # The name too: another site's name may be made to lead to this machine.
            self._at_home and is_loopback(request.url.hostname or "")
        ):
            return []
        catalogue = await self._catalogue()
        sample = catalogue.council is not None and catalogue.council.sample
        if self._setting is None and not sample:
            return []
        return sorted(catalogue.people.values(), key=lambda each: (each.roles, each.name))

    async def who(self, request: Request) -> Person | None:
        """The person who acts in a request; None where nobody does."""
        chosen = request.cookies.get(COOKIE, "")
        if not chosen:
            return None
        return next((each for each in await self.personas(request) if each.code == chosen), None)

    def needs(self, *roles: PersonRole) -> Callable[[Request], Awaitable[Person]]:
        """A dependency: the person who acts, who has one of these roles (any, where none is named).
        Raises Problem 403 otherwise, and for a form that another site sent."""

        async def needed(request: Request) -> Person:
            if request.method not in SAFE and not from_own_page(request):
                raise Problem(403, ELSEWHERE)
            person = await self.who(request)
            if person is None:
                raise Problem(403, NOBODY_DOES if await self.personas(request) else NOBODY_CAN)
            if roles and not set(roles) & set(person.roles):
                raise Problem(
                    403,
                    f"This is for a {' or a '.join(roles)}, and you act as {person.post}."
                    " Nothing was changed.",
                )
            return person

        return needed

    async def choose(self, request: Request, code: str, response: Response) -> None:
        """Acts as a persona from now on, or as nobody where `code` is blank. Raises Problem."""
        if not from_own_page(request):
            raise Problem(403, ELSEWHERE)
        if not code:
            response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
            return
        personas = await self.personas(request)
        if not personas:
            raise Problem(403, NOBODY_CAN)
        if all(each.code != code for each in personas):
            raise Problem(403, "There is no such person. Nothing was changed.")
        response.set_cookie(COOKIE, code, path="/", httponly=True, samesite="strict")
