"""`tabletop serve`: what it says when it begins, and why it cannot."""

WORDS = {
    "not-installed": "The part that serves browsers is not installed.",
    "not-installed.hint": "pip install 'tabletop[web]'",
    "cert-and-key": "--tls-cert and --tls-key belong together.",
    "seat-and-cards": "--seat says whose cards: name the file with --cards.",
    "no-file": "There is no such file: {path}",
    "no-file.hint": "Name the files as they lie on this machine.",
    "bad-cert": "Certificate and key cannot be used: {reason}",
    "bad-cert.hint": "Both in PEM; the key without a password.",
    "cannot-listen": "It cannot listen on {address}: {reason}",
    "cannot-listen.hint": "Another program may be there: name another --port; --lan takes an address of this machine.",
    "already": "This run is served already, at {address}.",
    "already.hint": "End that server first, or name another --port for a second one.",
    "moved": "Cards and links for {before} lead nowhere now: it is served here instead. --cards FILE writes new ones.",
    "no-address": "{given} is not the address of one machine.",
    "no-address.hint": "Addresses of this machine: {known}",
    "no-host": "--host takes a host name or an address, and nothing else: {given}",
    "no-host.hint": "Name it as in drill.bank.example or 10.0.0.7: without http:// before it and without a port; --port names that.",
    "serving": "Serving {run}. ctrl+c ends it; nothing that was recorded is lost.",
    "no-tls": "Warning: without --tls-cert, who listens on this network can read answers and codes along.",
    "codes": "Codes are made at the console: w.",
}
