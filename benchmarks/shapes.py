"""The queries that every engine is asked: twelve shapes, in SPARQL 1.1 that all of them understand."""

from __future__ import annotations

HEAD = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ent: <https://w3id.org/partnergraph/entity/>
PREFIX pg: <https://w3id.org/partnergraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SHAPES = {
    "card of an entity": "SELECT ?claim ?p ?o WHERE { ?claim pg:party ent:company-1 ; ?p ?o }",
    "sum by investor": """SELECT ?who (SUM(?least) AS ?sum) WHERE { ?c pg:investor ?who ; pg:amountMin ?least }
        GROUP BY ?who ORDER BY DESC(?sum)""",
    "two hops": "SELECT DISTINCT ?b WHERE { ent:company-1 pg:investedIn ?a . ?a pg:investedIn ?b }",
    "three hops": "SELECT DISTINCT ?c WHERE { ent:company-9 pg:investedIn ?a . ?a pg:investedIn ?b . ?b pg:investedIn ?c }",
    "four hops": """SELECT DISTINCT ?d WHERE { ent:company-99 pg:investedIn ?a . ?a pg:investedIn ?b .
        ?b pg:investedIn ?c . ?c pg:investedIn ?d }""",
    "closure": "SELECT ?a WHERE { ent:company-1 pg:investedIn+ ?a }",
    "as-of filter": """SELECT (COUNT(*) AS ?n) WHERE { ?c a pg:Investment ; pg:startsLatest ?first
        FILTER (?first <= "2020-06-01"^^xsd:date) }""",
    "FILTER NOT EXISTS": "SELECT ?c WHERE { ?c a pg:Investment FILTER NOT EXISTS { ?c pg:contradicts ?other } }",
    "aggregate with HAVING": """SELECT ?who (COUNT(*) AS ?n) WHERE { ?c pg:supplier ?who ; pg:customer ?to }
        GROUP BY ?who HAVING (COUNT(*) > 5)""",
    "regular expression": 'SELECT ?s WHERE { ?s rdfs:label ?label FILTER REGEX(?label, "number 7[0-9]+5[.]$") }',
    "CONSTRUCT": "CONSTRUCT { ?c ?p ?o } WHERE { ?c pg:party ent:company-2 ; ?p ?o }",
    "all rows": "SELECT ?c ?p ?o WHERE { ?c a pg:Claim ; ?p ?o } LIMIT 100000",
}
