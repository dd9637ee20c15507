"""What a cashier can do: charge, pay out, check, hide; settling, polling, callbacks, recovery. Threads, no Qt."""
