"""The use cases of accounts: load, decide, save."""

from lien.accounts.service.accounts import Accounts
from lien.accounts.service.administrations import Administered, Administrations
from lien.accounts.service.devices import Devices
from lien.accounts.service.enrolments import Enrolments
from lien.accounts.service.guests import Guests
from lien.accounts.service.passkeys import Passkeys, SignIn
from lien.accounts.service.pins import Pins
from lien.accounts.service.recoveries import Recoveries
from lien.accounts.service.sessions import Sessions, SessionTimes
from lien.accounts.service.situations import Situations
from lien.accounts.service.sponsorships import Invited, Sponsorships
from lien.accounts.service.standings import Reconciled, Standings
from lien.accounts.service.transfers import MAX_LETTER_BYTES, Transfers

__all__ = [
    "MAX_LETTER_BYTES",
    "Accounts",
    "Administered",
    "Administrations",
    "Devices",
    "Enrolments",
    "Guests",
    "Invited",
    "Passkeys",
    "Pins",
    "Reconciled",
    "Recoveries",
    "SessionTimes",
    "Sessions",
    "SignIn",
    "Situations",
    "Sponsorships",
    "Standings",
    "Transfers",
]
