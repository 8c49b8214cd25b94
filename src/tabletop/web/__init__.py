"""Browser seats: one process, plain HTML and server-sent events. The only package that knows Starlette.

Light on purpose: printed cards are made from here where no server is installed.
"""
