"""Commands for articles: draft and review."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from partnergraph.base.errors import ContentError, QueryError
from partnergraph.base.files import revise
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, TrustOption, commands, open_graph
from partnergraph.cli.output import echo, tell
from partnergraph.core.views import TIERS, View


@commands.command("draft")
def draft(
    article: Annotated[Path, typer.Argument(metavar="ARTICLE", help="An article: txt, md, html, pdf.")],
    url: Annotated[str, typer.Option(metavar="URL", help="Where it was read.")] = "",
    title: Annotated[str, typer.Option(help="Its title, if not its first heading.")] = "",
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Whose reporting it is.")] = "",
    issued: Annotated[str, typer.Option(metavar="DAY", help="When it was published: 2026-05-04, 2026-05 or 2026.")] = "",
    tier: Annotated[str, typer.Option(metavar="|".join(TIERS), help="How close to the events its publisher is.")] = "weak",
    llm: Annotated[
        str,
        typer.Option(
            "--llm", metavar="URL", help="Also ask a model behind this OpenAI-compatible endpoint: the text leaves this machine."
        ),
    ] = "",
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="With --llm: which model.")] = "",
    timeout: Annotated[
        float, typer.Option(min=1, max=3600, metavar="SECONDS", help="With --llm: how long to wait for an answer.")
    ] = 120,
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Propose claims that an article makes, each with its place; a person decides with 'partnergraph review'.

    Works without any model. With --llm the text goes to that address, with the key in PARTNERGRAPH_LLM_KEY or OPENAI_API_KEY.

    Example: partnergraph draft article.html --url https://example.org/a --publisher Reuters --issued 2026-05-04 --tier quality-press
    """
    from partnergraph.intake.drafting import About, candidates_path, draft_article
    from partnergraph.intake.models import Model, check_model

    if tier not in TIERS:
        raise QueryError(f"--tier is one of {', '.join(TIERS)}, not {tier!r}")
    if issued and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", issued):
        raise QueryError(f"--issued is 2026-05-04, 2026-05 or 2026, not {issued!r}")
    if url and not re.fullmatch(r"https?://[^\s<>\"]+", url):
        raise QueryError(f"--url begins with http:// or https://, other than {url!r}")
    asked_model = Model(llm, model, timeout) if llm else None
    if asked_model:
        check_model(asked_model)
        tell(clean(f"the text of {article.name} is sent to {asked_model.host}"))
    graph = open_graph(View(), content, trust=trust)
    drafted, asked = draft_article(graph, article, About(url, title, publisher, issued, f"pg:tier-{tier}"), model=asked_model)
    if asked is not None:
        echo(f"model      {len(asked.candidates)} candidates that stand the guards, {len(asked.left_out)} left out")
        for why in asked.left_out[:8]:
            echo(clean(f"           left out: {why}"))
    alike = sum(bool(one.similar) for one in drafted.candidates)
    sentences = len({one.start for one in drafted.candidates})
    echo(f"candidates {len(drafted.candidates)} from {sentences} sentences · {alike} look like claims of the graph")
    unknown = list(dict.fromkeys(name for one in drafted.candidates for name in (*one.new.values(), *one.unknown)))
    if unknown:
        echo(clean(f"new names? {', '.join(unknown[:12])}{' …' if len(unknown) > 12 else ''}"))
    tell(f"wrote {clean(str(candidates_path(article)))}; go through it with 'partnergraph review'")


@commands.command("review")
def review(
    candidates: Annotated[Path, typer.Argument(metavar="FILE", help="The candidates that draft has written.")],
    everything: Annotated[bool, typer.Option("--all", help="Also those that are decided.")] = False,
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Go through candidates one by one: accept, change, reject, or cite a claim that says the same; each decision is kept at once.

    What is accepted goes into your folder with 'partnergraph accept'.

    Example: partnergraph review article.candidates.jsonl
    """
    from partnergraph.intake.articles import read_article
    from partnergraph.intake.candidates import OPEN, read_drafted
    from partnergraph.intake.review import KEYS, Review

    drafted = read_drafted(candidates)
    try:
        article = read_article(candidates.with_name(drafted.article))
    except ContentError:
        article = None
    if article is not None and article.sha256 != drafted.sha256:
        article = None
        tell("the article has changed since it was drafted; sentences are shown without their paragraphs")
    session = Review(open_graph(View(), content, trust=trust), article)
    written = candidates.read_bytes()
    place = 0
    wanted = [one for one in drafted.candidates if everything or one.state == OPEN]
    echo(KEYS)
    while 0 <= place < len(wanted):
        candidate = wanted[place]
        echo("\n" + session.shown(candidate, len(drafted.candidates)))
        key = _key()
        if key == "q":
            break
        if key == "b":
            place = max(0, place - 1)
            continue
        if not key:
            place += 1
            continue
        problem = session.apply(candidate, key)
        if problem:
            tell(clean(problem))
            continue
        revise(candidates, drafted.written(), written)
        written = drafted.written()
        place += candidate.state != OPEN
    counts = {state: sum(one.state == state for one in drafted.candidates) for state in ("accepted", "cited", "rejected", "open")}
    tell(" · ".join(f"{count} {state}" for state, count in counts.items()) + "; 'partnergraph accept' puts them into your folder")


def _key() -> str:
    """What is typed next; ``q`` where nobody types any more."""
    if sys.stdin is None:
        return "q"
    try:
        sys.stdout.flush()
        line = sys.stdin.readline()
    except (OSError, UnicodeDecodeError):
        return "q"
    return line.strip() if line else "q"
