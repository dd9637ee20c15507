"""IntouchPay: signing, messages, codes per function, client, callback parsing; outcomes as types (docs/gateway.md)."""
