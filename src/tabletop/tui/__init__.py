"""Screens. The only package that knows Textual.

Textual reads its environment when it is first imported, so what the screens need of it is settled here: the extended
keyboard protocol stays off, because terminals that speak it swallow what a Chinese input method sends.
"""

import os

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
