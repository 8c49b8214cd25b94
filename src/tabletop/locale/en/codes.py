"""Join codes: QR on screens and paper, printed cards, what a seat is called, what can be wrong with one that is asked for."""

WORDS = {
    "no-qr": "The part that draws QR codes is not installed.",
    "no-qr.hint": "pip install 'tabletop[web]', or type address and code by hand.",
    "no-seat": "This run has no seat “{seat}”.",
    "no-seat.hint": "There are: {known}; besides these evaluator:NAME, lead:NAME, recorder:NAME, control:ROLE and viewer.",
    "file-there": "There is a file already: {path}",
    "file-there.hint": "Name another one: the codes on an old sheet may still be handed out.",
    "written": "{n} cards written to {path}, for {address}. Who has the file can join: print it, then delete it.",
    "written#one": "1 card written to {path}, for {address}. Who has the file can join: print it, then delete it.",
    "loopback": "Only this machine can open {address}: name the address of the network with --lan before you print cards for phones.",
    "title.control": "Control team: {role}",
    "title.site": "Site controller: {site}",
    "title.evaluator": "Evaluator {name}",
    "title.lead": "Lead evaluator {name}",
    "title.recorder": "Recorder {name}",
    "title.viewer": "The wall, for everybody in the room",
    "card.page-title": "Join cards",
    "card.exercise": "EXERCISE",
    "card.name": "Name",
    "card.how": "Scan, or type the code at the address. One device, once: show this card to nobody.",
    "card.how-all": "Scan, or type the code at the address, to follow the wall. For everybody in the room.",
}
