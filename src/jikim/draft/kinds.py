"""What columns hold, as data: items a policy may name, and by which words and forms a column gives them away. Pure.

One entry a kind. ``plain`` words hardly ever mean anything else; ``maybe`` words mean it in a table about people.
Among them are the abbreviations of Korea's public standard terms (``mbtlno``, ``rrno``) and romanised Korean.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jikim.draft.values import Form
from jikim.draft.words import glued
from jikim.policy.words import DataCategory as C


@dataclass(frozen=True)
class Item:
    """An item of a policy, as a draft declares it."""

    ko: str
    en: str
    category: C
    protect: str = ""


ITEMS: Final[Mapping[str, Item]] = {
    "name": Item("이름", "Name", C.IDENTITY),
    "nickname": Item("별명", "Nickname", C.IDENTITY),
    "login-id": Item("로그인 아이디", "Sign-in name", C.IDENTITY),
    "linking-value": Item("연계정보(CI·DI)", "Value that links identity checks (CI, DI)", C.IDENTITY),
    "outside-account": Item("외부 계정 식별자", "Account of another service", C.IDENTITY),
    "photo": Item("사진", "Photograph", C.IDENTITY),
    "email": Item("이메일", "E-mail", C.CONTACT),
    "phone": Item("전화번호", "Telephone", C.CONTACT),
    "address": Item("주소", "Address", C.CONTACT),
    "birth-date": Item("생년월일", "Date of birth", C.DEMOGRAPHIC),
    "sex": Item("성별", "Sex", C.DEMOGRAPHIC),
    "nationality": Item("국적", "Nationality", C.DEMOGRAPHIC),
    "occupation": Item("직업·소속", "Occupation", C.DEMOGRAPHIC),
    "education": Item("학력", "Education", C.DEMOGRAPHIC),
    "family": Item("혼인·가족", "Marriage and family", C.DEMOGRAPHIC),
    "income": Item("소득·급여", "Income", C.DEMOGRAPHIC),
    "sensitive": Item("민감정보", "Sensitive data", C.SENSITIVE),
    "resident-number": Item("주민등록번호", "Resident number", C.RESIDENT_NUMBER, "encrypted"),
    "foreigner-number": Item("외국인등록번호", "Foreigner's number", C.UNIQUE_IDENTIFIER, "encrypted"),
    "passport-number": Item("여권번호", "Passport number", C.UNIQUE_IDENTIFIER, "encrypted"),
    "licence-number": Item("운전면허번호", "Driver's licence", C.UNIQUE_IDENTIFIER, "encrypted"),
    "business-number": Item("사업자등록번호", "Business number", C.IDENTITY),
    "card": Item("신용카드번호", "Card number", C.PAYMENT, "encrypted"),
    "bank-account": Item("계좌번호", "Bank account", C.PAYMENT, "encrypted"),
    "payment-token": Item("결제 토큰", "Payment token", C.PAYMENT, "encrypted"),
    "password": Item("비밀번호", "Password", C.CREDENTIAL, "one-way"),
    "session-token": Item("로그인 세션·인증값", "Sign-in session and tokens", C.CREDENTIAL),
    "ip": Item("접속 IP 주소", "IP address", C.NETWORK),
    "browser": Item("브라우저·운영체제", "Browser and operating system", C.DEVICE),
    "device": Item("기기 식별정보", "Device identifier", C.DEVICE),
    "cookie": Item("쿠키", "Cookie", C.DEVICE),
    "location": Item("위치정보", "Location", C.LOCATION),
    "usage": Item("서비스 이용 기록", "Use of the service", C.USAGE),
    "search-terms": Item("검색어", "Search terms", C.USAGE),
    "interests": Item("관심·선호", "Interests and preferences", C.PREFERENCE),
    "consent-record": Item("동의 기록", "Record of consents", C.RECORD),
    "member-record": Item("회원 관련 기록", "Records about the person", C.RECORD),
    "order-history": Item("주문·예약 내역", "Orders and bookings", C.TRANSACTION),
    "payment-record": Item("결제·환불 기록", "Payments and refunds", C.TRANSACTION),
    "support-content": Item("문의·상담 내용", "What was written to support", C.COMMUNICATION),
    "messages": Item("주고받은 메시지·알림", "Messages and notices", C.COMMUNICATION),
    "posts": Item("게시물·후기", "What people write", C.CONTENT),
    "free-text": Item("자유롭게 적은 글", "Text written freely", C.CONTENT),
    "entry-answers": Item("응모·설문 응답", "Answers to events and surveys", C.PREFERENCE),
    "employment-record": Item("인사·근무 기록", "Employment records", C.RECORD),
}
"""Everything a draft may declare; ids are those of `policy.yaml`."""


@dataclass(frozen=True)
class Kind:
    """How a column of one item gives itself away.

    :param forms: what its values look like; one that is ``telling`` speaks for itself, without a name.
    :param families: the types of column it may stand in: ``text``, ``number``, ``time``, ``json``, ``flag``, or the
        store's own name of a type.
    :param coded: whether a code in a table of codes is the thing itself (``gender_code``).
    """

    item: str
    plain: frozenset[str]
    maybe: frozenset[str] = frozenset()
    forms: frozenset[Form] = frozenset()
    telling: bool = False
    families: frozenset[str] = frozenset({"text"})
    coded: bool = False
    automatic: bool = False

    @cached_property
    def phrases(self) -> frozenset[str]:
        """Every word that speaks of it."""
        return self.plain | self.maybe


def _kind(
    item: str,
    plain: str,
    maybe: str = "",
    *,
    families: str = "text",
    tells: Set[Form] = frozenset(),
    looks: Set[Form] = frozenset(),
    coded: bool = False,
    automatic: bool = False,
) -> Kind:
    """An entry: ``tells`` are forms that speak for themselves, ``looks`` such as only confirm a name."""
    forms, in_types = frozenset(tells | looks), frozenset(families.split())
    return Kind(item, glued(plain), glued(maybe), forms, bool(tells), in_types, coded, automatic)


KINDS: Final[tuple[Kind, ...]] = (
    # -- numbers that identify: before all else, since nothing is worse to overlook
    _kind(
        "resident-number",
        "resident_number resident_registration_number resident_no rrn rrno ssn jumin jumin_no "
        "juminno ihidnum "
        "social_security_number national_id 주민등록번호 주민번호 주민",
        families="text number",
        tells={Form.RESIDENT},
    ),
    _kind(
        "foreigner-number",
        "alien_registration_number foreigner_number foreigner_no 외국인등록번호 외국인번호 거소신고번호",
        families="text number",
        tells={Form.FOREIGNER},
    ),
    _kind(
        "passport-number",
        "passport passport_number passport_no psprno 여권 여권번호",
        tells={Form.PASSPORT},
    ),
    _kind(
        "licence-number",
        "driver_license driver_licence drivers_license driving_licence driving_license "
        "license_number licence_number "
        "lcnsno 면허 운전면허 운전면허번호 면허번호",
        "license licence",
        tells={Form.LICENCE},
    ),
    _kind(
        "card",
        "card_number card_no cardno credit_card credit_card_number cc_number pan cvc cvv crdno "
        "card_num 카드번호 신용카드 "
        "신용카드번호",
        "card 카드",
        families="text number",
        tells={Form.CARD},
    ),
    _kind(
        "bank-account",
        "account_number account_no acctno actno bacnt iban bank_account bank_account_number "
        "acct_no acc_number "
        "계좌 계좌번호 환불계좌",
        "bank acct 은행",
        families="text number",
        looks={Form.ACCOUNT},
    ),
    _kind(
        "business-number",
        "business_number business_registration_number biz_no bizno bizrno brno biz_number "
        "company_number vat_number "
        "vat_id tax_id 사업자번호 사업자등록번호",
        families="text number",
        tells={Form.BUSINESS},
    ),
    _kind(
        "linking-value",
        "ipin dupinfo connecting_information duplicate_information 연계정보 중복가입확인정보",
        "ci di",
    ),
    # -- secrets
    _kind(
        "password",
        "password passwd pwd pswd passphrase password_hash encrypted_password password_digest "
        "password_hint pwd_hint password_cnsr salt secret_answer "
        "비밀번호 암호 패스워드",
        "pass pin pw",
        families="text number bytea",
        looks={Form.ONE_WAY},
    ),
    _kind(
        "payment-token",
        "payment_token billing_key billkey card_token stripe_customer_id payment_method_token "
        "빌링키 결제토큰",
    ),
    _kind(
        "device",
        "device_id device_token push_token fcm_token apns_token registration_id imei mac "
        "mac_address adid idfa gaid "
        "android_id 기기번호 단말기 기기식별번호",
        "device 기기 단말",
        families="text uuid macaddr",
        automatic=True,
    ),
    _kind(
        "session-token",
        "token session_key session_id session_token session_data access_token refresh_token "
        "id_token api_key apikey "
        "auth_token remember_token reset_token otp otp_code totp totp_secret otp_secret "
        "verification_code "
        "confirmation_token csrf_token token_hash token_checksum token_secret code_verifier "
        "authorization_code "
        "recovery_code 토큰 세션 인증번호 인증코드 인증키",
        "session secret key nonce code_challenge jti key_hash",
        families="text uuid bytea json number",
        automatic=True,
        looks={Form.TOKEN, Form.ONE_WAY},
    ),
    # -- traces
    _kind(
        "ip",
        "ip ip_address ip_addr ipaddr ipaddress remote_addr remote_ip client_ip remote_address "
        "source_ip ip_number "
        "아이피 접속아이피",
        families="text inet cidr number",
        automatic=True,
        tells={Form.IP},
    ),
    _kind(
        "browser",
        "user_agent useragent ua browser 브라우저",
        "os agent",
        automatic=True,
        tells={Form.USER_AGENT},
    ),
    _kind("cookie", "cookie cookies 쿠키", automatic=True, families="text json"),
    _kind(
        "location",
        "latitude longitude lat lng geolocation coordinates gps lat_lng geo_point 위도 경도 위치 "
        "좌표 위치정보",
        "location lon geo geom",
        families="text number json geometry geography point",
        automatic=True,
        looks={Form.COORDINATES},
    ),
    _kind(
        "usage",
        "last_login last_seen last_login_at login_at last_visit last_visit_at last_active "
        "last_activity login_count "
        "visit_count referrer referer last_access sign_in_count last_sign_in_at current_sign_in_at "
        "today_login "
        "마지막접속 최근접속 접속일시 방문일시 최종로그인",
        "path url uri page",
        families="text number time",
        automatic=True,
    ),
    _kind(
        "search-terms",
        "search_term search_query search_keyword 검색어",
        "search query keyword keywords q",
        automatic=True,
    ),
    # -- who somebody is
    _kind(
        "email",
        "email e_mail email_address mail_address eml eml_addr email_adres emails 이메일 전자우편 "
        "메일주소 이메일주소",
        "mail 메일",
        tells={Form.EMAIL},
    ),
    _kind(
        "phone",
        "phone mobile cellphone cell_phone telephone tel telno hp hp_no handphone mobile_phone "
        "phone_number area_no mbtlno mbtlnum "
        "moblphon moblphon_no celno cphone contact_number fax faxno fxnum msisdn whatsapp "
        "smartphone mphone 전화 전화번호 "
        "휴대폰 휴대전화 핸드폰 연락처 휴대폰번호 휴대전화번호 팩스",
        "contact cell",
        families="text number",
        tells={Form.PHONE},
    ),
    _kind(
        "login-id",
        "username user_name login login_id login_name userid mb_id mber_id account_name screenname "
        "usernm loginid 아이디 "
        "회원아이디 로그인아이디",
        "account user_id emplyr_id",
        looks={Form.WORD},
    ),
    _kind("nickname", "nickname nick nick_name ncnm screen_name 닉네임 별명", "display_name alias handle"),
    _kind(
        "outside-account",
        "kakao_id naver_id google_id facebook_id apple_id github_id twitter_id provider_uid "
        "provider_user_id social_id "
        "openid sns_id oauth_id slack_id telegram_id social_uid",
        "uid sub",
        families="text number",
    ),
    _kind(
        "name",
        "first_name last_name full_name surname given_name family_name middle_name real_name "
        "customer_name member_name "
        "recipient_name receiver_name sender_name contact_name fname lname cardholder "
        "account_holder buyer_name orderer "
        "patient_name employee_name student_name emp_name mber_nm user_nm cust_nm wrter_nm ntcr_nm "
        "cxfc title_of_courtesy flnm irum kor_name eng_name realname "
        "mb_name rcvr_nm recipient 이름 성명 성함 실명 예금주 수령인 수취인 받는사람 받는분 "
        "보내는사람 주문자 주문자명 회원명 고객명 "
        "사용자명 담당자명 작성자명 한글이름 영문이름 환자명 직원명",
        "name nm receiver sender holder author_name writer_name author writer forename 명 작성자 "
        "담당자 수신자 발신자",
        looks={Form.NAME},
    ),
    _kind(
        "address",
        "address addr adres juso street street_address home_address postal_address "
        "shipping_address billing_address daddr "
        "residence zip zipcode zip_code postcode post_code postal_code road_address jibun "
        "house_adres 주소 상세주소 도로명주소 "
        "지번주소 거주지 배송지 우편번호 자택주소",
        "city region province district county town line sigungu sido 시도 시군구 읍면동 도시 state "
        "country_code",
        families="text number json",
        tells={Form.ADDRESS},
    ),
    _kind(
        "birth-date",
        "birth_date birthdate birthday birth dob date_of_birth brdt brthdy bday birth_year "
        "birth_day birth_month age "
        "year_of_birth 생년 생년월일 생일 출생일 출생연도 나이 연령",
        families="text number time",
        looks={Form.BIRTH},
    ),
    _kind("sex", "sex gender sexdstn 성별", families="text number", coded=True, looks={Form.SEX}),
    _kind("nationality", "nationality citizenship 국적", "country 국가", coded=True, families="text number"),
    _kind(
        "sensitive",
        "religion race ethnicity disability health blood_type bloodtype disease diagnosis medical "
        "political criminal "
        "allergy allergies symptom prescription pregnancy 종교 인종 장애 혈액형 병력 질병 진단 "
        "건강 노조 알레르기 처방",
        coded=True,
        families="text number json flag",
    ),
    _kind(
        "occupation",
        "occupation job_title contact_title profession employer 직업 직책 직위 직급 소속",
        "job position company company_name cmpny_nm organization organisation department 회사 부서",
        coded=True,
    ),
    _kind("education", "education alma_mater degree 학력 학교 전공", "school major university 학과"),
    _kind(
        "family",
        "marital marital_status married spouse 결혼 배우자 혼인 가족",
        coded=True,
        families="text number flag",
    ),
    _kind("income", "salary income wage annual_income base_pay 급여 연봉 소득 월급", families="text number"),
    _kind(
        "photo",
        "photo photo_path photo_url avatar_url image_url avatar picture portrait profile_image "
        "profile_photo profile_picture selfie signature face profile_img "
        "사진 프로필사진 서명 얼굴 프로필이미지",
        "image img icon",
        families="text bytea",
    ),
    _kind(
        "interests",
        "interests hobby hobbies 관심분야 관심사 취미",
        "preferences preference favorite favourite 관심",
        families="text json",
    ),
    _kind(
        "consent-record",
        "consent agreed_at consented_at terms_agreed marketing_agreed marketing_agree opt_in "
        "opted_in agreed_terms "
        "accepts_marketing marketing_consent sms_agree email_agree mb_mailling mb_sms 동의 "
        "수신동의 약관동의 마케팅동의 동의일시",
        "agree agreed terms accepted agreement newsletter",
        families="text time flag number",
    ),
    # -- what somebody writes: which item it is, the table says
    _kind(
        "free-text",
        "memo note notes comment comments remark remarks bio biography introduction about_me "
        "self_introduction "
        "special_request delivery_memo request_memo 메모 비고 자기소개 특이사항 요청사항 배송메모 "
        "상담내용 문의내용",
        "description body content contents message text about question answer reply feedback "
        "reason detail details review "
        "title subject summary headline excerpt response opinion caption cn sj 내용 본문 제목 소개 "
        "답변 사유 후기 질문 의견",
        families="text json",
        looks={Form.PROSE},
    ),
)
"""Tried in order where two fit equally well."""

AUTOMATIC: Final = frozenset(kind.item for kind in KINDS if kind.automatic)
"""Items that arise while the service is used."""
