"""Where the frozen program begins."""

from cashier.__main__ import main

main()
