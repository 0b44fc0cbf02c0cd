"""How a published policy calls the words of the policy language's closed lists, in Korean and in English. Pure."""

from collections.abc import Mapping
from typing import Final

from jikim.policy.words import RefusalGround, TransferBasis
from jikim.render.wording import Words

NOT_STATED: Final[Words] = ("밝히지 않음", "not stated")
SINCE: Final[Words] = ("지난 판과 달라진 것", "What has changed since the last version")

TRANSFER_BASES: Final[Mapping[TransferBasis, Words]] = {
    TransferBasis.CONSENT: ("국외 이전에 관한 별도의 동의", "A separate consent to the transfer"),
    TransferBasis.LAW_OR_TREATY: ("법률 또는 조약", "A law or a treaty"),
    TransferBasis.CONTRACT_PUBLISHED: (
        "계약의 이행에 필요한 처리위탁·보관, 처리방침에 공개",
        "Entrustment or storage that the contract needs, published here",
    ),
    TransferBasis.CERTIFIED: ("받는 자의 인증", "Certification of the recipient"),
    TransferBasis.RECOGNISED_COUNTRY: (
        "보호 수준을 인정받은 국가",
        "A country whose protection is recognised",
    ),
}

GROUNDS: Final[Mapping[RefusalGround, Words]] = {
    RefusalGround.LAW_FORBIDS: ("법률이 금지하거나 제한하는 경우", "a law forbids or limits it"),
    RefusalGround.LEGAL_DUTY: ("법령상 의무를 지키기 위한 경우", "a legal duty demands the processing"),
    RefusalGround.HARM_TO_OTHERS: (
        "다른 사람의 생명·신체나 재산, 그 밖의 이익을 해칠 우려가 있는 경우",
        "others' life, body, property or other interests would be harmed",
    ),
    RefusalGround.PUBLIC_TASK: (
        "공공기관의 업무에 중대한 지장이 있는 경우",
        "a public body's task would suffer",
    ),
    RefusalGround.CONTRACT_IMPOSSIBLE: (
        "처리하지 않으면 계약을 이행하기 어렵고 해지 의사가 분명하지 않은 경우",
        "the contract could not be kept and was not clearly ended",
    ),
    RefusalGround.COLLECTION_REQUIRED_BY_LAW: (
        "다른 법령이 수집 대상으로 명시한 경우",
        "another law names the item as one to be collected",
    ),
}
SCOPE: Final[Mapping[str, Words]] = {
    "own-data": ("자신의 개인정보", "one's own data"),
    "items": ("항목과 내용", "items and content"),
    "purpose": ("처리 목적", "purpose"),
    "period": ("보유 및 이용기간", "period"),
    "use-and-provision": ("이용하거나 제공한 현황", "use and provision"),
    "provision": ("제3자 제공 현황", "provision to third parties"),
    "consent": ("동의한 사실과 내용", "what was consented to"),
}
PACES: Final[Mapping[str, Words]] = {
    "at once": ("즉시", "at once"),
    "without delay": ("지체 없이", "without delay"),
}
CHANNELS: Final[Mapping[str, Words]] = {
    "menu": ("서비스 메뉴", "the service's menu"),
    "web": ("홈페이지", "the website"),
    "app": ("앱", "the app"),
    "email": ("이메일", "e-mail"),
    "phone": ("전화", "telephone"),
    "post": ("우편", "post"),
    "fax": ("팩스", "fax"),
    "board": ("게시판", "the board"),
    "private-board": ("비공개 게시판", "the private board"),
    "visit": ("방문", "a visit"),
}
IDENTITY: Final[Mapping[str, Words]] = {
    "sign-in": ("로그인", "signing in"),
    "mailbox-link": ("이메일로 보낸 확인 링크", "a link sent to the mailbox"),
    "stated-address": ("적어 낸 이메일 주소", "the e-mail address stated"),
    "document": ("신분을 증명하는 서류", "a document that proves identity"),
    "phone": ("휴대전화 인증", "verification by telephone"),
}
SOURCES: Final[Mapping[str, Words]] = {
    "self": ("본인이 입력", "given by the person"),
    "automatic": ("이용하면서 자동으로 생성", "arises while the service is used"),
    "generated": ("서비스가 만들어 냄", "made by the service"),
    "another-person": ("다른 사람이 입력", "given by another person"),
    "affiliate": ("제휴사에서 받음", "from an affiliate"),
    "partner-account": ("연동한 다른 서비스에서 받음", "from a linked service"),
    "payment-firm": ("결제회사에서 받음", "from the payment firm"),
    "public": ("공개된 자료에서 얻음", "from public sources"),
}
WAYS: Final[Mapping[str, Words]] = {
    "site": ("홈페이지", "the website"),
    "app": ("앱", "the app"),
    "board": ("게시판", "the board"),
    "email": ("이메일", "e-mail"),
    "phone": ("전화", "telephone"),
    "fax": ("팩스", "fax"),
    "post": ("우편", "post"),
    "event": ("이벤트 응모", "entries to events"),
    "purchase": ("구매와 결제", "purchases"),
    "use": ("서비스 이용", "use of the service"),
    "affiliate": ("제휴사의 제공", "affiliates"),
}
MESSAGES: Final[Mapping[str, Words]] = {
    "email": ("이메일", "e-mail"),
    "sms": ("문자메시지", "text message"),
    "phone": ("전화", "telephone"),
    "push": ("앱 알림", "push message"),
    "post": ("우편", "post"),
    "fax": ("팩스", "fax"),
    "screen": ("서비스 화면", "the service's screens"),
}
PERMISSIONS: Final[Mapping[str, Words]] = {
    "contacts": ("연락처", "contacts"),
    "camera": ("카메라", "camera"),
    "microphone": ("마이크", "microphone"),
    "location": ("위치", "location"),
    "photos": ("사진", "photos"),
    "files": ("파일", "files"),
    "notifications": ("알림", "notifications"),
}
NEVER: Final[Mapping[str, Words]] = {
    "sensitive": ("민감정보", "sensitive data"),
    "unique-identifier": ("고유식별정보", "unique identifiers"),
    "resident-number": ("주민등록번호", "resident registration numbers"),
    "under-14": ("만 14세 미만 아동의 개인정보", "personal data of children under 14"),
}
DERIVED: Final[Mapping[str, Words]] = {
    "keyed-hash": (
        "{}에서 암호 키로 만든, 되돌릴 수 없는 값",
        "a value made from {} with a key, which leads nobody back",
    ),
    "hash": ("{}에서 만든, 되돌릴 수 없는 값", "a value made from {}, which leads nobody back"),
    "truncation": ("{}의 일부", "a part of {}"),
    "aggregation": ("{}에서 합하여 센 값", "a count over {}"),
}
"""With the item that it is made from in place of the braces."""

