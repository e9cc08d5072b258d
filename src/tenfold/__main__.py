"""`python -m tenfold` and the `tenfold` command."""

from tenfold.cli.app import run


def main() -> None:
    run()


if __name__ == "__main__":
    main()
