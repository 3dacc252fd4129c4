"""The JSON Schema of messages and traits, from which the front end's types are generated.

``python -m nemo_widgets.widgets.schema`` prints it; ``npm run generate`` in ``js/`` does the rest.
"""

import json
import sys
from typing import Any

import msgspec
import traitlets as t
from msgspec import UNSET, Struct

from nemo_widgets.widgets import messages, states
from nemo_widgets.widgets.base import NemoWidget
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.player import VideoPlayer
from nemo_widgets.widgets.prompt_box import PromptBox
from nemo_widgets.widgets.studio import Studio
from nemo_widgets.widgets.uploader import Uploader

WIDGETS: tuple[type[NemoWidget], ...] = (PromptBox, Studio, Uploader, VideoPlayer)

Schema = dict[str, Any]


def message_schema() -> Schema:
    """Return one schema that holds every message, and the map from each ask to its reply."""
    roots, definitions = msgspec.json.schema_components(
        [messages.AnyAsk, messages.ToBrowser], ref_template="#/definitions/{name}"
    )
    asks, to_browser = roots
    for name, definition in definitions.items():
        definition.pop("title", None)
        _shorten(definition)
        kind = getattr(messages, name, None) or getattr(states, name)
        if not issubclass(kind, Ask):
            definition["required"] = _always_sent(kind)
        definition["additionalProperties"] = False
    definitions["AnyAsk"] = {key: asks[key] for key in ("anyOf",)}
    definitions["ToBrowser"] = {key: to_browser[key] for key in ("anyOf",)}
    replies = {
        messages.tag_of(ask): {"$ref": f"#/definitions/{reply.__name__}"} for ask, reply in messages.REPLY_TO.items()
    }
    definitions["ReplyTo"] = {
        "type": "object",
        "description": "What each ask is answered with when it does not fail.",
        "properties": replies,
        "required": list(replies),
        "additionalProperties": False,
    }
    limits = {name: {"const": value} for name, value in messages.LIMITS.items()}
    return {"definitions": definitions, "limits": limits}


def trait_schema() -> Schema:
    """Return the synced public traits of every widget."""
    definitions: Schema = {}
    for widget in WIDGETS:
        own = {
            name: trait
            for name, trait in widget.class_traits(sync=True).items()
            if not name.startswith("_") and name not in {"layout", "tabbable", "tooltip"}
        }
        definitions[f"{widget.__name__}Traits"] = {
            "type": "object",
            "properties": {name: _of_trait(trait) for name, trait in sorted(own.items())},
            "required": sorted(own),
            "additionalProperties": False,
        }
    return {"definitions": definitions}


def _always_sent(kind: type[Struct]) -> list[str]:
    tag = kind.__struct_config__.tag_field
    fields = [field.encode_name for field in msgspec.structs.fields(kind) if field.default is not UNSET]
    return [*([tag] if tag else []), *fields]


def _shorten(definition: Schema) -> None:
    said = str(definition.get("description", ""))
    definition["description"] = said.split("\n\n")[0]


def _of_trait(trait: t.TraitType[Any, Any]) -> Schema:
    said = {"description": str(trait.help)} if trait.help else {}
    match trait:
        case t.Bool():
            return {"type": "boolean", **said}
        case t.Float() | t.Int():
            return {"type": ["number", "null"] if trait.allow_none else "number", **said}
        case t.Unicode():
            return {"type": "string", **said}
        case t.Instance() if isinstance(trait.klass, type) and issubclass(trait.klass, Struct):
            kind: Schema = {"tsType": f"messages.{trait.klass.__name__}{' | null' if trait.allow_none else ''}"}
            return {**kind, **said}
    raise TypeError(f"no TypeScript type is known for the trait {trait.name}: {type(trait).__name__}")


if __name__ == "__main__":
    json.dump({"messages": message_schema(), "traits": trait_schema()}, sys.stdout, indent=1)
