"""Music, ambience and volumes."""

from nemo_widgets.local.planner.cuts import is_drawn, is_film
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.plans import PlanAsset, Stage
from nemo_widgets.local.planner.timeline import (
    Raw,
    altered,
    ambience,
    meta,
    music,
    shots,
    start_of,
    total_ms,
    with_ambience,
    with_music,
    with_shots,
)
from nemo_widgets.local.planner.voice import percent, seconds
from nemo_widgets.local.planner.wishes.music_timing import FadeMusic, StartMusic
from nemo_widgets.local.planner.wishes.sounds import (
    Loudness,
    PutAmbience,
    RemoveAmbience,
    RemoveMusic,
    SetMusic,
    SetVolume,
)
from nemo_widgets.local.sound.music import DEFAULT_VOLUME, GENRES

AMBIENCE_VOLUME = 0.5


def set_music(wish: SetMusic, draft: Raw, desk: Desk) -> Stage:
    """Put music under the whole, in place of what was there."""
    there = music(draft)
    if wish.url:
        return _own_music(desk.message.asset(wish.url), wish.loudness, draft, desk)
    tune = wish.tune
    genre = tune.genre if tune is not None else _other_genre(draft)
    volume = volume_of(wish.loudness, there[0] if there else None, DEFAULT_VOLUME)
    facts = {"name": desk.voice.name("genre", genre), "style": genre, "volume": volume, "seed": desk.seed}
    after = with_music(draft, [_laid(facts, draft)])
    sentence = "music_changed" if there else "music_added"
    says = [desk.voice.say(sentence, music=facts["name"], volume=percent(volume))]
    if tune is not None and tune.near:
        says.append(desk.voice.say("near_music", word=tune.word, music=facts["name"]))
    return desk.done("edit_music" if there else "add_music", {"style": genre, "volume": volume}, draft, after, *says)


def _own_music(asset: PlanAsset, loudness: Loudness, draft: Raw, desk: Desk) -> Stage:
    volume = volume_of(loudness, None, DEFAULT_VOLUME)
    after = with_music(draft, [_laid({"name": asset.name, "url": asset.url, "volume": volume}, draft)])
    says = desk.voice.say("asset_music", name=asset.name, volume=percent(volume))
    return desk.done("add_music", {"file": asset.name}, draft, after, says)


def _laid(facts: Raw, draft: Raw) -> Raw:
    identifier = next((piece.get("id") for piece in music(draft)), None)
    return {"id": identifier, "s": 0, "d": total_ms(draft), "m": facts}


def _other_genre(draft: Raw) -> str:
    """Return another genre than the one that plays; without music, the one that suits the first scene."""
    there = [str(meta(piece).get("style")) for piece in music(draft)]
    names = list(GENRES)
    if there and there[0] in names:
        return names[(names.index(there[0]) + 1) % len(names)]
    return suiting(draft)


def suiting(draft: Raw) -> str:
    """Return the genre that suits the first drawn scene."""
    scene = next((str(meta(piece)["scene"]) for piece in shots(draft) if is_drawn(piece)), "")
    genre = str(entry("scene", scene).get("music") or "ambient")
    return genre if genre in GENRES else next(iter(GENRES))


def volume_of(loudness: Loudness, piece: Raw | None, default: float) -> float:
    """Return a volume from 0 to 1: as asked, in relation to what a segment has, or as that is."""
    said = meta(piece).get("volume") if piece is not None else None
    now = float(said) if isinstance(said, int | float) else default
    if loudness.to is not None:
        return round(min(1.0, max(0.0, loudness.to)), 2)
    if loudness.by is not None:
        return round(min(1.0, max(0.0, now * loudness.by)), 2)
    return now


def remove_music(wish: RemoveMusic, draft: Raw, desk: Desk) -> Stage:
    """Take the music off."""
    if not music(draft):
        return desk.only_says(draft, "no_music_there")
    return desk.done("remove_music", {}, draft, with_music(draft, []), desk.voice.say("music_removed"))


def put_ambience(wish: PutAmbience, draft: Raw, desk: Desk) -> Stage:
    """Let a place be heard under everything."""
    kind = wish.kind if wish.kind != "any" else fitting_ambience(draft)
    there = ambience(draft)
    same = [piece for piece in there if meta(piece).get("ambience") == kind]
    volume = volume_of(wish.loudness, same[0] if same else None, AMBIENCE_VOLUME)
    name = desk.voice.name("ambience", kind)
    facts = {"name": name, "ambience": kind, "volume": volume}
    identifier = same[0].get("id") if same else None
    pieces = [piece for piece in there if piece not in same]
    after = with_ambience(draft, [*pieces, {"id": identifier, "s": 0, "d": total_ms(draft), "m": facts}])
    says = desk.voice.say("ambience_added", sound=name, volume=percent(volume))
    return desk.done("add_ambience", {"sound": kind, "volume": volume}, draft, after, says)


