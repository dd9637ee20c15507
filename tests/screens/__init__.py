"""`make screens`: every screen and state of the real window as pictures."""
