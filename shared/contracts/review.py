"""The states of review and challenge on irf.risks: who answers for which figure of a quarter, what
they say, and where the quarter stands.

Rule: `about` is indicator/CODE, position/FUND/SERVICE or risk/REFERENCE; a period is the quarter
under review; an instant is ISO 8601. What a person wrote stands as it was written.
"""

import msgspec


class Voice(msgspec.Struct, omit_defaults=True, gc=False):
    """What one voice says of a figure. `personal` names the kinds of personal identifiers that the
    text seems to hold."""

    what_happened: str
    by: str
    at: str
    why: str = ""
    what_next: str = ""
    personal: list[str] = []


class SignOff(msgspec.Struct, omit_defaults=True, gc=False):
    """Somebody answers for a figure. `value` is what they saw; `stale` says that it has changed."""

    by: str
    at: str
    value: str = ""
    stale: bool = False


class DataQuery(msgspec.Struct, omit_defaults=True, gc=False):
    """A figure is under query."""

    by: str
    at: str
    reason: str = ""


class Review(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="review"):
    """The review of one figure for a quarter. Key: `review/{period}/{about}`.

    `subject` is the figure's on `topic`, `value` as it is shown there, `rag` its outcome, which may
    make commentary `required`. `voices` are by Owner, Director, Cabinet member; `sign_offs` by
    Owner and Director: the ones that count. `stage`: commentary, owner sign-off, director sign-off
    or signed off; `waits_for` is the post it waits for, `due` the day. `set_aside` says, by record,
    why it does not count. `challenges` are those that are not closed.
    """

    period: str
    about: str
    topic: str
    subject: str
    stage: str
    value: str = ""
    rag: str = ""
    service: str = ""
    owner: str = ""
    required: bool = False
    voices: dict[str, Voice] = {}
    sign_offs: dict[str, SignOff] = {}
    query: DataQuery | None = None
    challenges: list[str] = []
    waits_for: str = ""
    due: str = ""
    overdue: bool = False
    set_aside: dict[str, str] = {}


class ChallengeStep(msgspec.Struct, omit_defaults=True, gc=False):
    """One step of a challenge: Raise, Answer, Close or Reopen."""

    does: str
    by: str
    at: str
    text: str
    record: str
    personal: list[str] = []


class Challenge(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="challenge"):
    """A challenge of a figure or its commentary. Key: `challenge/{reference}`. `stage`: open (waits
    for an answer), answered (waits for the challenger) or closed. It is closed by the challenger
    alone. `set_aside` says, by record, why a step does not count."""

    reference: str
    period: str
    about: str
    stage: str
    by: str
    at: str
    waits_for: str = ""
    steps: list[ChallengeStep] = []
    set_aside: dict[str, str] = {}


class CycleStep(msgspec.Struct, omit_defaults=True, gc=False):
    """A step of a quarter's cycle that counts."""

    to: str
    by: str
    at: str
    record: str
    despite: str = ""


class Cycle(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="cycle"):
    """Where a quarter stands. Key: `cycle/{period}`. `stage`: open, collecting, owner sign-off,
    director sign-off or frozen; it goes forward a step at a time, may go back a step, and never
    leaves frozen. Counts are of its figures under review. `due` is by stage."""

    period: str
    stage: str
    due: dict[str, str]
    figures: int = 0
    required: int = 0
    written: int = 0
    owner_signed: int = 0
    director_signed: int = 0
    queried: int = 0
    challenged: int = 0
    late: int = 0
    steps: list[CycleStep] = []
    set_aside: dict[str, str] = {}


class Reminder(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="reminder"):
    """Something waits for somebody, and its day is near or past. Key:
    `reminder/` and the subject of its review or challenge. `task`: commentary, owner sign-off,
    director sign-off or answer."""

    period: str
    about: str
    task: str
    who: str
    due: str
    overdue: bool = False
    service: str = ""
