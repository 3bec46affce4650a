"""Sums, days and names as tables of several countries write them: what they mean, or why nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnergraph import Graph
from partnergraph.intake.amounts import Unreadable, read_amount
from partnergraph.intake.columns import propose
from partnergraph.intake.dates import read_day
from partnergraph.intake.tables import read_table
from partnergraph.reading.classcards import Classes

MILLION = 1_000_000
BILLION = 1_000_000_000
SUMS = [
    # What each says: least, greatest, currency, whether about.
    ("300 T€", 300_000, 300_000, "EUR", False),
    ("TEUR 300", 300_000, 300_000, "EUR", False),
    ("MEUR 1,5", 1_500_000, 1_500_000, "EUR", False),
    ("200 MSEK", 200 * MILLION, 200 * MILLION, "SEK", False),
    ("2.5 lakh crore INR", 2_500 * BILLION, 2_500 * BILLION, "INR", False),
    ("INR 2,00,00,000/-", 20 * MILLION, 20 * MILLION, "INR", False),
    ("Rs. 45 lakh", 4_500_000, 4_500_000, "INR", False),
    ("1,2 milliard d’euros", 1_200 * MILLION, 1_200 * MILLION, "EUR", False),
    ("entre 20 et 30 millions d'euros", 20 * MILLION, 30 * MILLION, "EUR", False),
    ("5 millions de dollars", 5 * MILLION, 5 * MILLION, "USD", False),
    ("jusqu’à 1,2 Md€", 0, 1_200 * MILLION, "EUR", False),
    ("mind. 300 Tsd. EUR", 300_000, None, "EUR", False),
    ("unter 1 Mio. €", 0, MILLION, "EUR", False),
    ("€2 Mio max.", 0, 2 * MILLION, "EUR", False),
    (">=$1m", MILLION, None, "USD", False),
    ("up to about $5m", 0, 5 * MILLION, "USD", True),
    ("about $5m+", 5 * MILLION, None, "USD", True),
    ("$10m est.", 10 * MILLION, 10 * MILLION, "USD", True),
    ("$3bn or so", 3 * BILLION, 3 * BILLION, "USD", True),
    ("USD 3 Mn (approx)", 3 * MILLION, 3 * MILLION, "USD", True),
    ("100億円", 10 * BILLION, 10 * BILLION, "JPY", False),
    ("$.5bn", 500 * MILLION, 500 * MILLION, "USD", False),
    ("1E+09 USD", BILLION, BILLION, "USD", False),
    ("12.500,50 €", 12_500.5, 12_500.5, "EUR", False),
    ("$300¹m", 300 * MILLION, 300 * MILLION, "USD", False),
    ("rd. 300 Mio. Euro", 300 * MILLION, 300 * MILLION, "EUR", True),
    ("約100億円", 10 * BILLION, 10 * BILLION, "JPY", True),
    ("1兆5000億円", 1_500 * BILLION, 1_500 * BILLION, "JPY", False),
    ("750 millions de livres sterling", 750 * MILLION, 750 * MILLION, "GBP", False),
    ("Series B: $300m", 300 * MILLION, 300 * MILLION, "USD", False),
]
UNDISCLOSED = [
    "nicht offengelegt",
    "keine Angabe",
    "n.c.",
    "montant non communiqué",
    "no revelado",
    "não divulgado",
    "未披露",
    "$ --",
    "Montant confidentiel",
    "vertraulich",
]
UNTOLD = [
    ("80 Mio. € pro Jahr", "recurs"),
    ("10 M€ par mois", "recurs"),
    ("$5m yearly", "recurs"),
    ("roughly half of $4bn", "half of"),
    ("$5m each", "each"),
    ("$1m<", "<"),
    ("€5T", "thousand (Tausend) or trillion"),
    ("15 mil. USD", "a thousand in Spanish"),
    ("$0", "may be nothing or not known"),
    ("=A1*2", "is a formula"),
    ("5 quux USD", "what stands between the number and 'usd'"),
]


@pytest.mark.parametrize(("text", "least", "greatest", "currency", "about"), SUMS)
def test_a_sum_means_what_its_words_say(text: str, least: float, greatest: float | None, currency: str, *, about: bool) -> None:
    found = read_amount(text)
    assert (found.least, found.greatest, found.currency, found.approximate) == (least, greatest, currency, about)


@pytest.mark.parametrize("text", UNDISCLOSED)
def test_undisclosed_is_undisclosed_in_other_languages(text: str) -> None:
    assert read_amount(text).undisclosed


@pytest.mark.parametrize(("text", "why"), UNTOLD)
def test_what_is_said_of_a_sum_and_not_understood_is_not_left_out(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_amount(text)
    assert why in str(error.value)


def test_a_sign_is_stronger_than_the_currency_of_the_heading() -> None:
    assert read_amount("$1-2 M", currency="INR").currency == "USD"
    # In Canada $ may be its own dollar.
    assert read_amount("$5m", currency="CAD").currency == "CAD"
    with pytest.raises(Unreadable, match="JPY or CNY"):
        read_amount("¥5m", currency="EUR")


@pytest.mark.parametrize("text", ["FY2024", "FY24", "Q3 FY2023", "fiscal 2024", "Geschäftsjahr 2023/24"])
def test_a_fiscal_year_is_no_calendar_year(text: str) -> None:
    with pytest.raises(Unreadable, match="fiscal year"):
        read_day(text)


def test_an_apostrophe_before_a_year_needs_no_blank() -> None:
    found = read_day("Apr'24")
    assert found is not None
    assert found.text == "2024-04"


def test_headings_of_other_languages_are_known(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Käufer;Zielunternehmen;Betrag (TEUR);Währung;Datum\nA;B;5;EUR;2024\n")
    classes = Classes(graph)
    found = propose(read_table(path, path.read_bytes()), classes.find("acquisition"), classes)
    held = ["pg:acquirer", "pg:acquiree", "pg:amount", "pg:currency", "pg:date"]
    assert [*found.columns.values()] == held
    assert (found.unit, found.currency) == ("thousand", "EUR")


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("Nvidia Corp. (NASDAQ: NVDA)", "nvidia"),
        ("Amazon.com, Inc.", "amazon"),
        ("https://www.wikidata.org/wiki/Q116758847", "anthropic"),
        ("wd:Q116758847", "anthropic"),
        ("lei:INR2EJN1ERAN0W5ZP974", "microsoft"),
        ("$NVDA", "nvidia"),
    ],
)
def test_names_with_what_identifies_them_are_found(graph: Graph, name: str, iri: str) -> None:
    assert graph.find_entity(name).endswith(f"/entity/{iri}")


def test_a_name_and_a_ticker_of_another_are_asked_for(graph: Graph) -> None:
    assert set(graph.names.by_rule("Microsoft (NASDAQ: NVDA)")) == {graph.find_entity("Nvidia"), graph.find_entity("Microsoft")}
    assert graph.names.by_rule("Foo Ltd (LSE: FOO)") == {}
