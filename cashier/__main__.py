"""`python -m cashier` does what `cashier` does."""

from cashier.cli import main

if __name__ == "__main__":
    main(prog_name="cashier")
