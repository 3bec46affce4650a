"""The package on every Python that is found: ``python tests/pythons.py`` (``make pythons``) tries wheel and sdist in empty environments.

It takes a minute or two for each and is no part of the tests: which Pythons a machine has is its own affair. One that is found and does not
do is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SUPPORTED = [f"3.{minor}" for minor in range(11, 20)]
ELSEWHERE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY"))}
TRIED = (
    (["ask", "investments-in", "entity=OpenAI"], "Microsoft"),
    (
        ["claim", "microsoft-openai-2019-investment", "--cite"],
        "https://w3id.org/partnergraph/claim/microsoft-openai-2019-investment",
    ),
    (["changes", "2026.11.0", "2026.11.1", "--cause", "ontology"], "ontology"),
    (["query", "SELECT ?who { ?who pg:investedIn ent:openai }"], "Microsoft"),
    (["loops"], "Microsoft"),
    (["map", "-o", "map.html"], "map.html"),
    (["export", "gexf", "network.gexf"], ""),
    (["check"], ""),
)


def find_pythons() -> dict[str, str]:
    """A Python of each supported version that there is: on the PATH, or where pyenv keeps them."""
    found = {}
    for version in SUPPORTED:
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
        for path in filter(None, [shutil.which(f"python{version}"), *map(str, kept)]):
            if (
                version not in found
                and subprocess.run([path, "-c", "import ensurepip, ssl"], capture_output=True, check=False).returncode == 0
            ):
                found[version] = path
    return found


def build(folder: Path) -> list[Path]:
    """The sdist, and the wheel that is made from it."""
    subprocess.run([sys.executable, "-m", "build", "-q", "--no-isolation", "-o", folder, ROOT], check=True, env=ELSEWHERE)
    return sorted(folder.iterdir())


def attempt(python: str, package: Path, folder: Path) -> None:
    """Installs a package into an empty environment and uses it; raises CalledProcessError or AssertionError where it does not do."""
    subprocess.run([python, "-m", "venv", folder / "environment"], check=True, env=ELSEWHERE)
    inside = folder / "environment" / "bin"
    subprocess.run([inside / "python", "-m", "pip", "-q", "install", package], check=True, env=ELSEWHERE, capture_output=True)
    for words, expected in TRIED:
        done = subprocess.run(
            [inside / "partnergraph", *words], cwd=folder, env=ELSEWHERE, capture_output=True, text=True, check=False
        )
        if done.returncode or expected not in done.stdout or re.search(r"Traceback|Warning:", done.stderr):
            raise AssertionError(f"partnergraph {' '.join(words)}: {done.stdout[:500]}{done.stderr[-1500:]}")


def main() -> int:
    """How many failed."""
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        packages = build(Path(place) / "dist")
        for version, python in find_pythons().items():
            # The wheel is made from the sdist, so that one Python is enough for that.
            for package in packages if version == SUPPORTED[0] else packages[:1]:
                folder = Path(place) / f"{version}-{package.suffix}"
                folder.mkdir()
                try:
                    attempt(python, package, folder)
                    sys.stdout.write(f"{version} {package.name}: does\n")
                except (subprocess.CalledProcessError, AssertionError) as error:
                    failed += 1
                    sys.stdout.write(f"{version} {package.name}: {error} {getattr(error, 'stderr', b'')!r}\n")
                sys.stdout.flush()
                shutil.rmtree(folder)
    return failed


if __name__ == "__main__":
    sys.exit(main())
