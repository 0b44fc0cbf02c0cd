"""What a person may ask for, and what is promised around it: rights, notices, cookies, safety. Pure."""

from collections.abc import Mapping
from typing import Literal

from jikim.policy.parts import (
    ById,
    Clause,
    Flag,
    Ids,
    Keep,
    LocalText,
    NamedClause,
    OneOrMore,
    Stated,
    Text,
    Trigger,
    Within,
)
from jikim.policy.words import (
    Browser,
    Channel,
    IdentityCheck,
    Pace,
    RefusalGround,
    Right,
    Safety,
    Saying,
)
from jikim.shape import Part, checked, enforced, rendered


class Grace(Clause):
    """A state between the end and destruction, in which a mistaken end can be undone."""

    period: Within = enforced("How long, from the trigger.")
    use: Literal["none", "as before"] = checked("What the data may be used for meanwhile.")
    undo: Flag = checked("Whether the person can undo the end meanwhile.")
    because: LocalText | None = rendered("Why it is kept meanwhile.", default=None)


class Destruction(Clause):
    """When and how data is destroyed (파기, 개인정보 보호법 제21조)."""

    when: OneOrMore[Trigger] = checked("The events the text names as ending the keeping.", default=())
    pace: Pace | None = checked("`without delay` or `at once`, where the text says so.", default=None)
    within: Within | None = enforced(
        "The most days between the end of keeping and destruction.", default=None
    )
    grace: Mapping[Trigger, Grace] = enforced("By trigger: a grace, counted inside `within`.", default={})
    exceptions: OneOrMore[Literal["kept-by-law", "internal-policy", "grace"]] = checked(
        "What the text names as exceptions from destruction.", default=("kept-by-law",)
    )
    electronic: Stated[Literal["irrecoverable", "anonymise"]] = enforced("How files and rows are destroyed.")
    paper: Stated[Literal["shred or burn", "shred and burn"]] = rendered("How paper is destroyed.")
    archive: Literal["held-only", "everything"] = enforced(
        "What moves to the archive: only what a law holds, or (a fault) everything.", default="held-only"
    )
    archive_use: Stated[Literal["nothing else"]] = checked(
        "What archived data may be used for beyond the purpose it is kept for.", default="nothing else"
    )
    procedure: LocalText | None = rendered("The procedure in the policy's words.", default=None)


# -- rights -----------------------------------------------------------------------------------------------


class Refusal(Clause):
    """How a refusal is told (개인정보 보호법 제38조⑤, 시행령 제42조②)."""

    within: Within | None = checked("By when.", default=None)
    form: Literal["written", "oral or written"] = checked("In what form.")
    objection: LocalText | None = rendered("How to object to it.", default=None)


class RightRule(Clause):
    """What is promised about one right."""

    granted: Flag = checked("Whether the text grants the right at all.", default=True)
    channels: OneOrMore[Channel] = checked("Where it may be asked.", default=())
    menu: LocalText | None = rendered("The menu where the person does it alone.", default=None)
    scope: OneOrMore[
        Literal["own-data", "items", "purpose", "period", "use-and-provision", "provision", "consent"]
    ] = checked("What access covers.", default=())
    registered: Pace | None = checked("How fast a request is written down.", default=None)
    act: Pace | None = checked("How fast it is acted on.", default=None)
    answer: Within | None = checked("By when the result is told.", default=None)
    confirm: Flag = checked("Whether the person is told that it was done.", default=False)
    freeze: Flag = checked(
        "Whether the data is neither used nor provided until the case is closed.", default=False
    )
    tell: Literal["recipients", "recipients without delay"] | None = checked(
        "Who else is told the result.", default=None
    )
    refuse: OneOrMore[RefusalGround] = checked("On what grounds it may be refused.", default=())
    refuse_as: LocalText | None = rendered("What the text calls those grounds.", default=None)
    steps: LocalText | None = rendered("The steps in the policy's words.", default=None)


class Rights(Part):
    """The rights of the person (정보주체의 권리, 개인정보 보호법 제35조–제38조)."""

    identity: OneOrMore[IdentityCheck] = checked(
        "How it is made sure that the asker is the person.", default=()
    )
    identity_limit: Literal["no more than at collection"] | None = checked(
        "The most that may be demanded to prove identity (시행령 제46조).", default=None
    )
    agent: Flag = checked("Whether someone with a written mandate may ask.", default=False)
    guardian: OneOrMore[Right] = checked("Which rights a guardian may use for a child.", default=())
    refusal: Refusal | None = checked("How a refusal is told.", default=None)
    access: RightRule | None = checked("열람.", default=None)
    correction: RightRule | None = checked("정정.", default=None)
    deletion: RightRule | None = checked("삭제.", default=None)
    suspension: RightRule | None = checked("처리정지.", default=None)
    withdrawal: RightRule | None = checked("동의 철회.", default=None)
    leaving: RightRule | None = checked("회원 탈퇴.", default=None)
    transmission: RightRule | None = checked("전송 요구.", default=None)
    automated_decision: RightRule | None = checked(
        "자동화된 결정에 대한 거부·설명 요구.", default=None, alias="automated-decision"
    )

    @property
    def rules(self) -> Mapping[Right, RightRule]:
        """The rights the text speaks of."""
        spoken = {right: getattr(self, right.value.replace("-", "_")) for right in Right}
        return {right: rule for right, rule in spoken.items() if rule is not None}


