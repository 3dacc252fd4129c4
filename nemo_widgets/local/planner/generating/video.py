"""Plans for a new video: the shots as the raw clip, then music, titles and what else was wished, one step each."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.picture.scenes import FALLBACK, SCENES
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.planner.cuts import is_drawn, is_upload, with_length
from nemo_widgets.local.planner.edits.cutting import bounds_of
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.fulfil import fulfil
from nemo_widgets.local.planner.edits.joins import TRANSITION_MS
from nemo_widgets.local.planner.edits.looks import describe
from nemo_widgets.local.planner.edits.sounds import suiting
from nemo_widgets.local.planner.generating.negation import parted
from nemo_widgets.local.planner.generating.placing import over_their_shots
from nemo_widgets.local.planner.generating.story import Story, read_story
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look, with_moods
from nemo_widgets.local.planner.making import make_shot, not_drawn
from nemo_widgets.local.planner.plans import History, Plan, Stage
from nemo_widgets.local.planner.reading.clauses import Clause, pieces
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.reading.quantities import RATIOS
from nemo_widgets.local.planner.reading.tokens import normalised, tokenize
from nemo_widgets.local.planner.subjects import Subject
from nemo_widgets.local.planner.timeline import (
    LONGEST_MS,
    SHORTEST_MS,
    Raw,
    altered,
    meta,
    new_draft,
    shots,
    total_ms,
    with_shots,
)
from nemo_widgets.local.planner.voice import joined, seconds
from nemo_widgets.local.planner.wishes import cutting, files, insets, joins, looks, sounds, texts
from nemo_widgets.local.planner.wishes.context import Context, Say, Told
from nemo_widgets.local.planner.wishes.gathering import gathered
from nemo_widgets.local.planner.wishes.talk import is_foreign, read_missing

_NO_HISTORY = History()


def plan_video(message: Message, desk: Desk, before: Raw) -> Plan:
    """Plan a new video.

    Parameters
    ----------
    message, desk : Message, Desk
        What was written, and what it is answered with.
    before : Raw
        The timeline that it takes the place of.
    """
    empty: Raw = {}
    context = Context(message, empty)
    clauses, unwanted = parted(pieces(message.tokens))
    told = _read_missing(clauses, context)
    spoken = [_read_texts_and_sounds(clause, context) for clause in clauses]
    quiet = any(clause.has("thing", "music", "sound") or clause.has("genre") for clause in unwanted) or any(
        isinstance(wish, sounds.RemoveMusic) or (isinstance(wish, sounds.SetVolume) and wish.loudness.to == 0)
        for wishes in spoken
        for wish in wishes
    )
    ratio = _ratio(clauses)
    titled = next(
        (wish.words for wishes in spoken for wish in wishes if isinstance(wish, texts.PutText) and wish.words), ""
    )
    refused = [token for clause in unwanted for token in clause.tokens]
    story = read_story(clauses, context, tokenize(normalised(titled), ()), refused)
    remarks: list[str] = []
    if is_foreign(message):
        remarks.append(desk.voice.say("languages"))
    draft, crossfades = _drawn(story, ratio, message, desk, remarks)
    draft = _joined_shots(clauses, draft, crossfades, message, desk)
    draft = {**draft, "m": {**draft["m"], "title": titled or _project_name(draft)}}
    if message.has("talk", "4k"):
        remarks.append(desk.voice.say("resolution"))
    gone = _gone(before, draft, desk)
    if shots(before) and not gone:
        remarks.append(desk.voice.say("takes_place"))
    remarks += gone
    lost = [
        str(fulfil(wish, draft, desk, _NO_HISTORY).says)
        for wishes in spoken
        for wish in wishes
        if isinstance(wish, Say)
    ]
    first = _first_stage(story, draft, ratio, message, desk, [*remarks, *lost, *told])
    wishes = over_their_shots(spoken, clauses, story, draft)
    return Plan((first, *_finishing(wishes, story, draft, desk, quiet)))


def _read_missing(clauses: Sequence[Clause], context: Context) -> list[str]:
    """Find what can't be done, unless its words only describe a picture."""
    for clause in clauses:
        token = clause.first("missing")
        lead = clause.before(token) if token is not None else None
        shows = clause.has("scene") or clause.has("extra")
        with_it = shows and lead is not None and lead.has("prep", "with")
        if token is not None and (with_it or token.has("missing", "logo", "file_format")):
            context.wish(Told(str(entry("missing", token.get("missing"))[context.message.language])))
            clause.use(token)
        elif clause.does("add") or not clause.has("scene"):
            read_missing(clause, context)
    told = [wish.text for wish in context.wishes if isinstance(wish, Told)]
    context.wishes.clear()
    return told