FORMS: Final[Mapping[str, Words]] = {
    "identified": ("누구인지 알 수 있는 형태로 처리합니다", "processed in a form that identifies people"),
    "pseudonymous": ("가명으로 처리합니다", "processed under a pseudonym"),
    "anonymous": ("누구인지 알 수 없는 형태로 처리합니다", "processed in a form that identifies nobody"),
}
ELECTRONIC: Final[Mapping[str, Words]] = {
    "irrecoverable": ("복구할 수 없는 방법으로 지웁니다", "erased so that it cannot be recovered"),
    "anonymise": ("누구인지 알 수 없게 바꿉니다", "changed so that it identifies nobody"),
}
PAPER: Final[Mapping[str, Words]] = {
    "shred or burn": ("분쇄하거나 태웁니다", "shredded or burnt"),
    "shred and burn": ("분쇄하고 태웁니다", "shredded and burnt"),
}
REFUSED: Final[Mapping[str, Words]] = {
    "written": ("서면으로", "in writing"),
    "oral or written": ("말이나 서면으로", "orally or in writing"),
}
ENTRUSTED: Final[Mapping[str, Words]] = {
    "collection": ("수집", "collection"),
    "storage": ("보관", "storage"),
    "use": ("이용", "use"),
    "provision": ("제공", "provision"),
    "destruction": ("파기", "destruction"),
}
CONTRACTS: Final[Mapping[str, Words]] = {
    "purpose": ("위탁 목적 외의 처리 금지", "no processing beyond the task"),
    "secrecy": ("비밀 유지", "secrecy"),
    "no-provision": ("제3자 제공 금지", "no provision to others"),
    "liability": ("손해배상 등 책임", "liability"),
    "supervision": ("관리·감독", "supervision"),
    "sub-processing": ("재위탁 제한", "limits on sub-processing"),
    "safeguards": ("안전성 확보조치", "safeguards"),
}
SAFETY: Final[Mapping[str, Words]] = {
    "internal-plan": ("내부 관리계획", "Internal plan"),
    "training": ("교육", "Training"),
    "pledge": ("보안서약", "Pledge"),
    "handover": ("업무 인수인계", "Handover of work"),
    "compliance-check": ("이행 점검", "Checks of compliance"),
    "access-control": ("접근 통제", "Access control"),
    "access-record": ("접속기록", "Records of access"),
    "password-one-way": ("비밀번호 등의 일방향 암호화", "One-way storage"),
    "encryption-at-rest": ("저장 암호화", "Encryption in storage"),
    "encryption-in-transit": ("전송 암호화", "Encryption in transit"),
    "malware": ("악성프로그램 방지", "Protection from malware"),
    "intrusion": ("침입 차단", "Protection from intrusion"),
    "backup": ("백업", "Backups"),
    "password-renewal": ("비밀번호 갱신", "Renewal of passwords"),
    "holder-only": ("본인만 접근", "Access by the person alone"),
    "physical": ("물리적 보호", "Physical protection"),
}
"""In the order in which a policy tells them: what people do, then what systems do."""

