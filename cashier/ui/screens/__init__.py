"""The screens of the counter, each built of small widgets."""
