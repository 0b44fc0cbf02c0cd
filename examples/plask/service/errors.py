"""What the application refuses. Pure. No message carries personal data."""


class PlaskError(Exception):
    """The application's own refusal."""


class AddressTakenError(PlaskError):
    """The address has an account, perhaps one that was left and is still locked."""


class SignUpRefusedError(PlaskError):
    """The address was used for an account not long ago: the number of sign-ups is limited."""


class SignInRefusedError(PlaskError):
    """Address and password do not open an account."""


class UndoRefusedError(PlaskError):
    """Nothing to undo: never left, too late, or the password is wrong."""


class NotFoundError(PlaskError):
    """There is no such row, or none the service may still see."""
