"""Visitors, guests, people who do not exist, people under a legal hold, and the service's own end.

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
    closes,
    consent,
    drops,
    entry,
    event,
    holds,
    leaves,
    member,
    motion,
    order,
    payment,
    post,
    profile,
    project,
    reply,
    session,
    sets,
    visit,
)

from jikim.plan.schedule import Hold

NEVER = instant("9999-12-31")


def visiting() -> Story:
    """Three months by promise, and three months by law, which do not end on the same day."""
    return Story(
        "06-visiting",
        "들르기만 한다: 약속의 석 달과 법의 석 달",
        "Only visits: three months by promise, three months by law",
        (
            Event(
                "2026-01-31 08:00",
                "방문 1 (비회원)",
                "visit 1, no account",
                adds(visit(1, None, "2026-01-31 08:00")),
            ),
            Event(
                "2026-02-02 10:05",
                "회원 6 가입과 방문 2",
                "member 6 joins; visit 2",
                adds(member(6, "정오찌", "2026-02-02 10:05"), visit(2, 6, "2026-02-02 10:05")),
            ),
            Event(
                "2026-02-28 23:59",
                "방문 3 (회원)",
                "visit 3, the member",
                adds(visit(3, 6, "2026-02-28 23:59")),
            ),
            Event(
                "2026-03-01 00:00",
                "방문 4, 정각 0시 (비회원)",
                "visit 4, at midnight sharp, no account",
                adds(visit(4, None, "2026-03-01 00:00")),
            ),
            Event(
                "2026-11-29 12:00",
                "방문 5 (비회원)",
                "visit 5, no account",
                adds(visit(5, None, "2026-11-29 12:00")),
            ),
            Event(
                "2026-11-30 12:00",
                "방문 6 (비회원)",
                "visit 6, no account",
                adds(visit(6, None, "2026-11-30 12:00")),
            ),
        ),
        {
            "2026-05-01": (
                "방문 1: 2월 1일부터 석 달은 4월 30일 목요일까지, 약속과 법이 같은 날",
                "visit 1: both end with Thursday 30 April",
            ),
            "2026-05-03": (
                "방문 2: 약속은 5월 2일 토요일까지, 주소와 시각만 분리보관 (4-24)",
                "visit 2: the promise ends with Saturday 2 May; address and time alone are kept apart",
            ),
            "2026-05-05": (
                "방문 2: 법은 토·일을 지나 5월 4일 월요일까지",
                "visit 2: the law ends with Monday 4 May",
            ),
            "2026-06-01": (
                "방문 3·4: 약속은 5월 31일 일요일까지; 0시의 방문은 그날을 센다 (제157조 단서)",
                "visits 3 and 4: the promise ends with Sunday 31 May; a visit at midnight counts its own day",
            ),
            "2026-06-02": (
                "방문 3·4: 법은 6월 1일 월요일까지",
                "visits 3 and 4: the law ends with Monday 1 June",
            ),
            "2027-03-01": (
                "방문 5·6: 2월에는 30일이 없어 둘 다 말일인 28일 일요일까지 (제160조 제3항)",
                "visits 5 and 6: February has no 30th; both end with its last day, Sunday 28",
            ),
            "2027-03-03": (
                "방문 5·6: 28일 일, 3월 1일 월 삼일절, 2일 화까지",
                "visits 5 and 6: the law ends with Tuesday 2 March, after Sunday and a holiday",
            ),
        },
    )


def a_guest() -> Story:
    """Somebody without an account writes to support."""
    return Story(
        "08-a-guest",
        "회원이 아닌 사람이 고객센터에만 쓴다",
        "A guest who only wrote to support",
        (
            Event(
                "2026-03-09 10:00",
                "문의 10",
                "enquiry 10",
                adds(post(10, None, "enquiry", "2026-03-09 10:00")),
            ),
            Event(
                "2026-03-10 10:00",
                "불만 11",
                "complaint 11",
                adds(post(11, None, "complaint", "2026-03-10 10:00"), reply(11, 11, "2026-03-12 10:00")),
            ),
            Event(
                "2026-03-11 15:00",
                "문의 10 답변",
                "enquiry 10 is answered",
                sets("support_posts", 10, answered_at=instant("2026-03-11 15:00")),
            ),
            Event(
                "2026-03-13 15:00",
                "불만 11 종결",
                "complaint 11 is closed",
                sets("support_posts", 11, closed_at=instant("2026-03-13 15:00")),
            ),
            Event(
                "2026-03-20 10:00",
                "불만 12, 오래 열려 있음",
                "complaint 12, open for long",
                adds(post(12, None, "complaint", "2026-03-20 10:00")),
            ),
            Event(
                "2029-06-01 10:00",
                "불만 12 종결",
                "complaint 12 is closed",
                sets("support_posts", 12, closed_at=instant("2029-06-01 10:00")),
            ),
        ),
        {
            "2026-03-12": (
                "목적 달성: 문의 10",
                "purpose met: enquiry 10",
            ),
            "2026-03-14": (
                "종결: 불만 11과 답변을 분리보관",
                "closed: complaint 11 and its answer are kept apart",
            ),
            "2029-03-14": (
                "불만 11: 2029-03-13 화요일까지",
                "complaint 11: ends with Tuesday 13 March 2029",
            ),
            "2029-06-02": (
                "종결: 불만 12를 분리보관",
                "closed: complaint 12 is kept apart",
            ),
            "2032-06-02": (
                "불만 12: 2032-06-01 화요일까지",
                "complaint 12: ends with Tuesday 1 June 2032",
            ),
        },
    )


def orphans() -> Story:
    """Rows about a member who does not exist."""
    return Story(
        "09-orphans",
        "없는 회원의 기록들",
        "Records of a member who does not exist",
        (
            Event(
                "2026-04-01 09:00",
                "복구 실수로 없는 회원 99의 기록이 생김",
                "a restore leaves rows of member 99, who does not exist",
                adds(
                    session("s99", 99, "2026-04-01 09:00"),
                    visit(99, 99, "2026-04-01 09:00"),
                    abuse(99, 99, "2026-04-01 09:00"),
                    post(99, 99, "complaint", "2026-04-01 09:00"),
                    order(90, 99, "2026-03-01 09:00", "2026-03-02 09:00"),
                ),
            ),
            Event(
                "2026-04-01 10:00",
                "회원 9 탈퇴 (주문 91은 이행됨)",
                "member 9 leaves (order 91 is completed)",
                both(
                    adds(
                        member(9, "윤구찌", "2026-02-01 10:00"),
                        order(91, 9, "2026-03-04 10:00", "2026-03-05 10:00"),
                    ),
                    leaves(9, "2026-04-01 10:00"),
                ),
            ),
            Event(
                "2026-04-15 10:00",
                "불만 99 종결",
                "complaint 99 is closed",
                sets("support_posts", 99, closed_at=instant("2026-04-15 10:00")),
            ),
            Event(
                "2026-04-20 10:00",
                "주문 90이 복구 때 겹친 것으로 밝혀져 지움",
                "order 90 proves to be a leftover of the restore and is deleted",
                drops("orders", 90),
            ),
        ),
        {
            "2026-04-07": (
                "세션은 만들어진 날로 센다: 4월 2–6일. 주문 표는 주인 없는 한 줄 때문에 멈추고, 회원 9는 껍데기",
                "the session is dated from its creation; one orphan stops all orders, so member 9 stays as a stub",
            ),
            "2026-04-16": (
                "종결: 불만 99를 분리보관, 누구의 것인지는 말하지 않음",
                "closed: complaint 99 is kept apart, naming no member",
            ),
            "2026-04-21": (
                "주문 표가 풀려 주문 91을 분리보관하고 회원 9가 사라진다",
                "orders are free again: order 91 is kept apart, member 9 goes",
            ),
            "2026-07-02": (
                "방문 99: 2026-07-01 수요일까지",
                "visit 99: both end with Wednesday 1 July",
            ),
            "2027-04-02": (
                "부정 이용 99: 기록된 날부터 1년",
                "abuse record 99: one year, dated from its recording",
            ),
            "2029-04-17": (
                "불만 99: 2029-04-15가 일요일, 16일 월요일까지",
                "complaint 99: 15 April 2029 is a Sunday: ends with Monday 16",
            ),
            "2031-03-06": (
                "주문 91: 2031-03-05 수요일까지",
                "order 91: ends with Wednesday 5 March 2031",
            ),
        },
    )


def a_legal_hold() -> Story:
    """A hold keeps everything as it is: rows, and later the archived copy."""
    mine = Hold("h1", "2026가합1", "member", ("10",))
    later = Hold("h2", "2031가합2", "member", ("10",))
    return Story(
        "10-a-legal-hold",
        "소송으로 보존 명령이 내려지고 풀린다",
        "A legal hold is placed and released, twice",
        (
            Event(
                "2026-02-01 10:00",
                "회원 10, 프로필, 주문 10",
                "member 10, profile, order 10",
                adds(
                    member(10, "한십찌", "2026-01-10 10:00"),
                    profile(10, "2026-01-10 10:00"),
                    order(10, 10, "2026-02-01 10:00", "2026-02-02 10:00"),
                ),
            ),
            Event("2026-03-04 10:00", "보존 명령 h1", "hold h1 is placed", holds(mine)),
            Event("2026-03-05 10:00", "회원 10 탈퇴", "member 10 leaves", leaves(10, "2026-03-05 10:00")),
            Event("2026-09-01 12:00", "보존 명령 h1 해제", "hold h1 is released", holds()),
            Event("2031-01-15 10:00", "보존 명령 h2", "hold h2 is placed", holds(later)),
            Event("2031-03-10 12:00", "보존 명령 h2 해제", "hold h2 is released", holds()),
        ),
        {
            "2026-09-02": (
                "해제 다음 밤: 주문은 분리보관, 나머지는 파기",
                "the night after the release: the order is kept apart, the rest goes",
            ),
            "2031-03-11": (
                "주문 10의 보존은 2031-02-02가 일요일이어서 3일 월요일까지였으나, h2가 풀린 다음 밤에",
                "order 10 was to be kept until Monday 3 February 2031; it goes the night after h2 is released",
            ),
        },
        looks=("2026-03-10", "2026-03-11", "2026-03-12", "2031-02-03", "2031-02-04", "2031-02-05"),
    )


def closing() -> Story:
    """The service closes."""
    closed = "2027-04-01 00:00"
    return Story(
        "12-closing",
        "서비스를 닫는다",
        "The service closes",
        (
            Event(
                "2027-03-20 09:00",
                "회원 13 (쓰는 중), 회원 14",
                "member 13 (in use), member 14",
                adds(
                    member(13, "서열찌", "2026-11-01 10:00"),
                    profile(13, "2026-11-01 10:00"),
                    consent(13, 13, "profile", "2026-11-01 10:00"),
                    session("s13", 13, "2027-03-20 09:00"),
                    visit(13, 13, "2027-03-20 09:00"),
                    abuse(13, 13, "2027-01-05 09:00"),
                    project(13, 13, "2026-11-02 10:00"),
                    motion(13, 13, "2026-11-02 10:00"),
                    event(3),
                    entry(13, 13, 3, "2027-03-01 09:00"),
                    post(13, 13, "enquiry", "2027-03-19 09:00"),
                    order(13, 13, "2026-11-30 10:00", "2026-12-01 10:00"),
                    order(14, 13, "2027-03-15 10:00"),
                    payment(14, 14, "2027-03-15 10:00"),
                    member(14, "유열하나", "2026-12-01 10:00"),
                ),
            ),
            Event("2027-03-30 10:00", "회원 14 탈퇴", "member 14 leaves", leaves(14, "2027-03-30 10:00")),
            Event(
                "2027-03-31 23:59",
                "4월 1일 0시에 서비스를 닫음",
                "the service closes with this day",
                closes(closed),
            ),
            Event(
                "2027-04-15 12:00",
                "주문 14 이행 완료, 결제 14 정산",
                "order 14 completed, payment 14 settled",
                both(
                    sets("orders", 14, completed_at=instant("2027-04-15 12:00")),
                    sets("payments", 14, settled_at=instant("2027-04-15 12:00")),
                ),
            ),
        ),
        {
            "2027-04-01": (
                "닫힘: 유예 없이 (4-19), 유예 중이던 회원 14도. 주문 13은 분리보관, 주문 14와 결제 14는 기다린다",
                "closed, with no grace left for member 14; order 13 is kept apart, order 14 and its payment wait",
            ),
            "2027-04-16": (
                "이행과 정산: 주문 14, 결제 14 분리보관, 회원 13 파기",
                "completed and settled: both are kept apart, member 13 goes",
            ),
            "2027-06-21": (
                "방문 13: 약속은 6월 20일 일요일까지",
                "visit 13: the promise ends with Sunday 20 June",
            ),
            "2027-06-22": (
                "방문 13: 법은 21일 월요일까지",
                "visit 13: the law ends with Monday 21 June",
            ),
            "2031-12-02": (
                "주문 13: 2031-12-01 월요일까지",
                "order 13: ends with Monday 1 December 2031",
            ),
            "2032-04-16": (
                "주문 14, 결제 14: 2032-04-15 목요일까지",
                "order 14 and payment 14: end with Thursday 15 April 2032",
            ),
        },
    )


def boundaries() -> Story:
    """Midnights, sentinels, conditions and a leaving announced beforehand."""
    names = {21: "정각", 22: "정각 바로 뒤", 23: "정각 바로 앞", 24: "영원", 25: "상태", 26: "예고"}
    joined = "2026-01-02 10:00"
    left = {
        21: ("left", instant("2026-03-02 00:00")),
        22: ("left", instant("2026-03-02 00:00:00.000001")),
        23: ("left", instant("2026-03-01 23:59:59.999999")),
        24: ("left", NEVER),
        25: ("active", instant("2026-02-01 10:00")),
        26: ("left", instant("2026-04-01 00:00")),
    }
    return Story(
        "13-boundaries",
        "자정, 가짜 날짜, 상태, 예고된 탈퇴",
        "Midnights, a date that means never, a status, a leaving announced beforehand",
        (
            Event(
                joined,
                "회원 21–26 가입",
                "members 21 to 26 join",
                adds(*(member(n, name, joined) for n, name in names.items())),
            ),
            Event(
                "2026-03-01 23:59",
                "탈퇴일이 적힘: 21 자정, 22 그 직후, 23 그 직전, 24 9999-12-31, 25 상태는 이용 중, 26 4월 1일로 예고",
                "they leave: 21 at midnight, 22 just after, 23 just before, 24 never, 25 is active, 26 announces it",
                both(*(sets("members", n, status=status, left_at=at) for n, (status, at) in left.items())),
            ),
        ),
        {
            "2026-03-07": (
                "21: 자정의 탈퇴는 3월 2일을 세어 2–6일 (제157조 단서); 23: 3월 1일을 빼고 2–6일",
                "21 counts 2 March itself, 23 leaves out 1 March: both have 2 to 6 March",
            ),
            "2026-03-08": (
                "22: 3월 2일을 빼고 3–7일",
                "22 leaves out 2 March and has 3 to 7 March",
            ),
            "2026-04-06": (
                "26: 4월 1일 자정부터 1–5일",
                "26 counts from midnight of 1 April: 1 to 5 April",
            ),
        },
        looks=("2026-03-02", "2026-04-01"),
    )
