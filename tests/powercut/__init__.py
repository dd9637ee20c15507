"""Power cuts: the real ledger on a file layer that knows what was synced, cut at any moment."""
