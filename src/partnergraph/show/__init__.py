"""Values as people read them: words for amounts and dates, tables, HTML blocks, frames. Plain values come in, never a graph."""
