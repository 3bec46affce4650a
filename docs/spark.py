"""Loops, exposure and concentration with Spark, from the three tables of ``partnergraph export parquet`` alone.

    python docs/spark.py network-nodes.parquet network-edges.parquet network-ledger.parquet --entity ent:openai --market clouds

or with spark-submit. The definitions are those of ``partnergraph loops``, ``exposure`` and ``concentration`` with their
usual options. What a number is made of was decided when the ledger was made; here entries are only added.
"""

from __future__ import annotations

import argparse
import math
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from partnergraph.analysis.hhi import hhi, hhi_of_shares, shares
from partnergraph.ledger.amounts import Interval

FINANCING, PURCHASE = "financing", "purchase"
COUNTED = ("agreed", "under way", "completed", "ended")
NOT_IN_FORCE = ("intended", "cancelled", "ended")
CURRENCY = "USD"
MARKETS = ("clouds", "chips", "sites")
EVER, NEVER = "0001-01-01", "9999-12-31"


def counted(ledger: DataFrame, *purposes: str) -> DataFrame:
    """The entries of deals that are counted, with what of them is committed: anything from zero up where nobody states it."""
    of_stage = f.col("stage").isNull() | f.col("stage").isin(*COUNTED)
    due = (f.col("committedMin") > 0) | f.col("committedMax").isNull() | (f.col("committedMax") > 0)
    unknown = (f.col("committedMin") == 0) & f.col("committedMax").isNull()
    readable = unknown | (f.col("currency") == CURRENCY)
    return ledger.where(f.col("purpose").isin(*purposes) & of_stage & due).select(
        "*",
        f.when(readable, f.col("committedMin")).otherwise(0.0).alias("least"),
        f.when(readable, f.coalesce("committedMax", f.lit(math.inf))).otherwise(f.lit(math.inf)).alias("greatest"),
        f.coalesce("startsEarliest", f.to_date(f.lit(EVER))).alias("begins"),
        f.coalesce("endsLatest", f.to_date(f.lit(NEVER))).alias("ends"),
    )


def all_claims() -> Column:
    """The names of all claims of a group."""
    return f.sort_array(f.array_distinct(f.flatten(f.collect_list("claims"))))


def read_legs(ledger: DataFrame) -> DataFrame:
    """All that one house pays another: how much, what for, by which claims, and when it may be in force."""
    between = f.col("payer").isNotNull() & f.col("payee").isNotNull()
    return (
        counted(ledger, FINANCING, PURCHASE)
        .where(between)
        .groupBy("payer", "payee")
        .agg(
            f.bool_or(f.col("purpose") == FINANCING).alias("finances"),
            f.bool_or(f.col("purpose") == PURCHASE).alias("buys"),
            f.collect_set(f.struct("begins", "ends")).alias("spans"),
            f.struct(f.sum("least").alias("least"), f.sum("greatest").alias("greatest")).alias("amount"),
            all_claims().alias("claims"),
        )
    )


def common(some: Column, others: Column) -> Column:
    """The spans of days that lie in one of the first and in one of the others."""

    def both(one: Column, other: Column) -> Column:
        return f.struct(
            f.greatest(one["begins"], other["begins"]).alias("begins"), f.least(one["ends"], other["ends"]).alias("ends")
        )

    crossed = f.flatten(f.transform(some, lambda one: f.transform(others, lambda other: both(one, other))))
    return f.array_distinct(f.filter(crossed, lambda one: one["begins"] < one["ends"]))


def find_loops(ledger: DataFrame, parties: int = 5) -> DataFrame:
    """Rings of up to so many parties in which one finances and one buys, and that may all be in force on one day."""
    leg = f.struct("payer", "payee", "finances", "buys", "amount", "claims")
    legs = read_legs(ledger).select("payer", "payee", "spans", leg.alias("leg")).cache()
    chains = legs.select(
        f.col("payer").alias("first"), f.col("payee").alias("last"), f.array("leg").alias("legs"), f.col("spans").alias("open")
    )
    closed = []
    for _ in range(parties - 1):
        # A ring is followed from its least name on, so that it is found once.
        back, on = f.col("payee") == f.col("first"), f.col("payee") > f.col("first")
        goes_on = back | (on & ~f.array_contains(f.col("legs.payer"), f.col("payee")))
        chains = (
            chains.where(f.col("last") > f.col("first"))
            .join(legs, (f.col("last") == f.col("payer")) & goes_on)
            .select(
                "first",
                f.col("payee").alias("last"),
                f.concat("legs", f.array("leg")).alias("legs"),
                common(f.col("open"), f.col("spans")).alias("open"),
            )
            .where(f.size("open") > 0)
            .cache()
        )
        closed.append(chains.where(f.col("last") == f.col("first")))
    return described(reduce(DataFrame.unionAll, closed))


