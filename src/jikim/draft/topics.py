"""What tables are about, as data: the people they list, and the part of a service they belong to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jikim.draft.words import glued


@dataclass(frozen=True)
class People:
    """A kind of people that a service keeps a table of.

    :param sure: whether a table of that name can hardly be about anything else than people served or employed.
    """

    ko: str
    en: str
    words: frozenset[str]
    sure: bool = True


def _people(ko: str, en: str, words: str, *, sure: bool = True) -> People:
    return People(ko, en, glued(words), sure)


PEOPLE: Final[Mapping[str, People]] = {
    "member": _people(
        "회원", "Member", "member user mber mbr usr mb 회원 사용자 이용자 유저 mberinfo gnrlmber"
    ),
    "customer": _people(
        "고객", "Customer", "customer client buyer shopper cust consumer passenger 고객 구매자 손님 구독자"
    ),
    "employee": _people(
        "임직원",
        "Employee",
        "employee staff emp worker admin operator administrator emplyr emplyrinfo salesperson 직원 "
        "사원 임직원 관리자 운영자",
    ),
    "student": _people("학생", "Student", "student pupil learner 학생 수강생"),
    "teacher": _people("교직원", "Teacher", "teacher instructor professor tutor 교사 강사 교수"),
    "patient": _people("환자", "Patient", "patient 환자"),
    "driver": _people("기사", "Driver", "driver rider courier 기사 라이더"),
    "applicant": _people("지원자", "Applicant", "applicant candidate 지원자 신청자 응모자"),
    "guest": _people("비회원", "Guest", "guest 비회원 투숙객"),
    "subscriber": _people("구독자", "Subscriber", "subscriber 구독자"),
    "person": _people("개인", "Person", "person individual 사람 인물 개인"),
    "account": _people("계정", "Account", "account 계정", sure=False),
    "contact": _people("연락처의 사람", "Contact", "contact lead prospect 연락처", sure=False),
    "supplier": _people(
        "거래처 담당자",
        "Supplier",
        "supplier vendor seller merchant shipper 공급자 판매자 거래처",
        sure=False,
    ),
    "author": _people(
        "저자·출연자", "Author or performer", "author actor artist performer 저자 배우", sure=False
    ),
}
"""By the id that a policy gives them. A table is one of theirs when its name ends with one of the words."""

PROFILES: Final = glued(
    "profile detail details info information setting settings preference account emailaddress "
    "프로필 정보 상세"
)
"""What a table is called that says more about the people of another, one row each."""
OWNING: Final = glued(
    "owner holder author writer poster payer requester participant attendee sender recipient receiver "
    "creator voter follower subject target ntcr wrter conect register 작성자 주문자 구매자 신청자 "
    "소유자 받는사람"
)
"""Columns called so point to the person whose row it is."""
HANDLING: Final = glued(
    "supplier vendor created updated modified deleted approved edited assigned assignee handler "
    "reviewer moderator locked changed uploader "
    "first last latest current default primary operator manager rep reporter updusr updr mdfr "
    "lastupdusr processed closed by admin "
    "staff employee salesperson supportrep reportsto latestrevision head invited inviter referrer "
    "parent 등록자 수정자 처리자 "
    "담당자 관리자 승인자"
)
"""Columns called so point to somebody who did something to the row, which is hardly the person it is about."""


@dataclass(frozen=True)
class Topic:
    """A part of a service, which becomes one processing of the policy.

    :param words: of a table's name; the last word counts before the others.
    :param weak: whether such a word may stand beside that of another topic: ``support_posts`` are support.
    :param item: what its rows are, beside what each column shows of itself; ``text`` what is written in them.
    :param trigger: the fact that ends it, where a column dates that fact; else the end of the membership does.
    :param purpose: how policies put it; suggested, never promised.
    """

    words: frozenset[str]
    item: str
    text: str
    purpose: tuple[str, str]
    trigger: str = ""
    weak: bool = False


def _topic(
    words: str, item: str, text: str, purpose: tuple[str, str], *, trigger: str = "", weak: bool = False
) -> Topic:
    return Topic(glued(words), item, text, purpose, trigger, weak)


TOPICS: Final[Mapping[str, Topic]] = {
    "sign-in": _topic(
        "session token login otp totp oauth grant credential apikey emailconfirmation "
        "passwordreset authenticator "
        "socialaccount socialtoken refreshtoken accesstoken idtoken device signin 세션 토큰 로그인 인증",
        "session-token",
        "session-token",
        ("로그인 상태 유지와 계정 보호", "To keep people signed in and accounts safe"),
        trigger="session ended",
    ),
    "consent-proof": _topic(
        "consent agreement terms optin 동의 약관",
        "consent-record",
        "consent-record",
        ("동의와 철회 사실의 증명", "To prove consents and withdrawals"),
    ),
    "settlement": _topic(
        "payment transaction charge refund billing settlement payout wallet bankcard invoice "
        "receipt 결제 환불 정산 입금 영수증",
        "payment-record",
        "payment-record",
        ("요금 결제와 정산, 환불", "To charge, settle and refund"),
    ),
    "purchase": _topic(
        "order cart basket purchase sale rental booking reservation checkout subscription shipping "
        "shipment delivery voucher "
        "coupon 주문 장바구니 예약 구매 대여 청약 배송 쿠폰",
        "order-history",
        "order-history",
        ("재화·서비스의 판매와 제공", "To sell and supply"),
    ),
    "support": _topic(
        "support ticket inquiry enquiry question qna complaint contactmessage contactus help "
        "faqrequest qa 문의 상담 민원 고객센터",
        "support-content",
        "support-content",
        ("문의·불만의 접수와 처리", "To receive and answer questions and complaints"),
        trigger="purpose met",
    ),
    "messages": _topic(
        "message email emailmessage chat notification alert mail letter dm communicationevent "
        "emailqueue sms push talk 쪽지 메시지 채팅 알림 문자",
        "messages",
        "messages",
        ("메시지와 알림의 전달", "To pass on messages and notices"),
        weak=True,
    ),
    "newsletter": _topic(
        "newsletter mailing campaign subscriber newslettersubscription 뉴스레터 구독 소식지",
        "consent-record",
        "messages",
        ("소식과 광고성 정보의 전송", "To send news and advertising"),
        trigger="consent withdrawn",
    ),
    "community": _topic(
        "post comment review reply article thread topic blog bbs like vote rating follow bookmark "
        "favorite favourite "
        "wishlist wishlistline write scrap memo productreview 게시글 게시물 댓글 후기 리뷰 글 좋아요 찜",
        "posts",
        "posts",
        ("게시물·후기의 작성과 공개", "To let people write and be read"),
        weak=True,
    ),
    "events": _topic(
        "entry application survey answer response participant submission formsubmission 응모 설문 신청 참여",
        "entry-answers",
        "entry-answers",
        ("이벤트·설문의 접수와 안내", "To take entries and answers"),
        trigger="purpose met",
        weak=True,
    ),
    "abuse-prevention": _topic(
        "abuse sanction ban block blacklist report 제재 차단 신고 부정이용",
        "member-record",
        "member-record",
        ("부정 이용의 방지와 제재", "To prevent and answer abuse"),
    ),
    "employment": _topic(
        "salary payroll attendance leave department deptemp deptmanager title territory "
        "employeeterritory 급여 근태 인사 휴가",
        "employment-record",
        "employment-record",
        ("인사·급여 관리", "To employ and pay"),
    ),
    "statistics": _topic(
        "log access visit activity hit pageview event search record usage userproductview "
        "usersearch userrecord 로그 접속 이력 "
        "방문 검색",
        "usage",
        "usage",
        ("이용 기록의 보관과 분석", "To keep and count how the service is used"),
        trigger="recorded",
        weak=True,
    ),
}
"""By the id that a policy gives the processing; in the order in which two equally fitting ones are chosen."""

LOGS: Final = glued("log visit hit access 로그 접속")
"""Last words that make a table a log, whatever it logs."""

MEMBERSHIP: Final = Topic(
    frozenset(),
    "member-record",
    "free-text",
    ("회원의 가입·식별·관리", "To register, recognise and manage people"),
)
"""What tables of people and their profiles are for, and what no other topic claims."""

HISTORIES: Final = glued("history historical audit version revision archive hist 이력 변경이력")
"""Tables called so repeat the rows of another."""


def named_topic(said: Sequence[str]) -> tuple[str, Topic] | None:
    """The part of a service that the words of a table's name speak of; the last word speaks first."""
    if not said:
        return None
    ends = ["".join(said[-2:]), *reversed(said)]
    if said[-1] in LOGS:
        return "statistics", TOPICS["statistics"]
    if said[-1] in PROFILES and ends[0] not in TOPICS["sign-in"].words:
        return "membership", MEMBERSHIP
    for weak in (False, True):
        for phrase in ends:
            for id, topic in TOPICS.items():
                if topic.weak is weak and phrase in topic.words:
                    return id, topic
    return None
