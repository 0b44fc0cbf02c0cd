"""Lives of members: they join, pay, complain, misuse, leave and come back.

The days on which something must happen are counted by hand beforehand. The first day is left out (민법 제157조)
unless it begins at midnight; months and years end on the eve of the corresponding day (제160조). A promise ends
strictly; a statutory minimum whose last day is a Saturday or a holiday ends on the next day that is neither
(제161조). What ends with a day is done at the midnight after it. Numbers such as 4-19 name clauses of Plask's
published text.
"""

from tests.golden.chronicle import Event, Story, instant
from tests.golden.deeds import (
    abuse,
    adds,
    both,
    consent,
    drops,
    entry,
    event,
    interest,
    leaves,
    member,
    motion,
    newsletter,
    order,
    payment,
    post,
    profile,
    project,
    refund,
    reply,
    session,
    sets,
)


def leaving_and_undoing() -> Story:
    """Grace after leaving, undone and begun again."""
    start = "2026-02-02 10:00"
    rows = (member(1, "김하나", start), profile(1, start), interest(1, 1, start), newsletter(1, start))
    more = (
        consent(1, 1, "profile", start),
        session("s1", 1, start),
        project(1, 1, start),
        motion(1, 1, start),
    )
    return Story(
        "01-leaving-and-undoing",
        "가입하고, 쓰고, 떠나고, 넷째 날에 되돌리고, 다시 떠난다",
        "Joins, uses the service, leaves, undoes it on day 4, leaves again",
        (
            Event(
                start,
                "회원 1 가입, 프로필·관심분야·소식 동의, 로그인, 프로젝트",
                "member 1 joins and works",
                adds(*rows, *more),
            ),
            Event(
                "2026-03-02 15:00", "회원 1 탈퇴", "member 1 leaves", leaves(1, "2026-03-02 15:00", key="k1")
            ),
            Event(
                "2026-03-06 20:00",
                "넷째 날, 탈퇴를 되돌림",
                "on day 4 it is undone",
                both(
                    sets("members", 1, status="active", left_at=None),
                    drops("rejoin_keys", "k1", by="email_key"),
                ),
            ),
            Event("2026-03-10 09:30", "다시 탈퇴", "leaves again", leaves(1, "2026-03-10 09:30", key="k1")),
        ),
        {
            "2026-03-03": (
                "로그아웃되었으므로 세션 (sign-in)",
                "the session ended with the leaving of 2 March",
            ),
            "2026-03-16": (
                "3월 11–15일이 유예 다섯 날, 15일이 일요일이어도 늘지 않고, 엿새째에 모두 파기 (4-19, 4-25)",
                "the five days are 11 to 15 March; 15 March is a Sunday and lengthens nothing; on day 6 all goes",
            ),
            "2027-03-11": (
                "재가입 제한값 1년: 2026-03-11부터 2027-03-10까지 (4-12)",
                "the sign-up limit's year ends with 10 March 2027",
            ),
        },
        looks=("2026-03-08", "2026-03-09", "2026-06-10"),
    )


