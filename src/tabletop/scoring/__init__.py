"""The score: state and plan give marks, a scorecard, a timeline and the rows leaders query. Pure: no clock, no store, no sentence."""
