"""A claim with three citations: one for parts of it, one that nobody compared with it, one that carries all of it."""

from __future__ import annotations

CITED = """
ent:acme a pg:Company ; rdfs:label "Acme" .
ent:lab a pg:ResearchLab ; rdfs:label "Open Lab" .
ent:wire a pg:Publisher ; rdfs:label "The Wire" .
src:filing a pg:Source ; dcterms:title "Annual report" ; dcterms:publisher ent:acme ; pg:tier pg:tier-primary ;
  dcterms:issued "2023-02-01"^^xsd:date .
ent:copier a pg:Publisher ; rdfs:label "Copier" .
src:unread a pg:Source ; dcterms:title "Unread" ; dcterms:publisher ent:wire ; pg:carriedBy ent:copier ; pg:tier pg:tier-quality-press ;
  dcterms:issued "2023-01-02"^^xsd:date .
src:blog a pg:Source ; dcterms:title "The deal" ; pg:tier pg:tier-weak ; dcterms:issued "2023-01-03"^^xsd:date .
claim:deal a pg:Investment ; rdfs:label "Acme put 10 dollars into Open Lab on 2 January 2023." ; pg:attestation pg:announced ;
  pg:investor ent:acme ; pg:investee ent:lab ; pg:stage pg:stage-completed ; pg:date "2023-01-02"^^xsd:date ;
  pg:amountMin 10 ; pg:amountMax 10 ; pg:currency "USD" ;
  pg:cites [ pg:source src:filing ; pg:locator "Note 3" ; pg:carries pg:part-parties, pg:part-amount ;
             pg:verified "2026-11-30"^^xsd:date ],
           [ pg:source src:unread ; pg:locator "paragraph 1" ],
           [ pg:source src:blog ; pg:locator "paragraph 2" ; pg:verified "2026-11-29"^^xsd:date ] .
"""
