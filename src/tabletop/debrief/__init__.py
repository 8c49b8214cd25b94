"""The debrief: everything a report may say of a run, worked out from exercise and log. Pure: no clock, no store, no sentence."""
