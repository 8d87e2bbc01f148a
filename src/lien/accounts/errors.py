"""
What can go wrong with accounts, each with the stable code of docs/protocol.md.

* `Malformed`
    * `PrfLeaked`           prf_leaked
* `Refused`
    * `NotSignedIn`         not_signed_in, 401
    * `FreshSignInNeeded`   fresh_sign_in_needed, 401
    * `BadPasskey`          bad_passkey, 401
    * `ProviderFailed`      provider_failed
    * `NotInDirectory`      not_in_directory
    * `NoRpps`              no_rpps
    * `TestIdentity`        test_identity
    * `InvitationOver`      invitation_over
    * `MayNotInvite`        may_not_invite
    * `NotAdministrator`    not_an_administrator
    * `DeviceRevoked`       device_revoked
    * `AccountSuspended`    account_suspended
    * `AccountClosed`       account_closed
* `Conflict`
    * `AccountExists`       account_exists
    * `ChainMoved`          chain_moved
    * `SituationNeeded`     situation_needed
    * `TooManyLeave`        too_many_leave
* `Overloaded`
    * `ProviderUnreachable` provider_unreachable
    * `TooManyAttempts`     too_many
"""

from lien.errors import Conflict, Malformed, Overloaded, Refused


class PrfLeaked(Malformed):
    """The request carried a PRF output: the client is broken, nothing of it was kept."""

    code = "prf_leaked"


class NotSignedIn(Refused):
    """No session or flow, an ended one, or a wrong proof; never says which."""

    code = "not_signed_in"


class FreshSignInNeeded(Refused):
    """The provider has not vouched for the person recently enough."""

    code = "fresh_sign_in_needed"


class BadPasskey(Refused):
    """The passkey's answer was not accepted; never says why to the peer."""

    code = "bad_passkey"


class ProviderFailed(Refused):
    """The identity provider's answer broke a rule of OpenID Connect or of ours."""

    code = "provider_failed"


class ProviderUnreachable(Overloaded):
    """The identity provider does not answer in time."""

    code = "provider_unreachable"


class NotInDirectory(Refused):
    """The provider's number is not one of the imported national extract."""

    code = "not_in_directory"


class NoRpps(Refused):
    """The provider vouches for somebody without an RPPS number: an invitation is their way."""

    code = "no_rpps"


class TestIdentity(Refused):
    """An identity of the national test deployment (EDIT), which is nobody's."""

    __test__ = False  # no test of ours, whatever its name
    code = "test_identity"


class InvitationOver(Refused):
    """The link was used, ended, or is older than it may be; never says which to a stranger."""

    code = "invitation_over"


class MayNotInvite(Refused):
    """This account may not vouch for anyone, not in this role, or not for that long."""

    code = "may_not_invite"


class NotAdministrator(Refused):
    """The account administers no establishment, or not this person's."""

    code = "not_an_administrator"


class SituationNeeded(Conflict):
    """The person practises in several ways: they say which one, nobody picks it for them."""

    code = "situation_needed"


class AccountExists(Conflict):
    """This professional already has an open account."""

    code = "account_exists"


class DeviceRevoked(Refused):
    """This device was revoked by its owner; it may wipe itself."""

    code = "device_revoked"


class AccountSuspended(Refused):
    """The account does not take part now: its number left the directory, or an operator said so."""

    code = "account_suspended"


class AccountClosed(Refused):
    """The account is over."""

    code = "account_closed"


class ChainMoved(Conflict):
    """Another link was appended first, or the account was created meanwhile."""

    code = "chain_moved"


class TooManyLeave(Conflict):
    """A reconciliation would suspend so many that the extract is more likely damaged."""

    code = "too_many_leave"


class TooManyAttempts(Overloaded):
    """The sign-in limit of this account or this address was reached."""

    code = "too_many"