class Children(Clause):
    """Children under 14 (개인정보 보호법 제22조의2)."""

    under: Literal[14] = checked("Full years of age.", default=14)
    policy: Stated[Literal["refuse", "guardian-consent"]] = checked("Whether their data is taken at all.")
    check: LocalText | None = rendered("How age, or the guardian's consent, is made sure of.", default=None)
    if_found: Pace | None = checked("How fast such data is destroyed once found.", default=None)


# -- telling people ---------------------------------------------------------------------------------------


class Notice(Clause):
    """How a change of the policy is announced (표준 개인정보 보호지침 제21조)."""

    ordinary: Within = checked("The least time before an ordinary change.")
    significant: Within | None = checked("The least time before a change that matters.", default=None)
    with_reasons: Flag = checked("Whether the reason is told.", default=False)
    with_comparison: Flag = checked("Whether before and after are shown side by side.", default=False)
    where: OneOrMore[Literal["notices", "email", "app", "banner"]] = checked(
        "Where it is announced.", default=()
    )
    consent: Literal["required", "optional"] | None = checked(
        "What is said about new consent where consent was the basis (제15조②).", default=None
    )
    left_to_reader: Flag = checked("Whether the reader is told to look again at each visit.", default=False)


class Cookie(NamedClause):
    """One cookie, or one kind of them."""

    purpose: LocalText = rendered("What it is for.")
    keep: Keep = checked("When it ends.")
    needed: Flag = checked("Whether the service cannot work without it.")
    third_party: LocalText | None = rendered("Who else sets or reads it.", default=None)


class RefusalSteps(Part):
    """How cookies are refused in one browser."""

    browser: Browser = checked("The browser.")
    steps: LocalText = rendered("The steps.")


class Cookies(Clause):
    """Devices that collect automatically, and how to refuse them (개인정보 보호법 제30조①7)."""

    used: Flag = checked("Whether any are used.")
    explanation: LocalText | None = rendered("What a cookie is.", default=None)
    purposes: tuple[LocalText, ...] = checked("What they are used for, as the text says.", default=())
    identifying: Flag | None = checked("Whether the text says that they identify a person.", default=None)
    tracking: Flag = checked("Whether the text says that people are followed for advertising.", default=False)
    each: ById[Cookie] = checked("The register of cookies.", default={})
    choices: OneOrMore[Literal["allow-all", "ask-each-time", "refuse-all", "delete"]] = checked(
        "What a person may choose.", default=()
    )
    refuse: tuple[RefusalSteps, ...] = checked("How to refuse, by browser.", default=())
    effect: LocalText | None = rendered("What refusing means.", default=None)


# -- safety and text --------------------------------------------------------------------------------------


class Safeguard(NamedClause):
    """One measure that keeps data safe (안전성 확보조치, 개인정보 보호법 제29조)."""

    kind: Safety = checked("The kind of measure.")
    text: LocalText = rendered("The promise in the policy's words.")
    items: Ids = checked("The items it names; none means all.", default=())
    every: Within | None = checked("How often it is repeated.", default=None)
    act: Pace | None = checked("How fast a fault is mended.", default=None)


class Statement(Clause):
    """Words that nothing can enforce: shown, and never claimed as enforced."""

    kind: Saying = checked("What kind of words.")
    text: LocalText = rendered("The words.")
    cites: tuple[Text, ...] = checked("Laws and schemes it names, as written.", default=())


class Contact(Part):
    """A person by role, a department, and how to reach them (개인정보 보호법 제30조①6)."""

    title: LocalText | None = rendered("The role, as the text calls it.", default=None)
    department: LocalText | None = rendered("The department.", default=None)
    phone: Text | None = rendered("Telephone.", default=None)
    email: Text | None = rendered("E-mail.", default=None)
    post: LocalText | None = rendered("Postal address.", default=None)
    web: Text | None = rendered("Address of a form.", default=None)


class Contacts(Part):
    """The officer, the desk for complaints, and the desk for access."""

    officer: Contact | None = checked("개인정보 보호책임자.", default=None)
    handler: Contact | None = checked("고충처리 담당자 또는 부서.", default=None)
    access_desk: Contact | None = checked("열람청구를 접수·처리하는 부서.", default=None)


class Agency(Part):
    """Where else a person may turn (권익침해 구제방법)."""

    name: LocalText = checked("Name, as written.")
    run_by: LocalText | None = checked("Who runs it, as written.", default=None)
    url: Text | None = checked("Web address.", default=None)
    phone: Text | None = checked("Telephone.", default=None)
