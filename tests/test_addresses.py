"""The permanent addresses lead where they should: the rules for w3id.org, by Apache itself."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from partnergraph import Graph

ROOT = Path(__file__).parents[1]
RULES = ROOT / "docs" / "w3id" / "rules.py"
AT = "https://example.org/graph"
SETTINGS = """
ServerRoot "{root}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{root}/pid"
ErrorLog "{root}/log"
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule rewrite_module {modules}/mod_rewrite.so
DocumentRoot "{root}/www"
<Directory "{root}/www">
  AllowOverride All
  Require all granted
</Directory>
"""


def written(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, RULES, *words], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an Apache that has the rules."""
    apache = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
    assert apache, "make test-tools installs Apache"
    root = tmp_path_factory.mktemp("apache")
    # Apache's own user reads it.
    for folder in (root, *root.parents[:2]):
        folder.chmod(0o755)
    rules = root / "www" / "partnergraph" / ".htaccess"
    rules.parent.mkdir(parents=True)
    rules.write_text(written(f"{AT}/").stdout, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    settings = root / "apache.conf"
    modules = "/usr/lib/apache2/modules"
    settings.write_text(SETTINGS.format(root=root, port=number, modules=modules), encoding="utf-8")
    with subprocess.Popen([apache, "-f", settings, "-DFOREGROUND"], stderr=subprocess.PIPE) as process:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", number), timeout=1):
                break
            time.sleep(0.05)
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        yield number
        process.terminate()


def led(port: int, path: str, accept: str = "text/html") -> tuple[int, str]:
    """The code that an address is answered with, and where it leads."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/partnergraph/{path}", headers={"Accept": accept})
    answer = connection.getresponse()
    connection.close()
    return answer.status, (answer.getheader("Location") or "").removeprefix(AT)


@pytest.mark.parametrize(
    ("path", "accept", "code", "leads"),
    [
        ("", "text/html", 302, "/"),
        ("claim/microsoft-openai-2019-investment", "text/html", 303, "/claim/microsoft-openai-2019-investment"),
        ("claim/openai-cerebras-20b?as_of=2026-01-01", "text/html", 303, "/claim/openai-cerebras-20b?as_of=2026-01-01"),
        ("entity/openai", "text/turtle", 303, "/entity/openai"),
        ("source/seed-004", "text/html", 303, "/source/seed-004"),
        ("dispute/did-3-gigawatts-come-online", "text/html", 303, "/dispute/did-3-gigawatts-come-online"),
        ("ontology", "text/html,*/*;q=0.8", 303, "/docs/reference/ontology.html"),
        ("ontology", "text/turtle", 303, "/data/turtle/ontology/partnergraph.ttl"),
        ("ontology", "application/ld+json", 303, "/data/turtle/ontology/partnergraph.ttl"),
        ("question/what-was-corrected", "text/html", 303, "/docs/reference/questions.html#what-was-corrected"),
        ("release/2026.11.1", "text/html", 303, "/data/2026.11.1/README.md"),
        ("docs", "text/html", 302, "/docs/"),
        ("docs/tutorials/analysts.html", "text/html", 302, "/docs/tutorials/analysts.html"),
        ("claim/", "text/html", 404, ""),
        ("claim/../../etc", "text/html", 404, ""),
        ("elsewhere", "text/html", 404, ""),
    ],
    ids=lambda value: str(value) or "-",
)
def test_where_an_address_leads(port: int, path: str, accept: str, code: int, leads: str) -> None:
    assert led(port, path, accept) == (code, leads)


def test_every_name_of_the_content_leads_on(port: int, graph: Graph) -> None:
    home = "https://w3id.org/partnergraph/"
    kinds = "pg:Claim pg:Entity pg:Source pg:Dispute pg:Entry"
    names = [
        str(row["name"].value) for row in graph.query(f"SELECT ?name {{ VALUES ?kind {{ {kinds} }} ?name a ?kind }}") if row["name"]
    ]
    assert len(names) > 4000
    # Of each kind some, the longest and strangest first.
    chosen = sorted(names, key=lambda name: (name.isascii() and name.replace("-", "").isalnum(), -len(name)))[:150]
    assert {kind for name in chosen for kind in ("claim", "entity", "source") if f"/{kind}/" in name}
    assert [name for name in chosen if led(port, name.removeprefix(home)) != (303, f"/{name.removeprefix(home)}")] == []


@pytest.mark.parametrize("address", ["", "example.org", "ftp://example.org", "https://example.org/a b", "https://example.org/$1"])
def test_what_is_no_address_gets_no_rules(address: str) -> None:
    done = written(address)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is no address" in done.stderr
