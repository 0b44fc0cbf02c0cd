"""Plask: enquiries and complaints, of members and of people without an account."""

import pytest
from examples.plask import service
from tests.acceptance.stage import JOINED, LEFT, Stage
from tests.keeping import seoul

CLOSED = seoul(2025, 3, 5, 12)
COMPLAINT_ENDS = seoul(2028, 3, 7)
"""Three years run out on Sunday 5 March 2028; the next working day is the 6th."""
POSTS = {"support_posts", "support_replies"}
KEPT = {"support_posts__complaints", "support_replies__complaints"}


def test_an_enquiry_goes_the_night_after_its_answer(plask: Stage) -> None:
    """4-25: with the reply to it, whoever asked; what waits for an answer stays."""
    member = plask.join()
    waiting = [plask.write("enquiry", member=who) for who in (member, None)]
    for who in (member, None):
        service.answer(plask.app, post_id=plask.write("enquiry", member=who), at=LEFT)
    assert plask.around(seoul(2025, 3, 4), lambda: plask.count("support_replies")) == [4, 2, 2]
    assert [row["id"] for row in plask.rows("support_posts")] == waiting


def test_a_complaint_is_kept_apart_for_three_years_from_its_close(plask: Stage) -> None:
    """4-12, 4-22: with name, address and reply, also while the member stays; then nothing is left of it."""
    member = plask.join()
    for who, name in ((member, "haru"), (None, "nuri")):
        service.close(plask.app, post_id=plask.write("complaint", member=who, name=name), at=CLOSED)
    assert plask.around(seoul(2025, 3, 6), lambda: (plask.filled(), plask.archived())) == [
        (POSTS | {"members"}, set()),
        ({"members"}, KEPT),
        ({"members"}, KEPT),
    ]
    posts = plask.copies("support_posts", "complaints")
    written = {"title": "slow", "body": "very slow", "created_at": JOINED, "closed_at": CLOSED}
    assert [copy.content for copy in posts] == [
        {"name": name, "email": f"{name}@mail.example", **written} for name in ("haru", "nuri")
    ]
    replies = plask.copies("support_replies", "complaints")
    assert {copy.content["body"] for copy in replies} == {"we look into it"}
    whose = [("member", (str(member),)), ("enquirer", ("nuri@mail.example",))]
    assert [copy.whose for copy in posts] == [copy.whose for copy in replies] == whose
    assert plask.around(COMPLAINT_ENDS, plask.archived) == [KEPT, set(), set()]


def test_an_open_complaint_outlives_the_membership(plask: Stage) -> None:
    """4-22, 4-26: closed after the member left, its three years begin then, with the name that waited for it."""
    member = plask.join()
    post = plask.write("complaint", member=member)
    plask.leave(member)
    plask.sweep(seoul(2025, 5, 1))
    assert plask.filled() == {"members", "rejoin_keys"} | POSTS
    assert (plask.only("members")["name"], plask.only("members")["password_hash"]) == ("haru", "-")
    with pytest.raises(service.UndoRefusedError):
        plask.undo_leave("haru", at=seoul(2025, 5, 2))
    service.close(plask.office, post_id=post, at=seoul(2025, 5, 7, 12))
    plask.sweep(seoul(2025, 5, 8))
    assert plask.filled() == {"rejoin_keys"}
    assert plask.copy("support_replies", "complaints").content["member_name"] == "haru"
    assert plask.around(seoul(2028, 5, 9), plask.archived) == [KEPT, set(), set()]
