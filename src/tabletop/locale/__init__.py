"""Word tables, one package a language."""
