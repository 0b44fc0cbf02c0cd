"""Entries of recipients, as the examples of several rules have them: each rule varies what it is about. Pure."""


def given_to_a_courier(*, basis: str = "consent", keep: str = "until purpose met") -> str:
    """Data given to a courier."""
    return f"""
provisions:
  courier:
    recipient: {{name: Example Parcels, country: KR}}
    basis: {basis}
    purpose: {{ko: 상품의 배송, en: Delivery}}
    items: [name]
    keep: {keep}
"""


def entrusted_to_a_mailer(
    *,
    processor: str = "{name: Example Mail, country: KR}",
    keep: str = "{until first of: [membership ended, consent withdrawn, entrustment ended]}",
    contract: str = "[purpose, secrecy, no-provision, liability, supervision, sub-processing, safeguards]",
) -> str:
    """Letters sent by somebody else."""
    return f"""
entrustments:
  mail:
    processor: {processor}
    tasks: {{ko: 이메일 발송, en: Sending e-mail}}
    items: [email]
    keep: {keep}
    contract: {contract}
"""
