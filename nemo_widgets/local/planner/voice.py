"""The agent's sentences, and what it calls things, in one language."""

from collections.abc import Sequence

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.setting import Palette
from nemo_widgets.local.planner.lexicon import sentences, tables


class Voice:
    """What is said in one language.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._sentences = sentences(language)

    def say(self, sentence: str, **values: object) -> str:
        """Fill in one of the sentences of ``words/answers.toml``."""
        return self._sentences[sentence].format(**values)

    def name(self, kind: str, value: str) -> str:
        """Return what a value of the vocabulary is called: a scene, weather, style, genre, hue."""
        return str(tables()[kind][value][self.language])

    def picture(self, scene: str, palette: Palette, time: str = "") -> str:
        """Return what a drawn shot is called, by its light where it could have another: ``city at night``.

        A palette for dusk serves dawn as well; the `time` that was asked for tells which it is.
        """
        name = self.name("scene", scene)
        if tables()["scene"][scene].get("plain") or palette.light == "day":
            return name
        kind = "dawn" if time == "dawn" and palette.light == "dusk" else palette.light
        light = str(tables()["light" if self.language == "en" else "light_zh"][kind])
        return f"{name} {light}" if self.language == "en" else f"{light}{name}"

    def light(self, light: str) -> str:
        """Return what a light is called: ``at dusk``."""
        return str(tables()["light" if self.language == "en" else "light_zh"][light]).removesuffix("的")

    def colours(self, palette: Palette, time: str = "") -> str:
        """Return what the light of a palette is like: ``dusk, orange and red``."""
        hues = [self.name("hue", hue) for hue in palette.hues[:2]]
        kind = "dawn" if time == "dawn" and palette.light == "dusk" else palette.light
        return self.say(f"light_{kind}", hues=self.listed(hues))

    def scenes(self) -> str:
        """Return what all scenes are called, as a list."""
        return self.listed([self.name("scene", scene) for scene in tables()["scene"] if scene in SCENES])

    def listed(self, names: Sequence[str]) -> str:
        """Join names as the language does."""
        if len(names) < 2:
            return "".join(names)
        return self._sentences["list_join"].join(names[:-1]) + self._sentences["list_last"] + names[-1]

    def quoted(self, words: Sequence[str]) -> str:
        """Join quoted words."""
        marks = ('"', '"') if self.language == "en" else ("「", "」")
        return self.listed([f"{marks[0]}{word}{marks[1]}" for word in words])


def joined(*said: str) -> str:
    """Join sentences, leaving out the empty ones and those said before."""
    return " ".join(dict.fromkeys(sentence for sentence in said if sentence))


def seconds(ms: float) -> str:
    """Return milliseconds as seconds in words: ``3``, ``2.5``."""
    return f"{ms / 1000:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Return a share as ``35%``."""
    return f"{round(share * 100)}%"


def times(factor: float) -> str:
    """Return a factor as ``0.5×``."""
    return f"{factor:.2f}".rstrip("0").rstrip(".") + "×"
