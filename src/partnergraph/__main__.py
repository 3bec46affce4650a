"""``partnergraph`` and ``python -m partnergraph``: Ctrl-C ends the program without a word from its first moment on."""

# Built into Python: the module signal would import others first.
import _signal as signal  # type: ignore[import-not-found]  # typeshed has no stub of it
import sys


def main() -> None:
    """Starts the program; what keeps it from starting becomes one sentence, too."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from partnergraph.cli import app
    except Exception as error:  # noqa: BLE001  # a package that is missing or broken
        from partnergraph.base.faults import sentence

        print(f"partnergraph: {sentence(error)}", file=sys.stderr)  # noqa: T201  # the command line is not there
        sys.exit(1)
    app()


if __name__ == "__main__":
    main()
