"""
What a gateway is answered instead of being served.

* `Refused`
    * `GatewayUnknown`      gateway_unknown
    * `GatewayRevoked`      gateway_revoked
    * `BadRegistrationCode` bad_registration_code
* `Conflict`
    * `RecipientDeparted`   recipient_departed
    * `AuditKeyMoved`       audit_key_moved   a person's phone, about a trace
"""

from lien.errors import Conflict, Refused


class GatewayUnknown(Refused):
    """No such gateway, a wrong proof, or a time outside its certificate; never says which."""

    code = "gateway_unknown"


class GatewayRevoked(Refused):
    """The operator ended this gateway."""

    code = "gateway_revoked"


class BadRegistrationCode(Refused):
    """The code is none, was used for another key, or is over."""

    code = "bad_registration_code"


class AuditKeyMoved(Conflict):
    """The trace is not sealed to the controller's present key: ask for it, seal again."""

    code = "audit_key_moved"


class RecipientDeparted(Conflict):
    """Nobody seals to this account now: it left, or has no current secret."""

    code = "recipient_departed"
