"""The root of every error jikim raises on purpose. Pure.

A message follows one written standard: lower case, the reader's own words in backticks, what is wrong
and why; the remedy stands apart in ``fix``. No message carries personal data.
"""


class JikimError(Exception):
    """Something a person can mend.

    :param message: what is wrong, and why.
    :param fix: what to do about it; empty when the message already says it.
    """

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix
