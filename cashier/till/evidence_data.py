"""What an event says of the evidence that it was written for. Pure."""

from cashier.domain.evidence import Evidence, Source


def event_name(evidence: Evidence) -> str:
    """The name of the event."""
    return {Source.SUBMIT: "answered", Source.STATUS: "checked"}.get(evidence.source, "recovered")


def data_of(evidence: Evidence) -> dict[str, object]:
    """All that the answer carried, without what it did not carry."""
    found: dict[str, object] = {
        "meaning": evidence.meaning.value,
        "answered": evidence.answered,
        "code": evidence.code,
        "message": evidence.message,
        "request_id": evidence.request_id,
        "gateway_transaction_id": evidence.gateway_transaction_id,
        "operator_reference": evidence.operator_reference,
        "amount": evidence.amount,
        "phone": evidence.phone,
        "http_status": evidence.http_status,
        "detail": evidence.detail,
    }
    return {name: value for name, value in found.items() if value is not None}
