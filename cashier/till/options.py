"""What the settings say about charging and paying out."""

from dataclasses import dataclass, field

from cashier.domain.money import Limits


@dataclass(frozen=True)
class TillOptions:
    """What the settings say about charging: limits in RWF, the public callback URL (token included), the service id."""

    limits: Limits = field(default_factory=Limits)
    callback_url: str | None = field(default=None, repr=False)
    service_id: str | None = None
