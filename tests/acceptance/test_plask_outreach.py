"""Plask: the newsletter and events, each by a consent of its own."""

from typing import Any

from examples.plask import service
from tests.acceptance.stage import JOINED, LEFT, Stage
from tests.keeping import seoul


def test_who_takes_the_newsletter_back_is_off_its_list_the_next_night(plask: Stage) -> None:
    """4-13: the address stays only where the membership needs it; the withdrawal is on record."""
    member = plask.join()
    service.subscribe(plask.app, member_id=member, email="haru@letters.example", version="1.1", at=JOINED)
    service.withdraw_subscription(plask.app, member_id=member, at=LEFT)
    assert plask.around(seoul(2025, 3, 4), plask.filled) == [
        {"members", "newsletter_subscriptions", "consents"},
        {"members", "consents"},
        {"members", "consents"},
    ]
    assert plask.only("members")["email"] == "haru@mail.example"
    assert plask.only("consents")["withdrawn_at"] == LEFT


def test_entries_end_with_the_consent_the_membership_or_the_event(plask: Stage) -> None:
    """4-05: whichever is first; answers and telephone go together."""
    members = {name: plask.join(name) for name in ("haru", "nuri", "sora")}
    entries = {}
    for name, member in members.items():
        who: dict[str, Any] = {"member_id": member, "phone": "010-0000-0000", "interest": name}
        entries[name] = service.enter_event(plask.app, event_id=1, version="1.1", at=JOINED, **who)
    service.withdraw_entry(plask.app, entry_id=entries["haru"], at=seoul(2025, 3, 7, 12))
    plask.leave(members["nuri"])
    plask.office.execute("update events set closed_at = %s", (seoul(2025, 3, 10),))
    seen = plask.nightly(
        seoul(2025, 3, 7), 5, lambda: {row["answers"]["interest"] for row in plask.rows("event_entries")}
    )
    assert seen == [{"haru", "nuri", "sora"}, {"nuri", "sora"}, {"sora"}, set(), set()]