def _read_texts_and_sounds(clause: Clause, context: Context) -> list[object]:
    """Read titles, captions and sounds from a clause of a description; what is left of it describes files."""
    for token in clause.all("lost_file"):
        clause.use(token)
        context.wish(files.lost_file(token, context))
    files.read_own_sound(clause, context)
    if any(clause.has(kind) for kind in ("corner",)) or clause.has("thing", "pip"):
        _read_inset(clause, context)
    texts.read_texts(clause, context)
    sounds.read_sounds(clause, context)
    found = [wish for wish in context.wishes if not _is_empty_say(wish)]
    context.wishes.clear()
    return found


def _read_inset(clause: Clause, context: Context) -> None:
    """Read "cat.png in the corner of beach.mov": the file said first lies over the rest, where there is a rest."""
    everything = [
        token for token in context.message.tokens if token.has("file") or token.has("own") or token.has("scene")
    ]
    here = files.file_tokens(clause, context)
    if here and len(everything) > 1:
        rest = [
            token
            for token in clause.left
            if token not in here[:1] and (token.has("file") or token.has("own") or token.has("scene"))
        ]
        inner = Clause([token for token in clause.left if token not in rest], clause.lead)
        insets.read_inset(inner, context)
        clause.use(*(token for token in inner.tokens if inner.is_used(token)))


def _is_empty_say(wish: object) -> bool:
    return isinstance(wish, Say) and wish.sentence in ("text_how",)


def _ratio(clauses: Sequence[Clause]) -> str:
    found = [token for clause in clauses for token in clause.all("ratio")]
    for clause in clauses:
        clause.use(*clause.all("ratio"))
    return max(found, key=lambda token: len(token.text)).get("ratio") if found else "16:9"


def _drawn(story: Story, ratio: str, message: Message, desk: Desk, remarks: list[str]) -> tuple[Raw, bool]:
    made: list[Raw] = []
    for index, new in enumerate(story.shots):
        # One picture that becomes another is the same take.
        seed = desk.seed if story.crossfaded else desk.seed + index
        if message.has("talk", "surprise") and new.look.subject is None and not new.url:
            chosen = list(SCENES)[int(generator(seed, "surprise").integers(len(SCENES)))]
            new = replace(new, look=replace(new.look, subject=Subject(chosen, "", "chance", chosen), without=()))
        made.append(make_shot(new, seed, desk, remarks))
        subject = new.look.subject
        guessed = not (subject or new.look.without or new.url)
        if guessed or (subject is not None and subject.fit in ("guess", "chance")):
            scene = desk.voice.name("scene", subject.scene if subject is not None else FALLBACK)
            chance = subject is not None and subject.fit == "chance"
            remarks.append(desk.voice.say("chance" if chance else "no_subject", scene=scene))
    beside = [word for new in story.shots if new.url for word in new.look.without]
    remarks += not_drawn([new.look for new in story.shots if not new.url], desk, *story.beside, *beside)
    draft = new_draft(made, title="", size=RATIOS[ratio])
    asked = story.asked_ms if story.asked_ms is not None else total_ms(draft)
    goal = min(LONGEST_MS, max(SHORTEST_MS, asked))
    if goal != total_ms(draft):
        draft = with_shots(draft, with_length(shots(draft), goal))
    if story.refused_ms is not None:
        both = {"sum": seconds(total_ms(draft)), "total": seconds(story.refused_ms)}
        remarks.append(desk.voice.say("lengths_disagree", **both))
    if goal != asked:
        remarks.append(bounds_of(desk, total_ms(draft)))
    elif total_ms(draft) < goal:
        remarks.append(desk.voice.say("no_longer", duration=seconds(total_ms(draft))))
    return draft, story.crossfaded


