"""The two kinds of message that have an id: what a view asks, and what it is answered."""

from msgspec import Struct


class Ask(Struct, frozen=True, kw_only=True, tag_field="type", tag="ask"):
    """Browser to kernel. `id` is the asking view's own and comes back in the reply."""

    id: str


class Reply(Struct, frozen=True, kw_only=True, tag_field="type", tag="reply"):
    """Kernel to browser, in answer to the ask of this id. All views receive it; only the one that asked takes it."""

    id: str
