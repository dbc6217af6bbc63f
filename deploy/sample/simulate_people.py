"""What people say of risks, actions and figures in a day, while the sample council is at work."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from random import Random

from deploy.sample.areas import plans, review, risks
from deploy.sample.changes import Change, changed
from deploy.sample.made import Fields, quarters_to
from deploy.sample.risk.controls import BETTER, SAME, WORSE
from deploy.sample.risk.register import RISKS
from deploy.sample.risk.words import DESPITE

Held = Mapping[str, list[Fields]]


class People:
    """Knows what was said so far, and thinks of what is said next."""

    def __init__(
        self, held: Held, rng: Random, now: Callable[[], datetime], reference: Callable[[str], str]
    ) -> None:
        self._rng = rng
        self._now = now
        self._reference = reference
        self._register = {each["reference"]: each for each in held.get(risks.REGISTER, [])}
        self._open = [each for each in RISKS if each.closed is None]
        self._levels = self._newest_levels(held.get(risks.REVIEWS, []))
        self._acting = [
            each for each in held.get(plans.ACTED, []) if each["status"] == "In progress"
        ]
        self._written = {
            (each["period"], each["about"])
            for each in held.get(review.WRITTEN, [])
            if each["voice"] == "Owner"
        }
        self._to_freeze = self._signed(held.get(review.STEPS, []))
        self.ways: list[tuple[Callable[[], Change | None], int]] = [
            (self._risk_reviewed, 3),
            (self._action_moved_on, 3),
            (self._commented, 1),
            (self._frozen, 1),
        ]

    @staticmethod
    def _signed(steps: list[Fields]) -> list[str]:
        """The quarters at directors' sign-off: the last step of theirs but one."""
        reached = {each["period"]: each["to"] for each in sorted(steps, key=lambda s: s["step"])}
        return [period for period, to in reached.items() if to == review.CYCLE[-2][0]]

    def _newest_levels(self, reviews: list[Fields]) -> dict[str, int]:
        found = {risk: int(each["likelihood"]) for risk, each in self._register.items()}
        for each in sorted(reviews, key=lambda each: (each["reviewed"], each["review"])):
            if each["likelihood"] is not None:
                found[each["risk"]] = each["likelihood"]
        return found

    def _today(self) -> date:
        return self._now().date()

    def _risk_reviewed(self) -> Change | None:
        if not self._register:
            return None
        risk = self._rng.choice(self._open)
        before = self._levels[risk.reference]
        found = max(1, min(5, before + self._rng.choice((-1, 0, 0, 1))))
        self._levels[risk.reference] = found
        reasons = WORSE if found > before else BETTER if found < before else SAME
        reason = self._rng.choice(reasons)
        fields = {
            "risk": risk.reference,
            "reviewed": self._today(),
            # Two reviews of a day count in the order of what they are called.
            "review": f"{self._now():%H%M%S}-{self._reference('RV')}",
            "likelihood": found,
            "impact": None,
            "reason": reason,
            "considered": risks.considered(risk, self._today()),
            "by": risk.owner,
        }
        said = f"Risk {risk.reference} reviewed by the {risk.owner}: {reason.lower()}"
        return changed(risks.REVIEWS, said, fields)

    def _action_moved_on(self) -> Change | None:
        if not self._acting:
            return None
        fields = self._rng.choice(self._acting)
        fields["progress"] = min(100, fields["progress"] + self._rng.choice((5, 5, 10)))
        if fields["progress"] == 100:
            self._acting.remove(fields)
            fields |= {"status": "Complete", "done": self._today()}
            return changed(plans.ACTED, f"Action {fields['reference']} is done", fields)
        said = f"Action {fields['reference']} is {fields['progress']}% done"
        return changed(plans.ACTED, said, fields)

    def _commented(self) -> Change | None:
        last = quarters_to(self._today(), 1)[0]
        period = review.quarter_code(last)
        left = [
            spoken
            for _, spoken in review.spoken_of(last)
            if (period, f"indicator/{spoken.code}") not in self._written
        ]
        if not left:
            return None
        spoken = self._rng.choice(left)
        about = f"indicator/{spoken.code}"
        self._written.add((period, about))
        fields = {
            "period": period,
            "about": about,
            "voice": "Owner",
            **review.text_of(spoken, last)._asdict(),
            "by": spoken.owner,
            "at": self._now().replace(microsecond=0),
        }
        return changed(review.WRITTEN, f"{spoken.owner} wrote about {spoken.code}", fields)

    def _frozen(self) -> Change | None:
        if not self._to_freeze:
            return None
        period = self._to_freeze.pop()
        fields = {
            "period": period,
            "step": str(len(review.CYCLE)),
            "to": review.CYCLE[-1][0],
            "despite": DESPITE[0],
            "by": review.OFFICER,
            "at": self._now().replace(microsecond=0),
        }
        return changed(review.STEPS, f"The quarter {period} is frozen", fields)