def paying_and_leaving() -> Story:
    """Orders, payments and a refund, kept by law for five years."""
    return Story(
        "02-paying-and-leaving",
        "사고, 결제하고, 하나는 환불받고, 떠난다: 다섯 해의 보존",
        "Buys, pays, has one order refunded, leaves: what is kept for five years",
        (
            Event(
                "2026-01-15 10:00",
                "회원 2 가입",
                "member 2 joins",
                adds(member(2, "이두리", "2026-01-15 10:00")),
            ),
            Event(
                "2026-01-20 11:00",
                "주문 1·2, 결제 1·2",
                "orders 1 and 2, payments 1 and 2",
                adds(
                    order(1, 2, "2026-01-20 11:00"),
                    payment(1, 1, "2026-01-20 11:00"),
                    order(2, 2, "2026-01-20 11:00"),
                    payment(2, 2, "2026-01-20 11:00"),
                ),
            ),
            Event(
                "2026-01-22 12:00",
                "주문 2 계약 이행 완료",
                "contract of order 2 completed",
                sets("orders", 2, completed_at=instant("2026-01-22 12:00")),
            ),
            Event(
                "2026-01-31 23:00",
                "결제 2 정산",
                "payment 2 settled",
                sets("payments", 2, settled_at=instant("2026-01-31 23:00")),
            ),
            Event(
                "2026-02-10 10:00",
                "주문 1 계약 이행 완료",
                "contract of order 1 completed",
                sets("orders", 1, completed_at=instant("2026-02-10 10:00")),
            ),
            Event(
                "2026-02-27 16:00",
                "주문 2 환불",
                "order 2 refunded",
                adds(refund(1, 2, "2026-02-20 09:00", "2026-02-27 16:00")),
            ),
            Event(
                "2026-03-01 09:00",
                "결제 1 정산",
                "payment 1 settled",
                sets("payments", 1, settled_at=instant("2026-03-01 09:00")),
            ),
            Event("2026-04-01 12:00", "회원 2 탈퇴", "member 2 leaves", leaves(2, "2026-04-01 12:00")),
        ),
        {
            "2026-02-01": (
                "정산되었으므로 결제 2의 결제 토큰 (settlement)",
                "payment 2 was settled: its token",
            ),
            "2026-03-02": (
                "정산되었으므로 결제 1의 결제 토큰",
                "payment 1 was settled: its token",
            ),
            "2026-04-07": (
                "4월 2–6일 유예 뒤 엿새째: 주문·결제·환불은 분리보관, 나머지는 파기 (4-19, 4-22, 4-26)",
                "day 6 after 2 to 6 April: orders, payments and the refund are kept apart, the rest goes",
            ),
            "2031-01-28": (
                "주문 2: 2031-01-22가 설 연휴(22–24일), 25일 토, 26일 일, 27일 월까지",
                "order 2: 22 January 2031 is a lunar New Year holiday (22 to 24), then a weekend: ends with Monday 27",
            ),
            "2031-02-01": (
                "결제 2: 2031-01-31 금요일까지",
                "payment 2: ends with Friday 31 January",
            ),
            "2031-02-11": (
                "주문 1: 2031-02-10 월요일까지",
                "order 1: ends with Monday 10 February",
            ),
            "2031-02-28": (
                "환불: 2031-02-27 목요일까지",
                "the refund: ends with Thursday 27 February",
            ),
            "2031-03-05": (
                "결제 1: 2031-03-01이 토요일이자 삼일절, 2일 일, 3일 월 대체공휴일, 4일 화까지",
                "payment 1: 1 March 2031 is a Saturday and a holiday, Monday 3 its substitute: ends with Tuesday 4",
            ),
        },
        looks=("2026-07-01", "2027-04-01", "2029-04-01"),
    )


def complaining() -> Story:
    """An enquiry goes with its answer; complaints are kept for three years."""
    return Story(
        "03-complaining",
        "묻고, 불만을 두 번 말하고, 나중에 떠난다: 세 해의 보존",
        "Asks, complains twice, leaves later: what is kept for three years",
        (
            Event(
                "2026-03-20 09:00",
                "회원 3 문의 1",
                "member 3 asks (post 1)",
                adds(member(3, "김하나", "2026-03-01 10:00"), post(1, 3, "enquiry", "2026-03-20 09:00")),
            ),
            Event(
                "2026-03-23 10:00",
                "문의 1 답변",
                "post 1 is answered",
                both(
                    adds(reply(1, 1, "2026-03-23 10:00")),
                    sets("support_posts", 1, answered_at=instant("2026-03-23 10:00")),
                ),
            ),
            Event(
                "2026-04-06 14:00",
                "불만 2",
                "complaint 2",
                adds(post(2, 3, "complaint", "2026-04-06 14:00"), reply(2, 2, "2026-04-07 09:00")),
            ),
            Event(
                "2026-04-10 17:00",
                "불만 2 종결",
                "complaint 2 is closed",
                sets("support_posts", 2, closed_at=instant("2026-04-10 17:00")),
            ),
            Event(
                "2026-04-20 14:00", "불만 3", "complaint 3", adds(post(3, 3, "complaint", "2026-04-20 14:00"))
            ),
            Event(
                "2026-05-05 09:00",
                "불만 3 종결",
                "complaint 3 is closed",
                sets("support_posts", 3, closed_at=instant("2026-05-05 09:00")),
            ),
            Event("2026-06-01 12:00", "회원 3 탈퇴", "member 3 leaves", leaves(3, "2026-06-01 12:00")),
        ),
        {
            "2026-03-24": (
                "목적 달성: 문의 1과 답변 파기 (4-25)",
                "purpose met: post 1 and its answer",
            ),
            "2026-04-11": (
                "종결: 불만 2와 답변을 분리보관 (4-22)",
                "closed: complaint 2 and its answer are kept apart",
            ),
            "2026-05-06": (
                "종결: 불만 3을 분리보관",
                "closed: complaint 3 is kept apart",
            ),
            "2026-06-07": (
                "6월 2–6일 유예 뒤 엿새째: 회원",
                "day 6 after 2 to 6 June: the member",
            ),
            "2029-04-11": (
                "불만 2: 2029-04-10 화요일까지",
                "complaint 2: ends with Tuesday 10 April 2029",
            ),
            "2029-05-09": (
                "불만 3: 2029-05-05가 토요일이자 어린이날, 6일 일, 7일 월 대체공휴일, 8일 화까지",
                "complaint 3: 5 May 2029, a Saturday, is Children's Day, Monday 7 its substitute: ends with Tuesday 8",
            ),
        },
    )


