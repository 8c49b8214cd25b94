"""The program of the wall: the shared display, turned from the console. It takes no part but to raise a real emergency."""

from __future__ import annotations

from tabletop.engine.rights import Actor
from tabletop.errors import NotFound

from .player_app import PlayerApp
from .seat_source import JoinedRun


class RoomApp(PlayerApp):
    """A terminal on a projector."""

    def __init__(self, source: JoinedRun, *, language: str = "en", site: str = "") -> None:
        super().__init__(source, language=language, quiet=True)
        self.asked_site = site
        """Id of the site where this wall hangs; empty: the one room there is."""

    @property
    def actor(self) -> Actor:
        return Actor("wall")

    @property
    def place_name(self) -> str:
        return "wall"

    @property
    def site(self) -> str:
        return self.asked_site or super().site

    async def first_screen(self) -> None:
        from .screens.room import RoomScreen

        desk = self.desk
        if desk is None:
            return
        known = [site.id for site in desk.exercise.sites]
        if self.asked_site and self.asked_site not in known:
            raise NotFound("station.no-site" if known else "station.no-sites", name=self.asked_site, known=", ".join(known))
        seat = f"wall:{self.asked_site}" if self.asked_site else "wall"
        desk.sit(lambda: self.source.sit("", seat, ""), lambda: None, self.desk_failed)
        await self.show_alone(RoomScreen())
