"""Help of `tabletop` and its commands: what each is for, its examples, options and exit codes."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "usage": "Usage: ",
    "command-metavar": "[COMMAND ...]",
    "options-metavar": "[OPTIONS]",
    "examples": "Examples:",
    "arguments": "Arguments:",
    "options": "Options:",
    "exits": "Exit codes:",
    "section.play": "Run an exercise:",
    "section.prepare": "Prepare:",
    "section.afterwards": "Afterwards:",
    "section.machine": "This machine:",
    "exit.0": "fine",
    "exit.1": "a fault of this program",
    "exit.2": "the command line is wrong, or this is not a terminal",
    "exit.3": "what was named is not there",
    "exit.4": "the file has problems",
    "exit.5": "the store is in use",
    "exit.6": "the store is damaged or the seal is broken",
    "exit.7": "the store is newer than this program",
    "exit.8": "no space left, or read-only",
    "exit.130": "interrupted (143, 129: told to end)",
    "group.about": (
        "Runs a tabletop exercise in a room: one facilitator, one laptop, offline. Without a command it opens the start screen: "
        "resume a run, choose an exercise, look at past runs."
    ),
    "group.more": "tabletop COMMAND --help tells more about a command. Nothing is ever sent over a network.",
    "group.example-1": "the start screen",
    "group.example-2": "which exercises are there",
    "group.example-3": "run one of them on the clock",
    "group.version": "Versions of this program and of what it stands on.",
    "group.verbose": "With --version: also whether this SQLite has the fix for its write-ahead log.",
    "any.help": "Show this and end.",
    "any.lang": "Language of what is shown; else TABLETOP_LANG, else the system's.",
    "any.db": "The store of all runs; else TABLETOP_DB, else a file in the data folder.",
    "any.no-color": "Plain text, as in a pipe. NO_COLOR does the same.",
    "any.as-json": "One JSON object on stdout.",
    "any.exercise": "An id that `tabletop list` shows, or the path of a file.",
    "any.run": "A run id as `tabletop runs` shows it, the beginning of one, or `latest`.",
    "list.short": "The exercises on the shelf, by subject",
    "list.about": (
        "Lists every exercise found in ./exercises, in your data folder and among those that ship with the program. Where two have "
        "one id the nearer hides the further. A file with problems is listed with their number; tabletop check names them."
    ),
    "list.example-1": "all exercises, by subject",
    "list.example-2": "the reusable injects an exercise file can take with `use:`",
    "list.example-3": "the same for a program",
    "list.injects": "The decks of reusable injects, in place of the exercises.",
    "show.short": "What an exercise is: roles, objectives, injects",
    "show.about": (
        "Shows who plays, what for, and the list of injects with their times. Notes, expected actions, hints and what an option brings "
        "about are left out, so that a player may look over your shoulder; --facilitator shows them."
    ),
    "show.example-1": "an exercise of the shelf, fit for any eyes",
    "show.example-2": "everything in it, for the facilitator only",
    "show.example-3": "a file of your own, for a program",
    "show.facilitator": "Everything: notes, expected actions, option effects, accepted warnings. Not for players.",
    "check.short": "Every problem of every file, with its line",
    "check.about": (
        "Checks exercises, decks of injects and rehearsal scripts. A problem is printed as FILE:LINE:COLUMN: KEY: message. hint, a "
        "warning likewise; a summary goes to stderr. Folders are searched for *.yaml and *.yml."
    ),
    "check.example-1": "one file",
    "check.example-2": "whole folders, and not a single warning let through",
    "check.example-3": "for an editor or a program",
    "check.paths": "Files or folders.",
    "check.strict": "Warnings count as problems.",
    "new.short": "Begin an exercise of your own",
    "new.about": (
        "Writes ./exercises/ID.yaml, a small exercise that can be played as it stands, with a comment beside every key. Its language is "
        "that of --lang. A file that is there already is left alone."
    ),
    "new.example-1": "a commented beginning",
    "new.example-2": "the same in Chinese",
    "new.example-3": "a copy of an exercise, under an id of your own",
    "new.exercise-id": "Its id: lower-case letters, digits, hyphens.",
    "new.source": "Copy this exercise, and its attachments, in place of the commented beginning.",
    "schema.short": "JSON Schema of the exercise file, for editors",
    "schema.about": (
        "Prints the JSON Schema of an exercise file. An editor that knows it completes keys and underlines mistakes while you write; "
        "tabletop check finds more."
    ),
    "schema.example-1": "for your editor",
    "schema.example-2": "that of a deck of injects",
    "schema.deck": "The schema of a deck of reusable injects.",
    "run.short": "Run an exercise, or go on with a run",
    "run.about": (
        "Opens the facilitator's console. A new run begins with the briefing, which the room may see; space starts the exercise. The "
        "discussion pace plays the core injects one after the other; the timed pace plays all of them on the exercise clock. A run that "
        "was left, or that broke off, is resumed where it stood, paused."
    ),
    "run.example-1": "at the pace of the discussion",
    "run.example-5": "a drill of half an hour: says what does not fit",
    "run.example-2": "on the clock, at a place that the record names",
    "run.example-4": "ten minutes alone, to learn the keys",
    "run.example-3": "go on with the newest run that has not ended",
    "run.resume": "Go on with this run; `latest` is the newest that has not ended.",
    "run.pace": "How injects fall due; discussion unless said.",
    "run.slot": "How long the room is booked: 30m. Brief, play and hot wash are planned backwards.",
    "run.until": "The time at which the room is wanted: 15:40. Planned backwards as well.",
    "run.speed": "Seconds of exercise time for each real second.",
    "run.auto": "What is due releases itself.",
    "run.values": "Gives a parameter of the exercise another value; can be repeated.",
    "run.site": "The place that plays, for the record.",
    "run.level": "Its level, for the record: outlet, sub-branch, city ...",
    "run.people": "Who plays which role: YAML, {{ROLE: {{A: name, B: name}}}}.",
    "run.practice": "Learn the console in ten minutes: the people are simulated, nothing counts.",
    "run.quiet": "No bell.",
    "station.short": "A seat at a terminal: one role, a group, or from hand to hand",
    "station.about": (
        "Joins a run that the console drives, on a machine that has the store. Without --role it asks who sits here; without --name it "
        "asks for a name, which may stay empty. Several roles at one terminal share it with one scribe; with --private it goes from hand "
        "to hand, and a key hides what the last one saw."
    ),
    "station.example-1": "choose the seats on the screen",
    "station.example-2": "one seat; nothing is asked",
    "station.example-3": "two tellers who pass one laptop to and fro",
    "station.example-4": "an evaluator's station, with the expected actions",
    "station.roles": "A role of this seat, by id, number or short name; again for a group.",
    "station.name": "Who sits here, or types for the group; with --private only beside exactly one --role.",
    "station.private": "The terminal goes from hand to hand: each role's screen is shown alone.",
    "station.evaluator": "An evaluator's station instead of a seat.",
    "station.lead": "The lead evaluator's: it locks the ratings.",
    "station.recorder": "A recorder's station instead of a seat.",
    "station.quiet": "No bell.",
    "room.short": "The wall: the display that the whole room sees",
    "room.about": (
        "Shows on a projector what the whole room was told, and what the console turns it to with v. Enlarge the letters until the window "
        "has about 80 columns. Keys: t changes the colours, Ctrl+G or F12 twice is a real emergency, Ctrl+Q leaves."
    ),
    "room.example-1": "the wall of the run that was begun last",
    "room.example-2": "the wall of one place of several",
    "room.site": "The site where this wall hangs, as the exercise names it.",
    "serve.short": "Seats and the wall in browsers, for phones and laptops",
    "serve.about": (
        "Serves the run to browsers on this machine, or with --lan to those on one network: seats of players, evaluators, recorders and "
        "site controllers, and the wall. Who joins needs a code, made at the console with w. Pages are plain, ask nothing of any "
        "other place, and work without scripts. ctrl+c ends it. Needs pip install 'tabletop[web]'."
    ),
    "serve.example-1": "for browsers on this machine alone",
    "serve.example-2": "for phones on the network of that address",
    "serve.example-3": "the same, encrypted, under a name of its own",
    "serve.example-4": "codes and cards for every role first, then the server",
    "serve.port": "The port to listen on. Unless said, the one this run had last, if it is free, else 8765. 0: any that is free.",
    "serve.lan": "The address of this machine on the network that may reach it. Without it, nobody but this machine does.",
    "serve.names": "A further name under which browsers reach it; any other is refused.",
    "serve.tls-cert": "The certificate, in PEM: what is typed travels encrypted.",
    "serve.tls-key": "Its key, in PEM, without a password.",
    "serve.site": (
        "Every wall of this server hangs at that site of the exercise. Without it, a screen is asked where it hangs when it joins."
    ),
    "serve.cards": (
        "Makes codes and writes cards to print to FILE, which only you may read; then serves. Where another process serves the "
        "run already, it writes the cards and ends."
    ),
    "serve.seats": (
        "Whose card, with --cards: a role, evaluator:NAME, recorder:NAME, site:ID, viewer, or roles for every role that people "
        "play. Left out: every such role, and one for the viewers."
    ),
    "follow.short": "A run as plain lines, for screen readers and logs",
    "follow.about": (
        "Prints what happened so far, then each thing as it happens: one line each, the exercise time first, nothing ever drawn over. "
        "Without --role the lines hold everything and are the facilitator's; with --role they are what that role's seat may see. Ends "
        "when the ratings are locked, at once for a run that ended and that no console has open any more, or with ctrl+c."
    ),
    "follow.example-1": "the whole run, for the facilitator",
    "follow.example-2": "what teller 1 is told and asked",
    "follow.example-3": "for a program: one JSON object a line",
    "follow.roles": "Only what this role may see; again for a seat of several roles.",
    "follow.as-json": "One JSON object a line on stdout.",
    "rehearse.short": "Play an exercise by a script, with no people",
    "rehearse.about": (
        "Plays the exercise by a script that says what each role does when, through the same rules, log and score as a real run, and "
        "stores it as a rehearsal. A step that cannot happen is named with its line, and nothing is stored. Rehearsals never count in "
        "programme statistics."
    ),
    "rehearse.example-1": "play a script; prints the id of the run",
    "rehearse.example-2": "the same for a program: the summary of the run",
    "rehearse.script": "The steps, as YAML.",
    "rehearse.seed": "Shuffles options the same way each time.",
    "runs.short": "All runs, the newest first",
    "runs.about": "Lists the runs in the store: when each was made, how far its exercise clock came, and what can be done with it.",
    "runs.example-1": "what was played here",
    "runs.example-2": "the same for a program",
    "log.short": "The decision log of a run",
    "log.about": (
        "Prints every decision and answer with its time, role and reason. What was taken back stays, marked as such. With --events it "
        "prints everything that happened. Rows are in the order in which they were recorded."
    ),
    "log.example-1": "the decisions of the newest run",
    "log.example-2": "for a spreadsheet",
    "log.example-3": "every event, for a program",
    "log.events": "Every event, not only decisions.",
    "log.as-csv": "Comma-separated, no cell a formula.",
    "verify.short": "Whether a log is what was recorded",
    "verify.about": (
        "Checks the seal of a run: each event is chained to the one before. Names the first event that was altered, removed, added or put "
        "elsewhere. With --head it also compares with what a signed paper says."
    ),
    "verify.example-1": "check the newest run",
    "verify.example-2": "compare with the head printed on the debrief",
    "verify.head": "Number of events and hash as on paper; 16 digits at least.",
    "debrief.short": "The debrief of a run: screen or document",
    "debrief.about": (
        "Opens the debrief of a run. With -o or --format it writes the document and needs no screen. The document depends on the log and "
        "the language alone: the same run gives the same bytes."
    ),
    "debrief.example-1": "the debrief screen",
    "debrief.example-2": "the document; the ending says the format",
    "debrief.example-3": "for a program, on stdout",
    "debrief.target": "Where to write the document; - is stdout. A file of that name is replaced.",
    "debrief.format-name": "md or json; else what the ending of the file says.",
    "doctor.short": "Terminal, folders, SQLite, store",
    "doctor.about": "Looks at what this machine gives the program and says what to change. Changes nothing.",
    "doctor.example-1": "look at this machine",
    "doctor.example-2": "the same for a program",
}
