"""The three looks: dark, light, contrast. Every text at least 7:1 on every ground, every border at least 3:1; tested."""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of one theme; all that is shown is made of these."""

    name: str
    dark: bool
    background: str
    surface: str
    panel: str
    text: str
    muted: str
    primary: str
    accent: str
    warning: str
    error: str
    success: str
    border: str


DARK = Paint(
    name="tabletop-dark",
    dark=True,
    background="#0e1216",
    surface="#151a20",
    panel="#1d242c",
    text="#f1f4f6",
    muted="#c2ccd5",
    primary="#a8ccff",
    accent="#86dcff",
    warning="#ffcb5c",
    error="#ffb3ab",
    success="#93e6a0",
    border="#74808c",
)

LIGHT = Paint(
    name="tabletop-light",
    dark=False,
    background="#ffffff",
    surface="#f5f6f8",
    panel="#e9edf0",
    text="#11161a",
    muted="#39434b",
    primary="#0f3d86",
    accent="#00466f",
    warning="#5f3700",
    error="#870d12",
    success="#0a4a1e",
    border="#6b7680",
)

CONTRAST = Paint(
    name="tabletop-contrast",
    dark=True,
    background="#000000",
    surface="#000000",
    panel="#101010",
    text="#ffffff",
    muted="#ffffff",
    primary="#9ad1ff",
    accent="#66ffff",
    warning="#ffff00",
    error="#ffc4bd",
    success="#7dff8e",
    border="#ffffff",
)

PAINTS = (DARK, LIGHT, CONTRAST)


def theme_of(paint: Paint) -> Theme:
    """The Textual theme of a paint; every text token is set, so that none is derived below the contrast we promise."""
    hues = {"primary": paint.primary, "secondary": paint.primary, "accent": paint.accent}
    hues |= {"warning": paint.warning, "error": paint.error, "success": paint.success}
    variables = {
        "text": paint.text,
        "text-muted": paint.muted,
        "text-disabled": paint.muted,
        "foreground-muted": paint.muted,
        "foreground-disabled": paint.muted,
        "border": paint.border,
        "border-blurred": paint.border,
        "block-cursor-foreground": paint.background,
        "block-cursor-background": paint.primary,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": paint.text,
        "block-cursor-blurred-background": paint.panel,
        "block-hover-background": paint.panel,
        "input-cursor-background": paint.text,
        "input-cursor-foreground": paint.background,
        "input-selection-background": paint.primary,
        "input-selection-foreground": paint.background,
        "screen-selection-background": paint.primary,
        "screen-selection-foreground": paint.background,
        "footer-foreground": paint.text,
        "footer-background": paint.panel,
        "footer-key-foreground": paint.accent,
        "footer-key-background": paint.panel,
        "footer-description-foreground": paint.text,
        "footer-description-background": paint.panel,
        "button-foreground": paint.text,
        "button-color-foreground": paint.background,
        "button-focus-text-style": "bold reverse",
        "link-color": paint.accent,
        "link-color-hover": paint.background,
        "link-background-hover": paint.accent,
        "scrollbar": paint.border,
        "scrollbar-hover": paint.accent,
        "scrollbar-active": paint.accent,
        "scrollbar-background": paint.surface,
        "scrollbar-background-hover": paint.surface,
        "scrollbar-background-active": paint.surface,
        "scrollbar-corner-color": paint.surface,
    }
    variables |= {f"text-{name}": colour for name, colour in hues.items()}
    return Theme(
        name=paint.name,
        dark=paint.dark,
        background=paint.background,
        surface=paint.surface,
        panel=paint.panel,
        foreground=paint.text,
        boost=paint.panel,
        text_alpha=1.0,
        variables=variables,
        primary=paint.primary,
        secondary=paint.primary,
        accent=paint.accent,
        warning=paint.warning,
        error=paint.error,
        success=paint.success,
    )


THEMES = tuple(theme_of(paint) for paint in PAINTS)
