"""Every page there is, by its route, and an address at which something stands on it.

Rule: one table. The gallery takes its pictures by it, and what is held of every page is held of
each of these; a test reads the applications' routes and fails when one is missing here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.routing import APIRoute

FILES = (".csv", ".json", ".svg", ".png", ".html", "/workbook/{dataset}", "/static/{name}")


@dataclass(frozen=True)
class Lead:
    """An address that has to be looked up: the first that looks like this on a page, which may
    have to be looked up itself."""

    on: "str | Lead"
    pattern: str


@dataclass(frozen=True)
class Kind:
    """A kind of page. `sample` is its address in the sample council (blank: it is shown there by
    another of this route), `small` are its addresses in the tests' own council, in which names that
    are not known before stand in braces; `by` is who opens it there."""

    name: str
    route: str
    sample: str | Lead = ""
    small: tuple[str, ...] = ()
    by: str = ""


PUBLISHER = (
    Kind("overview", "/", "/", ("/",)),
    Kind("changes", "/changes", "/changes", ("/changes",)),
    Kind(
        "indicators",
        "/indicators",
        "/indicators",
        ("/indicators", "/indicators?rag=red&q=requests", "/indicators?q=%3Cb%3E"),
    ),
    Kind("portfolio", "/portfolios/{code}", "/portfolios/adult-services",
         ("/portfolios/neighbourhoods",)),
    Kind("directorate", "/directorates/{code}", "/directorates/place", ("/directorates/place",)),
    Kind("service", "/services/{code}", "/services/waste-and-recycling",
         ("/services/environmental-health", "/services/waste-and-recycling", "/services/parks")),
    Kind("plan", "/services/{code}/plan", "/services/waste-and-recycling/plan",
         ("/services/environmental-health/plan", "/services/property-and-procurement/plan")),
    Kind("themes", "/themes", "/themes", ("/themes",)),
    Kind("theme", "/themes/{code}", "/themes/climate", ("/themes/living-well", "/themes/climate")),
    Kind("supply", "/supply", "/supply", ("/supply",)),
    Kind("menu", "/menu", "/menu", ("/menu",)),
    Kind("indicator", "/indicators/{code}", "/indicators/ASC01",
         ("/indicators/EP02", "/indicators/PA01", "/indicators/PA01?kind=year-to-date",
          "/indicators/EP03", "/indicators/EV01")),
    Kind("as-at", "/indicators/{code}/as-at", "/indicators/ASC01/as-at?as_at=2026-06-30",
         ("/indicators/PA01/as-at?as_at=2019-10-14",)),
    Kind("value", "/indicators/{code}/values/{period}", "/indicators/ASC01/values/2025-26",
         ("/indicators/EP02/values/2019-20-Q2", "/indicators/PA01/values/2019-09",
          "/indicators/PA01/values/2019-09?version=1",
          "/indicators/EP02/values/2019-20-Q2?breakdown=kind%3DNoise%2520Request")),
    Kind("search", "/search", "/search?q=waste",
         ("/search", "/search?q=requests", "/search?q=zzzz", "/search?q=parcels&kind=indicator")),
    Kind("compare", "/compare", "/compare",
         ("/compare", "/compare?sort=service&group=neighbours")),
    Kind("compared", "/compare/{code}", Lead("/compare", r"/compare/[^\"?#]+"),
         ("/compare/PA01", "/compare/PA02")),
    Kind("dashboard", "/dashboard", "/dashboard?pin=indicator/ASC01&pin=indicator/WS01",
         ("/dashboard", "/dashboard?pin=risk/R1&pinned=risk/R1",
          "/dashboard?name=Ours&pin=indicator/EP02&pin=indicator/EP02/quarter/ward%3D27"
          "&pin=risk/R1&pin=contract/C1&pin=service/environmental-health"
          "&pin=finance/directorate/place/general&pin=scheme/depot&pin=risk/R404&pin=shoe")),
    Kind("embed", "/embed", "/embed", ("/embed", "/embed?indicator=PA01")),
    Kind("embedded", "/embed/indicators/{code}", "/embed/indicators/ASC01",
         ("/embed/indicators/PA01", "/embed/indicators/EP03", "/embed/indicators/nothing")),
    Kind("embedded-money", "/embed/finance/{level}/{code}", "/embed/finance/directorate/place",
         ("/embed/finance/directorate/place?fund=general", "/embed/finance/cost-centre/W100",
          "/embed?pin=finance/directorate/place/general")),
    Kind("embedded-scheme", "/embed/finance/capital/{scheme}", "",
         ("/embed/finance/capital/depot", "/embed?pin=scheme/depot")),
    Kind("embedded-contract", "/embed/contracts/{reference:path}", "",
         ("/embed/contracts/C1", "/embed/contracts/X%2F9", "/embed?pin=contract/C1")),
    Kind("embedded-risk", "/embed/risks/{reference:path}", "",
         ("/embed/risks/R1", "/embed/risks/R%2F3", "/embed?pin=risk/R1",
          "/embed?pin=risk/R%252F3")),
    Kind("finance", "/finance", "/finance",
         ("/finance", "/finance?by=portfolio&basis=as-was&period=P03", "/finance?year=2019-20")),
    Kind("node", "/finance/{level}/{code}", "/finance/service/waste-and-recycling",
         ("/finance/fund/general", "/finance/fund/unplaced", "/finance/directorate/place",
          "/finance/service/waste-and-recycling?period=P02", "/finance/cost-centre/W100",
          "/finance/cost-centre/X999")),
    Kind("monitoring", "/finance/monitoring", "/finance/monitoring",
         ("/finance/monitoring", "/finance/monitoring?quarter=outturn")),
    Kind("capital", "/finance/capital", "/finance/capital", ("/finance/capital",)),
    Kind("scheme", "/finance/capital/{scheme}",
         Lead("/finance/capital", r"/finance/capital/[^\"?#]+"), ("/finance/capital/depot",)),
    Kind("savings", "/finance/savings", "/finance/savings", ("/finance/savings",)),
    Kind("virements", "/finance/virements", "/finance/virements", ("/finance/virements",)),
    Kind("reserves", "/finance/reserves", "/finance/reserves", ("/finance/reserves",)),
    Kind("spending", "/finance/spending", "/finance/spending", ("/finance/spending",)),
    Kind("payments", "/finance/payments",
         Lead(Lead("/finance/capital", r"/finance/capital/[^\"?#]+"),
              r"/finance/payments\?[^\"#]+"),
         ("/finance/payments?contract=CT%2F1",)),
    Kind("reconciliation", "/finance/reconciliation", "/finance/reconciliation",
         ("/finance/reconciliation",)),
    Kind("strategic", "/strategic", "/strategic",
         ("/strategic", "/strategic?report=2019-20-Q2")),
    Kind("meeting", "/strategic/meeting", "/strategic/meeting",
         ("/strategic/meeting", "/strategic/meeting?show=indicator/EP02",
          "/strategic/meeting?show=money", "/strategic/meeting?show=risks")),
    Kind("evidence", "/evidence", "/evidence", ("/evidence",)),
    Kind("topic", "/evidence/{topic}", Lead("/evidence", r"/evidence/[^\"?#.]+"),
         ("/evidence/air",)),
    Kind("risks", "/risks", "/risks",
         ("/risks", "/risks?tier=corporate&category=legal&service=environmental-health"
          "&standing=above%20appetite",
          "/risks?service=waste-and-recycling&standing=beyond%20tolerance")),
    Kind("risk", "/risks/{reference:path}", Lead("/risks", r"/risks/[^\"?#]+"),
         ("/risks/R1", "/risks/R%2F3", "/risks/O1", "/risks/OLD")),
    Kind("actions", "/actions", "/actions",
         ("/actions", "/actions?stage=overdue&service=environmental-health")),
    Kind("action", "/actions/{reference:path}", Lead("/actions", r"/actions/[^\"?#]+"),
         ("/actions/A1", "/actions/A%2F3")),
    Kind("projects", "/projects", "/projects", ("/projects",)),
    Kind("project", "/projects/{reference:path}", Lead("/projects", r"/projects/[^\"?#]+"),
         ("/projects/P1", "/projects/P2")),
    Kind("contracts", "/contracts", "/contracts",
         ("/contracts", "/contracts?service=waste-and-recycling&stage=decision%20due")),
    Kind("pipeline", "/contracts/pipeline", "/contracts/pipeline", ("/contracts/pipeline",)),
    Kind("contract", "/contracts/{reference:path}",
         Lead("/contracts", r"/contracts/[^\"/?#]*[0-9][^\"?#]*"),
         ("/contracts/C1", "/contracts/X%2F9")),
    Kind("cycles", "/cycle", "/cycle", ("/cycle",)),
    Kind("cycle", "/cycle/{period}", Lead("/cycle", r"/cycle/[^\"?#]+"), ("/cycle/2019-20-Q2",)),
    Kind("reports", "/reports", "/reports", ("/reports",)),
    Kind("report", "/reports/{period}", Lead("/reports", r"/reports/[^\"?#.]+"),
         ("/reports/2019-20-Q2",)),
    Kind("not-found", "/{anything:anything}", "/nothing-here", ("/nothing-here",)),
)  # fmt: skip

OFFICER, OWNER, DIRECTOR = "performance-officer", "owner-adults", "director-adults"
RISK_OWNER = "owner-waste"

INGEST = (
    Kind("who", "/who", "/who", ("/who", "/who?back=/risks")),
    Kind("who-acts", "/who", "", ("/who",), OWNER),
    Kind("returns", "/returns", "/returns",
         ("/returns", "/returns?state=due", "/returns?state=given"), OFFICER),
    Kind("my-returns", "/returns", "", ("/returns",), OWNER),
    Kind("return", "/returns/{code}/{period}", "",
         ("/returns/waiting/2026-27-Q2", "/returns/payments/2026-27-Q2",
          "/returns/payments/2026-27-Q1"), OWNER),
    Kind("upload", "/upload", "/upload", ("/upload",), OWNER),
    Kind("upload-nothing", "/upload", "", ("/upload",), DIRECTOR),
    Kind("upload-of", "/upload/{dataset}", "", ("/upload/care-returns",), OWNER),
    Kind("preview", "/uploads/{name}", "", ("/uploads/{upload}",), OWNER),
    Kind("batches", "/batches", "/batches", ("/batches", "/batches?dataset=care-returns"), OFFICER),
    Kind("batch", "/batches/{batch}", "", ("/batches/{rejected}", "/batches/{given}"), OWNER),
    Kind("batch-of-others", "/batches/{batch}", "", ("/batches/{rejected}",), DIRECTOR),
    Kind("mend", "/batches/{batch}/rows/{row}", "", ("/batches/{rejected}/rows/2",), OWNER),
    Kind("undo", "/batches/{batch}/undo", "",
         ("/batches/{rejected}/undo", "/batches/{given}/undo"), OWNER),
    Kind("received", "/received/{batch}", "", ("/received/{given}",), OWNER),
    Kind("connectors", "/connectors", "/connectors", ("/connectors",), OFFICER),
    Kind("connector", "/connectors/{code}", "/connectors/repairs-export", ("/connectors/care",),
         OFFICER),
    Kind("run", "/runs/{run}", "", ("/runs/{ran}",), OFFICER),
    Kind("review", "/review/{period}/{about:path}", "", ("/review/2026-27-Q2/indicator/AD01",),
         OWNER),
    Kind("sign-off", "/review/{period}/{about:path}", "", ("/review/2026-27-Q2/indicator/AD01",),
         DIRECTOR),
    Kind("cycle-step", "/cycle/{period}", "", ("/cycle/2026-27-Q2",), OFFICER),
    Kind("risk-review", "/risks/{reference:path}/review", "",
         ("/risks/WA1/review", "/risks/WA1/review?prompts=indicator/WA01@2026-09"), RISK_OWNER),
    Kind("progress", "/actions/{reference:path}/progress", "", ("/actions/A1/progress",),
         RISK_OWNER),
    Kind("nothing", "/{anything:page}", "", ("/nothing-here",)),
)  # fmt: skip


def small(kinds: Iterable[Kind]) -> list[str]:
    """Every address in the tests' council."""
    return [address for kind in kinds for address in kind.small]


def routes(routers: Iterable[APIRouter]) -> list[APIRoute]:
    """Everything that can be asked for by GET."""
    return [
        route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or set())
    ]


def pages(routers: Iterable[APIRouter]) -> set[str]:
    """The routes that answer people with a page."""
    return {
        route.path
        for route in routes(routers)
        if not route.include_in_schema and not route.path.endswith(FILES)
    }
