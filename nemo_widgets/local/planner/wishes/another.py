"""Whether a message names one more shot, without saying what to do with it."""

from nemo_widgets.local.planner.reading.clauses import Clause


def is_another(clause: Clause) -> bool:
    """Whether a clause only names one more shot: "a new 2-second clip of a forest", "another 3 seconds of sea"."""
    if clause.lead or any(token.text not in _MORE for token in clause.all("verb")) or clause.has("pronoun"):
        return False
    begins = next((token for token in clause.tokens if not token.has("join")), None)
    more = any(token.text in _MORE for token in clause.tokens)
    counted = clause.has("length") or clause.has("thing", "shot", "clip")
    return (
        begins is not None
        and counted
        and (more or clause.has("thing", "shot"))
        and (begins.has("article", "a", "an") or begins.text in _MORE or begins.has("length"))
    )


_MORE = ("new", "another", "one more", "additional", "extra", "再一个", "再一段", "新的", "另一个", "另外一个")