def described(rings: DataFrame) -> DataFrame:
    """Rings that are loops, each from who finances: parties, how much goes round, since when and until when, claims."""
    financing = f.filter("legs", lambda leg: leg["finances"])
    start = f.array_min(f.transform(financing, lambda leg: f.struct(leg["buys"], leg["payer"])))["payer"]
    place, ring = f.array_position("ring", start).cast("int"), f.col("ring")
    turned = f.concat(f.slice(ring, place, f.size(ring)), f.slice(ring, f.lit(1), place - f.lit(1)))
    loops = rings.where((f.size(financing) > 0) & f.exists("legs", lambda leg: leg["buys"])).withColumn("ring", f.col("legs.payer"))
    return loops.select(
        turned.alias("parties"),
        f.array_min("legs.amount.least").alias("least"),
        # The limit of other legs is none of a leg that has no limit.
        f.when(f.array_max("legs.amount.greatest") < math.inf, f.array_min("legs.amount.greatest"))
        .otherwise(f.lit(math.inf))
        .alias("greatest"),
        f.nullif(f.array_min("open.begins"), f.to_date(f.lit(EVER))).alias("since"),
        f.nullif(f.array_max("open.ends"), f.to_date(f.lit(NEVER))).alias("until"),
        f.sort_array(f.array_distinct(f.flatten("legs.claims"))).alias("claims"),
    ).orderBy(f.desc("least"), f.size("parties"), "parties")


def find_dependents(nodes: DataFrame, edges: DataFrame, entity: str, steps: int = 3) -> DataFrame:
    """What depends on an entity within so many steps: on whom directly, how, who else does the same, and whether all is lost."""
    along = f.col("reliance") > 0
    ranked = f.struct((-f.coalesce("attested", f.lit(0))).alias("rank"), "claim")
    ways = (
        edges.where(f.col("reliance").isNotNull() & ~f.col("overruled") & (f.col("source") != f.col("target")))
        .where(f.col("stage").isNull() | ~f.col("stage").isin(*NOT_IN_FORCE))
        .withColumn("entity", f.when(along, f.col("source")).otherwise(f.col("target")))
        .withColumn("on", f.when(along, f.col("target")).otherwise(f.col("source")))
        .groupBy("entity", "on", f.col("relies").alias("how"))
        .agg(f.sort_array(f.collect_set(ranked))["claim"].alias("claims"), f.max("carries").alias("carries"))
        .join(nodes.select(f.col("id").alias("on"), "house"), "on")
        .cache()
    )
    start = nodes.where(f.col("id") == entity).select(f.col("id").alias("entity"), f.col("house").alias("home"))
    # What depends on an organization does not depend on all that this one buys: there the way ends.
    away = start.select("entity", f.lit(True).alias("leads_on"), f.lit(0).alias("steps"))
    for step in range(1, steps + 1):
        reached = away.where((f.col("steps") == step - 1) & f.col("leads_on")).select(f.col("entity").alias("on"))
        further = (
            ways.join(reached, "on")
            .groupBy("entity")
            .agg(f.bool_or(f.col("carries") != "nothing").alias("leads_on"))
            .join(away, "entity", "left_anti")
        )
        away = away.unionAll(further.withColumn("steps", f.lit(step))).localCheckpoint(eager=False)
    inside = ways.join(away.where(f.col("steps") > 0), "entity").crossJoin(start.select("home")).cache()
    failed = failures(inside, start.select("entity"))
    inside = mark(inside, failed)
    others = inside.select("entity", "how", f.col("on").alias("other"), f.col("house").alias("others"), f.col("fails").alias("too"))
    before = away.select(f.col("entity").alias("on"), (f.col("steps") + 1).alias("steps"))
    another = (f.col("other") != f.col("on")) & (f.col("others") != f.col("house"))
    return (
        inside.join(before, ["on", "steps"])
        .join(others, ["entity", "how"])
        .groupBy("entity", "steps", "on", "how", "claims", "fails")
        .agg(
            f.sort_array(f.collect_set(f.when(another, f.col("other")))).alias("others"),
            f.bool_and(~another | f.col("too")).alias("none_left"),
        )
        .select("entity", "steps", "on", "how", "others", (f.col("fails") & f.col("none_left")).alias("lost"), "claims")
        .orderBy(f.desc("lost"), "steps", "entity", "on", "how")
    )