def misusing() -> Story:
    """A record of abuse outlives the account it belongs to, and its clock does not die with the member."""
    return Story(
        "04-misusing",
        "부정 이용을 하고 떠난다: 한 해의 기록과 껍데기",
        "Misuses the service and leaves: a record for one year, and a stub for its clock",
        (
            Event(
                "2026-01-20 09:00",
                "회원 4 가입",
                "member 4 joins",
                adds(member(4, "박세찌", "2026-01-20 09:00")),
            ),
            Event(
                "2026-03-01 03:00",
                "부정 이용 기록 1",
                "abuse record 1",
                adds(abuse(1, 4, "2026-03-01 03:00")),
            ),
            Event(
                "2026-03-10 14:00", "회원 4 탈퇴", "member 4 leaves", leaves(4, "2026-03-10 14:00", key="k4")
            ),
        ),
        {
            "2026-03-16": (
                "엿새째: 회원은 이름·메일·비밀번호가 가려진 껍데기로 남고 탈퇴일만 기록을 위해 남는다 (4-20)",
                "day 6: of the member only the date of leaving stays, for the record's clock",
            ),
            "2027-03-11": (
                "1년: 2026-03-11부터 2027-03-10까지. 기록, 껍데기, 재가입 제한값이 함께",
                "the year ends with 10 March 2027: the record, the stub and the sign-up limit go together",
            ),
        },
        looks=("2026-06-10",),
    )


def consenting() -> Story:
    """Withdrawals are kept the next night, in the grace after leaving as well."""
    start = "2026-02-01 10:00"
    return Story(
        "05-consenting",
        "동의하고, 하나씩 거두고, 떠난 뒤에도 거둔다",
        "Agrees, withdraws one consent after another, and one more after leaving",
        (
            Event(
                start,
                "회원 5 가입과 동의, 이벤트 1·2 응모",
                "member 5 joins and agrees, enters events 1 and 2",
                adds(
                    member(5, "최네찌", start),
                    profile(5, start),
                    newsletter(5, start),
                    interest(5, 5, start),
                    event(1),
                    event(2),
                    entry(1, 5, 1, start),
                    entry(2, 5, 2, start),
                    consent(5, 5, "profile", start),
                ),
            ),
            Event(
                "2026-04-02 10:00",
                "프로필 동의 철회",
                "withdraws the profile",
                both(
                    sets("profiles", 5, by="member_id", withdrawn_at=instant("2026-04-02 10:00")),
                    sets("consents", 5, withdrawn_at=instant("2026-04-02 10:00")),
                ),
            ),
            Event(
                "2026-04-20 09:00",
                "소식 동의 철회",
                "withdraws the newsletter",
                sets("newsletter_subscriptions", 5, by="member_id", withdrawn_at=instant("2026-04-20 09:00")),
            ),
            Event(
                "2026-04-30 23:59",
                "이벤트 1 마감",
                "event 1 closes",
                sets("events", 1, closed_at=instant("2026-04-30 23:59")),
            ),
            Event(
                "2026-05-10 11:00",
                "이벤트 2 응모 동의 철회",
                "withdraws from event 2",
                sets("event_entries", 2, withdrawn_at=instant("2026-05-10 11:00")),
            ),
            Event("2026-07-01 11:00", "회원 5 탈퇴", "member 5 leaves", leaves(5, "2026-07-01 11:00")),
            Event(
                "2026-07-03 10:00",
                "유예 중에 관심분야 동의 철회",
                "in the grace, withdraws the interest",
                sets("interests", 5, withdrawn_at=instant("2026-07-03 10:00")),
            ),
        ),
        {
            "2026-04-03": (
                "철회: 프로필 (유예 없음)",
                "withdrawn: the profile, without any grace",
            ),
            "2026-04-21": (
                "철회: 소식",
                "withdrawn: the newsletter",
            ),
            "2026-05-01": (
                "목적 달성: 이벤트 1 응모",
                "purpose met: the entry to event 1",
            ),
            "2026-05-11": (
                "철회: 이벤트 2 응모",
                "withdrawn: the entry to event 2",
            ),
            "2026-07-04": (
                "먼저 온 철회: 관심분야",
                "the withdrawal came first: the interest",
            ),
            "2026-07-07": (
                "7월 2–6일 유예 뒤 엿새째: 회원과 동의 기록",
                "day 6 after 2 to 6 July: the member and the proof of consents",
            ),
        },
    )