def _joined_shots(clauses: Sequence[Clause], draft: Raw, crossfades: bool, message: Message, desk: Desk) -> Raw:
    """Give the shots the transitions and fades that the description asks for."""
    if crossfades:
        pieces_ = shots(draft)
        ms = min(2000, int(pieces_[0]["d"]) // 2)
        blended = [pieces_[0], *(altered(piece, transition={"kind": "crossfade", "ms": ms}) for piece in pieces_[1:])]
        draft = with_shots(draft, blended)
    context = Context(message, draft)
    for clause in clauses:
        joins.read_joins(clause, context)
        cutting.read_direction(clause, context)
        looks.read_turning(clause, context)
    for wish in context.wishes:
        if isinstance(wish, joins.SetTransition):
            wish = replace(wish, into=None, ms=wish.ms if wish.ms is not None else TRANSITION_MS)
        draft = fulfil(wish, draft, desk, _NO_HISTORY).draft
    return draft


def _project_name(draft: Raw) -> str:
    pieces_ = shots(draft)
    if is_upload(pieces_[0]):
        name = str(meta(pieces_[0])["name"])
        return name.rpartition(".")[0] or name
    names = list(dict.fromkeys(str(meta(piece)["name"]) for piece in pieces_))
    name = ", ".join(names)
    return name[:1].upper() + name[1:]


def _gone(before: Raw, after: Raw, desk: Desk) -> list[str]:
    """Return what to say about uploaded files that were on the timeline and aren't any more."""
    left = {meta(piece).get("url") for piece in shots(after)}
    gone = [
        str(meta(piece).get("name")) for piece in shots(before) if is_upload(piece) and meta(piece)["url"] not in left
    ]
    return [desk.voice.say("uploads_gone", names=desk.voice.listed(list(dict.fromkeys(gone))))] if gone else []


def _first_stage(story: Story, draft: Raw, ratio: str, message: Message, desk: Desk, remarks: Sequence[str]) -> Stage:
    duration = seconds(total_ms(draft))
    names = desk.voice.listed(list(dict.fromkeys(str(meta(piece)["name"]) for piece in shots(draft))))
    args = {"prompt": message.prompt.strip(), "duration_s": total_ms(draft) / 1000, "ratio": ratio, "seed": desk.seed}
    if all(is_upload(piece) for piece in shots(draft)):
        says = desk.voice.say("footage", names=names, duration=duration, ratio=ratio)
        return Stage(
            "add_footage",
            {"files": [str(meta(piece)["name"]) for piece in shots(draft)]},
            joined(says, *remarks),
            draft,
        )
    what = _what(story, desk)
    sentence = "generated_with" if what else "generated"
    says = desk.voice.say(sentence, scene=names, duration=duration, ratio=ratio, what=what)
    return Stage("generate_video", args, joined(says, *remarks), draft)


def _what(story: Story, desk: Desk) -> str:
    """Return in words what all shots have in common beside their subject: weather, style, camera, pace."""
    told = {describe(with_moods(new.look, chooses_colours=True), desk) for new in story.shots}
    return told.pop() if len(told) == 1 else ""


def _finishing(wishes: Sequence[object], story: Story, draft: Raw, desk: Desk, quiet: bool) -> list[Stage]:
    """Plan the second stage: music by itself unless it isn't wanted, then what was wished."""
    sound = [wish for wish in wishes if isinstance(wish, sounds.SetMusic)]
    volumes = [wish for wish in wishes if isinstance(wish, sounds.SetVolume) and wish.loudness.to != 0]
    rest = [
        wish for wish in wishes
        if not isinstance(wish, sounds.SetMusic | sounds.SetVolume | sounds.RemoveMusic | texts.RemoveText | Say)
    ]  # fmt: skip
    stages: list[Stage] = []
    if quiet and not sound:
        stages.append(Stage("", {}, desk.voice.say("no_music"), draft))
    else:
        loudness = volumes[0].loudness if volumes else sounds.Loudness()
        drawn = any(is_drawn(piece) for piece in shots(draft))
        if not sound and (drawn or volumes):
            genre = _genre([new.look for new in story.shots], draft)
            sound = [sounds.SetMusic(sounds.Tune(genre, "", False), "", loudness)]
        for music in sound[:1]:
            plain = music.loudness == sounds.Loudness()
            stages.append(fulfil(replace(music, loudness=loudness) if plain else music, draft, desk, _NO_HISTORY))
            draft = stages[-1].draft
    for wish in gathered(rest):
        stages.append(fulfil(wish, draft, desk, _NO_HISTORY))
        draft = stages[-1].draft
    return stages


def _genre(looks: Sequence[Look], draft: Raw) -> str:
    """Return the music that suits a mood that was named, else a style, else the first scene."""
    for kind, values in (
        ("mood", [mood for look in looks for mood in look.moods]),
        ("style", [look.style for look in looks]),
    ):
        for value in values:
            if value and (genre := entry(kind, value).get("music")):
                return str(genre)
    return suiting(draft)