def fitting_ambience(draft: Raw) -> str:
    """Return the sound of what is seen: of its weather, else of its scene."""
    for fact in ("weather", "scene"):
        for piece in shots(draft):
            value = str(meta(piece).get(fact) or "")
            if sound := entry(fact, value).get("ambience"):
                return str(sound)
    return "wind"


def remove_ambience(wish: RemoveAmbience, draft: Raw, desk: Desk) -> Stage:
    """Take the sounds of places off."""
    if not ambience(draft):
        return desk.only_says(draft, "no_ambience")
    return desk.done("remove_ambience", {}, draft, with_ambience(draft, []), desk.voice.say("ambience_removed"))


def set_volume(wish: SetVolume, draft: Raw, desk: Desk) -> Stage:
    """Make sounds louder, quieter, silent or heard again."""
    footage = [piece for piece in shots(draft) if is_film(piece)]
    what = wish.what
    if what == "any":
        what = "music" if music(draft) else "footage" if footage else "ambience"
    kinds = ["music", "ambience", "footage"] if what == "all" else [what]
    after = draft
    told = []
    for kind in kinds:
        after, level = _at_volume(kind, wish, after)
        if level is not None:
            told.append((kind, level))
    if not told:
        if wish.what == "ambience":
            return desk.only_says(draft, "no_ambience")
        return desk.only_says(draft, "no_sound_there" if what == "all" else f"no_{what}_there")
    if after == draft:
        return desk.only_says(draft, "same_volume", volume=percent(told[0][1]))
    if what == "all":
        says = desk.voice.say("unmuted" if wish.unmute else "muted")
    else:
        says = desk.voice.say(f"{what}_volume", volume=percent(told[0][1]))
    return desk.done("set_volume", {"volume": told[0][1]}, draft, after, says)


def _at_volume(kind: str, wish: SetVolume, draft: Raw) -> tuple[Raw, float | None]:
    defaults = {"music": DEFAULT_VOLUME, "ambience": AMBIENCE_VOLUME, "footage": 1.0}
    level: float | None = None

    def changed(piece: Raw) -> Raw:
        nonlocal level
        default = defaults[kind]
        silent = meta(piece).get("volume") == 0
        if wish.unmute:
            value = default if silent else volume_of(Loudness(), piece, default)
        else:
            value = volume_of(wish.loudness, piece, default)
        level = value if level is None else level
        return altered(piece, volume=value)

    if kind == "music":
        pieces = [changed(piece) for piece in music(draft)]
        return (with_music(draft, pieces) if pieces else draft), level
    if kind == "ambience":
        pieces = [changed(piece) for piece in ambience(draft)]
        return (with_ambience(draft, pieces) if pieces else draft), level
    meant = [
        changed(piece) if is_film(piece) and (wish.shots is None or str(piece.get("id")) in wish.shots) else piece
        for piece in shots(draft)
    ]
    return (with_shots(draft, meant) if level is not None else draft), level


def fade_music(wish: FadeMusic, draft: Raw, desk: Desk) -> Stage:
    """Let the music come and go softly."""
    there = music(draft)
    if not there:
        return desk.only_says(draft, "no_music_there")
    longest = total_ms(draft) // (2 if wish.in_ms and wish.out_ms else 1)
    facts = {"fade_in_ms": wish.in_ms, "fade_out_ms": wish.out_ms}
    given = {key: min(ms, longest) for key, ms in facts.items() if ms is not None}
    after = with_music(draft, [altered(piece, **given) for piece in there])
    key = "music_fades_both" if len(given) > 1 else "music_fades_in" if "fade_in_ms" in given else "music_fades_out"
    return desk.done("add_fade", given, draft, after, desk.voice.say(key, duration=seconds(max(given.values()))))


def start_music(wish: StartMusic, draft: Raw, desk: Desk) -> Stage:
    """Let the music begin later."""
    there = music(draft)
    if not there:
        return desk.only_says(draft, "no_music_there")
    if wish.at_ms >= total_ms(draft):
        return desk.only_says(draft, "beyond_end", duration=seconds(total_ms(draft)))
    moved = [{**piece, "s": start_of(piece) if index else wish.at_ms} for index, piece in enumerate(there)]
    says = desk.voice.say("music_starts", start=seconds(wish.at_ms))
    return desk.done("move_music", {"start_s": wish.at_ms / 1000}, draft, with_music(draft, moved), says)
