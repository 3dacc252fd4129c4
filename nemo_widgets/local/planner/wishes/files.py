"""Uploaded files that a message names, and those that it means by "my clip" or "the second photo"."""

from collections.abc import Sequence

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import SHORTEST_SHOT_MS
from nemo_widgets.local.planner.wishes.context import Context, Say
from nemo_widgets.local.planner.wishes.sounds import Loudness, SetMusic


def read_own_sound(clause: Clause, context: Context) -> None:
    """Find an uploaded sound that is to be the music."""
    tokens = [token for token in file_tokens(clause, context) if sounds_of(token, context)]
    if not tokens or (clause.does("remove") and not clause.does("add", "use")):
        return
    only_sound = [token for token in tokens if len(sounds_of(token, context)) == len(urls_of(token, context))]
    share = clause.first("percent")
    clause.use(share, *only_sound, *clause.all("own", "audio"))
    if only_sound:
        clause.use(*clause.all("thing", "music", "sound", "volume"))
    loudness = Loudness(to=min(1.0, share.get("percent"))) if share else Loudness()
    context.wish(SetMusic(None, sounds_of(tokens[0], context)[0], loudness))


def sounds_of(token: Token, context: Context) -> list[str]:
    """Return the sounds among the files that a token means."""
    return [url for url in urls_of(token, context) if context.message.asset(url).kind == "audio"]


def pictures_of(token: Token, context: Context) -> list[str]:
    """Return the films and photos among the files that a token means."""
    return [url for url in urls_of(token, context) if context.message.asset(url).kind != "audio"]


def lost_file(token: Token, context: Context) -> Say:
    """Return what to say about a file that nobody uploaded."""
    known = [asset.name for asset in context.message.assets]
    return Say("asset_unknown" if known else "asset_none", {"name": token.get("lost_file"), "files": known})


def file_tokens(clause: Clause, context: Context) -> list[Token]:
    """Return the tokens that mean uploaded files: by name, or "my clip", "the second photo"."""
    found = clause.all("file")
    for token in clause.all("own"):
        if not token.has("shots") or clause.does("add", "use", "put", "replace") or not clause.has_own_verb:
            found += [token] if urls_of(token, context) else []
    for token in clause.all("shots"):
        ref = token.get("shots")
        if ref.kind and token not in found and urls_of(token, context) and not context.resolved(ref):
            found.append(token)
    return sorted(dict.fromkeys(found), key=lambda token: token.start)


def part_of_file(clause: Clause, new: Sequence[Token], length_ms: int | None) -> tuple[int, int | None]:
    """Read which part of a file is meant: "holiday.mov from second 2 to second 4", "seconds 2 to 4 of holiday.mov".

    Returns
    -------
    tuple of int and int or None
        Where in the file it begins and how long it is, both in milliseconds; the `length_ms` that is said elsewhere,
        if any, where no end is.
    """
    pivot = (clause.pivot() or 0) if clause.does("replace") else 0
    span = next((token for token in clause.all("span") if new and token.start >= pivot), None)
    if span is not None:
        clause.use(span)
        start, end = (round(1000 * moment) for moment in span.get("span"))
        return start, max(SHORTEST_SHOT_MS, end - start)
    for moment in clause.all("instant") if new else []:
        lead = clause.before(moment)
        if lead is not None and lead.has("prep", "from") and moment.start >= pivot:
            clause.use(moment)
            return round(1000 * moment.get("instant")), length_ms
    return 0, length_ms


def urls_of(token: Token, context: Context) -> list[str]:
    """Return the files that a token means, in the order of their uploads."""
    if token.has("file"):
        return [token.get("file")]
    ref = token.get("shots")
    kind = token.get("own") or (ref.kind if ref is not None else "")
    files = [asset.url for asset in context.message.assets if kind in ("file", asset.kind)]
    if ref is not None and ref.numbers:
        picks = [number - 1 if number > 0 else len(files) + number for number in ref.numbers]
        return [files[pick] for pick in picks if 0 <= pick < len(files)]
    plural = kind == "file" or token.text.endswith("s") or (ref is not None and ref.every)
    return files if plural else files[:1]
