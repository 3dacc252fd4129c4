"""Some of the shots, as a message says it, and which they are on a timeline."""

from dataclasses import dataclass, replace

from nemo_widgets.local.planner.cuts import is_film, is_upload
from nemo_widgets.local.planner.timeline import Raw, meta, shots


@dataclass(frozen=True, slots=True)
class Ref:
    """Some of the shots, as a message says it.

    Attributes
    ----------
    numbers : tuple of int
        Counted from 1, from the end where negative; 0 is the middle one.
    scenes, files : tuple of str
        What they show, by scene or URL.
    kind : {"", "image", "video"}
        Only photos, only films.
    every, each, rest : bool
        All of them; every one by itself; all that the message doesn't speak of elsewhere.
    but : Ref or None
        Those that aren't meant: "all but the last".
    """

    numbers: tuple[int, ...] = ()
    scenes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    kind: str = ""
    every: bool = False
    each: bool = False
    rest: bool = False
    but: "Ref | None" = None

    def joined(self, other: "Ref") -> "Ref":
        """Return this and another one together."""
        return replace(
            self,
            numbers=self.numbers + other.numbers,
            scenes=self.scenes + other.scenes,
            files=self.files + other.files,
            every=self.every or other.every,
        )


def resolve(ref: Ref, draft: Raw) -> tuple[list[str], list[int]]:
    """Return the ids of the shots that are meant, in the order said, and the numbers that no shot has."""
    pieces = [piece for piece in shots(draft) if _is_kind(piece, ref.kind)]
    found: list[str] = []
    lacking: list[int] = []
    for number in ref.numbers:
        index = len(pieces) // 2 if number == 0 else number - 1 if number > 0 else len(pieces) + number
        if 0 <= index < len(pieces):
            found.append(str(pieces[index]["id"]))
        else:
            lacking.append(number)
    for piece in pieces:
        facts = meta(piece)
        named = facts.get("scene") in ref.scenes or facts.get("url") in ref.files
        if ref.every or (named and (facts.get("scene") or facts.get("url"))):
            found.append(str(piece["id"]))
    if ref.kind and not (ref.numbers or ref.scenes or ref.files):
        found = [str(piece["id"]) for piece in pieces]
    if ref.but is not None:
        excepted, none = resolve(ref.but, draft)
        found, lacking = [one for one in found if one not in excepted], lacking + none
    return list(dict.fromkeys(found)), lacking


def _is_kind(piece: Raw, kind: str) -> bool:
    if not kind:
        return True
    return is_film(piece) if kind == "video" else is_upload(piece) and not is_film(piece)