CHOICES: Final[Mapping[str, Words]] = {
    "allow-all": ("모두 허용", "allow all"),
    "ask-each-time": ("저장될 때마다 확인", "be asked each time"),
    "refuse-all": ("모두 거부", "refuse all"),
    "delete": ("저장된 쿠키 삭제", "delete those stored"),
}
BROWSERS: Final[Mapping[str, Words]] = {
    "chrome": ("크롬", "Chrome"),
    "edge": ("엣지", "Edge"),
    "safari": ("사파리", "Safari"),
    "firefox": ("파이어폭스", "Firefox"),
    "samsung-internet": ("삼성 인터넷", "Samsung Internet"),
    "whale": ("웨일", "Whale"),
    "internet-explorer": ("인터넷 익스플로러", "Internet Explorer"),
}
PLACES: Final[Mapping[str, Words]] = {
    "notices": ("서비스의 공지사항", "in the service's notices"),
    "email": ("이메일", "by e-mail"),
    "app": ("앱 알림", "in the app"),
    "banner": ("홈페이지 배너", "on a banner on the site"),
}
TOLD: Final[Mapping[str, Words]] = {
    "fact": ("이전한다는 사실", "that it happens"),
    "recipient": ("이전받는 자", "who receives the data"),
    "how-to-object": ("원하지 않을 때의 조치 방법", "how to object"),
}

WHEN: Final[Mapping[str, str]] = {
    "membership ended": "the membership ends",
    "consent withdrawn": "consent is withdrawn",
    "deletion requested": "deletion is requested",
    "purpose met": "the purpose is met",
    "period ended": "the stated period ends",
    "service closed": "the service closes",
    "recorded": "it is recorded",
    "last used": "the last use",
    "session ended": "the session ends",
    "contract completed": "the contract is performed or withdrawn from",
    "payment settled": "the payment is settled",
    "supply completed": "the goods or services are supplied",
    "complaint closed": "the complaint is closed",
    "display ended": "the display ends",
    "request received": "the request arrives",
    "request closed": "the request is answered",
    "entrustment ended": "the entrustment ends",
    "link removed": "the link is removed",
    "permission withdrawn": "the device's permission is withdrawn",
    "guardian refused": "the guardian refuses",
    "transaction made": "the transaction is made",
    "relationship ended": "the business relationship ends",
    "return due": "the tax return is due",
    "books closed": "the books are closed",
    "business transferred": "the business is transferred",
}
"""What ends or starts a period, as an English clause after ``until`` or ``after``; Korean takes the trigger's own."""