def settling_later() -> Story:
    """A contract that completes after its buyer has left."""
    return Story(
        "07-settling-later",
        "끝나지 않은 주문을 두고 떠난다",
        "Leaves while an order is not settled",
        (
            Event(
                "2026-05-20 10:00",
                "회원 7, 주문 7과 결제 7",
                "member 7, order 7 and payment 7",
                adds(
                    member(7, "강육찌", "2026-05-01 10:00"),
                    order(7, 7, "2026-05-20 10:00"),
                    payment(7, 7, "2026-05-20 10:00"),
                    consent(7, 7, "newsletter", "2026-05-01 10:00"),
                ),
            ),
            Event("2026-06-10 18:00", "회원 7 탈퇴", "member 7 leaves", leaves(7, "2026-06-10 18:00")),
            Event(
                "2026-06-25 11:00",
                "결제 7 정산",
                "payment 7 is settled",
                sets("payments", 7, settled_at=instant("2026-06-25 11:00")),
            ),
            Event(
                "2026-07-20 10:00",
                "주문 7 계약 이행 완료",
                "the contract of order 7 is completed",
                sets("orders", 7, completed_at=instant("2026-07-20 10:00")),
            ),
        ),
        {
            "2026-06-16": (
                "6월 11–15일 유예 뒤 엿새째: 동의 기록은 파기, 회원은 주문의 보존에 쓸 이름과 메일만 남긴다",
                "day 6 after 11 to 15 June: name and mail alone stay in the member's row, for the order's record",
            ),
            "2026-06-26": (
                "정산: 결제 7을 이름·메일과 함께 분리보관",
                "settled: payment 7 is kept apart with name and mail",
            ),
            "2026-07-21": (
                "이행 완료: 주문 7을 분리보관하고 회원은 사라진다",
                "completed: order 7 is kept apart, and the member's row goes",
            ),
            "2031-06-26": (
                "결제 7: 2031-06-25 수요일까지",
                "payment 7: ends with Wednesday 25 June 2031",
            ),
            "2031-07-22": (
                "주문 7: 2031-07-20이 일요일, 21일 월요일까지",
                "order 7: 20 July 2031 is a Sunday: ends with Monday 21",
            ),
        },
    )


def rejoining() -> Story:
    """Coming back changes nothing of what was archived."""
    return Story(
        "11-rejoining",
        "떠났다가 새로 가입하고 다시 떠난다",
        "Leaves, joins anew, leaves again",
        (
            Event(
                "2026-01-10 10:00",
                "회원 11, 주문 11, 부정 이용 11",
                "member 11, order 11, abuse record 11",
                adds(
                    member(11, "오새별", "2026-01-10 10:00"),
                    order(11, 11, "2026-02-18 10:00", "2026-02-19 10:00"),
                    abuse(11, 11, "2026-02-20 10:00"),
                ),
            ),
            Event(
                "2026-03-03 10:00",
                "회원 11 탈퇴",
                "member 11 leaves",
                leaves(11, "2026-03-03 10:00", key="k11"),
            ),
            Event(
                "2026-05-04 10:00",
                "같은 메일로 새로 가입: 회원 12, 주문 12",
                "joins anew with the same address: member 12, order 12",
                adds(
                    member(12, "오새별", "2026-05-04 10:00", email="member11@mail.example"),
                    order(12, 12, "2026-05-04 11:00", "2026-05-06 10:00"),
                ),
            ),
            Event(
                "2026-08-03 10:00",
                "회원 12 탈퇴",
                "member 12 leaves",
                leaves(12, "2026-08-03 10:00", key="k11"),
            ),
        ),
        {
            "2026-03-09": (
                "3월 4–8일 유예 뒤 엿새째: 주문 11 분리보관, 회원 11은 부정 이용 기록을 위한 껍데기",
                "day 6: order 11 is kept apart, member 11 becomes a stub",
            ),
            "2026-08-09": (
                "8월 4–8일 유예 뒤 엿새째: 주문 12 분리보관, 회원 12 파기",
                "day 6: order 12 is kept apart, member 12 goes",
            ),
            "2027-03-04": (
                "부정 이용 11과 껍데기: 2027-03-03까지 1년",
                "abuse record 11 and the stub: the year ends with 3 March 2027",
            ),
            "2027-08-04": (
                "재가입 제한값: 두 번째 탈퇴부터 1년, 2027-08-03까지",
                "the sign-up limit: a year from the second leaving",
            ),
            "2031-02-20": (
                "주문 11: 2031-02-19 수요일까지, 재가입과 상관없이",
                "order 11: ends with Wednesday 19 February 2031, rejoined or not",
            ),
            "2031-05-07": (
                "주문 12: 2031-05-06 화요일까지",
                "order 12: ends with Tuesday 6 May 2031",
            ),
        },
        looks=("2026-05-05",),
    )