def mark(ways: DataFrame, failed: DataFrame) -> DataFrame:
    """The ways, with whether the one relied on fails."""
    return ways.join(failed.select(f.col("entity").alias("on"), f.lit(True).alias("fails")), "on", "left").fillna(False, ["fails"])


def failures(ways: DataFrame, first: DataFrame) -> DataFrame:
    """The first and all that fail, one after the other, because they lose everyone who does one thing for them."""
    failed, known = first, 0
    while (count := failed.count()) > known:
        known = count
        lost = (
            mark(ways.where(f.col("carries") == "failure"), failed)
            .groupBy("entity", "how")
            .agg(f.bool_or("fails").alias("some"), f.bool_and(f.col("fails") | (f.col("house") == f.col("home"))).alias("all"))
            .where("some AND all")
            .select("entity")
        )
        failed = first.union(lost).distinct().localCheckpoint(eager=False)
    return failed


def find_sellers(nodes: DataFrame, ledger: DataFrame, market: str) -> DataFrame:
    """Who sells in a market, and how much as stated and as may be: money for one of ``MARKETS``, for a segment the per cent that claims state."""
    if market not in MARKETS:
        share = f.struct(f.min(f.coalesce("share.least", f.lit(0.0))), f.max(f.coalesce("share.greatest", f.lit(100.0))))
        claims = f.sort_array(f.collect_set("share.claim")).alias("claims")
        held = nodes.select(f.col("id").alias("seller"), f.explode("shares").alias("share")).where(f.col("share.segment") == market)
        return held.groupBy("seller").agg(share.alias("as stated"), share.alias("as may be"), claims)
    # Deals that state nothing count nothing as stated, and at least so much counts as so much.
    stated = f.when(f.col("greatest") < math.inf, f.col("greatest")).otherwise(f.col("least"))
    return (
        counted(ledger, PURCHASE)
        .where("receives")
        .where(f.coalesce("market", f.lit(MARKETS[0])) == market)
        .groupBy(f.col("payee").alias("seller"))
        .agg(
            f.struct(f.sum("least"), f.sum(stated)).alias("as stated"),
            f.struct(f.sum("least"), f.sum("greatest")).alias("as may be"),
            all_claims().alias("claims"),
        )
    )


def measure(sellers: DataFrame, market: str) -> dict[str, tuple[Interval, dict[str, Interval]]]:
    """As stated and as may be: the Herfindahl-Hirschman index from 0 to 1, and the share of each seller."""
    rows = sellers.orderBy("seller").collect()
    measured = {}
    for basis in ("as stated", "as may be"):
        held = [Interval(*row[basis]) for row in rows]
        parts = shares(held) if market in MARKETS else [Interval(one.least / 100, one.greatest / 100) for one in held]
        index = hhi(held) if market in MARKETS else hhi_of_shares(parts)
        measured[basis] = index, {row["seller"]: part for row, part in zip(rows, parts, strict=True)}
    return measured


def main(words: list[str] | None = None) -> None:
    """Prints the first loops, some of what depends on an entity, and how concentrated a market is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("nodes")
    parser.add_argument("edges")
    parser.add_argument("ledger")
    parser.add_argument("--entity", default="ent:openai")
    parser.add_argument("--market", default=MARKETS[0], help="clouds, chips or sites, or a segment such as ent:uk-cloud-services")
    parser.add_argument("--rows", type=int, default=20, help="print so many rows of each table")
    asked = parser.parse_args(words)
    spark = SparkSession.builder.appName("partnergraph").getOrCreate()
    nodes, edges, ledger = (spark.read.parquet(path) for path in (asked.nodes, asked.edges, asked.ledger))
    find_loops(ledger).show(asked.rows, truncate=60)
    find_dependents(nodes, edges, asked.entity).show(asked.rows, truncate=40)
    for basis, (index, parts) in measure(find_sellers(nodes, ledger, asked.market), asked.market).items():
        print(f"HHI of {asked.market} {basis}: {math.floor(index.least * 10_000):,} to {math.ceil(index.greatest * 10_000):,}")
        for name, part in sorted(parts.items(), key=lambda one: (-one[1].greatest, one[0]))[: asked.rows]:
            print(f"  {name}: {part.least:.1%} to {part.greatest:.1%}")


if __name__ == "__main__":
    main()
