"""`make mutants`: how many small mistakes in `ocpprov/engine` and `ocpprov/reconcile` their own tests notice."""
