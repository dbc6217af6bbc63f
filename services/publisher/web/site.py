"""The publisher's templates, which also know the words for figures."""

from collections.abc import Mapping

from services.publisher.domain import words
from services.publisher.painting.painter import Painter
from services.publisher.web.asking import asker_now
from services.publisher.web.menu import navigation
from services.publisher.web.pictures import pictures
from shared.web import site
from shared.web.files import File
from shared.web.site import ERRORS, HEADERS

__all__ = ["ERRORS", "HEADERS", "Site"]


class Site(site.Site):
    """See the class of that name in shared."""

    def __init__(self, loaded: Mapping[str, File], painter: Painter) -> None:
        super().__init__(
            loaded,
            "services.publisher.web",
            words=words,
            picture=pictures(painter),
            navigation_of=navigation,
            asker_now=asker_now,
        )
