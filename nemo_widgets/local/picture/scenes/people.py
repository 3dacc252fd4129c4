"""Silhouettes of people: a crowd seen from behind, and walkers whose legs swing."""

import math

import numpy as np
from PIL import Image, ImageDraw

_SCALE = 3


def crowd(
    width: int, height: int, size: float, random: np.random.Generator
) -> tuple[Image.Image, list[tuple[float, float]]]:
    """Draw people who look away from us, along the lower edge of a mask.

    Parameters
    ----------
    width, height : int
        Of the mask, in pixels.
    size : float
        The height of a head, in pixels.

    Returns
    -------
    tuple of (PIL.Image.Image, list of (x, y))
        The mask, and where telephones are held up.
    """
    mask = Image.new("L", (width * 2, height * 2), 0)
    draw = ImageDraw.Draw(mask)
    phones: list[tuple[float, float]] = []
    x = -float(size)
    while x < width + size:
        together = int(random.choice([1, 2, 2, 3, 4]))
        for _ in range(together):
            own = size * float(random.uniform(0.86, 1.12)) * (0.72 if random.random() < 0.16 else 1.0)
            lift = height - own * float(random.uniform(2.1, 2.7))
            phone = _onlooker(draw, x * 2, lift * 2, own * 2, height * 2, random)
            if phone is not None:
                phones.append((phone[0] / 2, phone[1] / 2))
            x += own * float(random.uniform(1.9, 2.3))
        x += size * float(random.uniform(0.3, 3.4))
    return mask.resize((width, height), Image.Resampling.BOX), phones


def _onlooker(
    draw: ImageDraw.ImageDraw, x: float, top: float, head: float, floor: float, random: np.random.Generator
) -> tuple[float, float] | None:
    """Draw one person with the crown of the head at (`x`, `top`); return where the telephone is, if one is held up."""
    broad = head * float(random.uniform(1.05, 1.3))
    draw.ellipse((x - head * 0.40, top, x + head * 0.40, top + head), fill=255)
    if random.random() < 0.3:
        draw.ellipse((x - head * 0.2, top - head * 0.24, x + head * 0.2, top + head * 0.16), fill=255)
    elif random.random() < 0.4:
        draw.rounded_rectangle(
            (x - head * 0.5, top + head * 0.1, x + head * 0.5, top + head * 1.25), head * 0.4, fill=255
        )
    draw.rectangle((x - head * 0.17, top + head * 0.8, x + head * 0.17, top + head * 1.3), fill=255)
    draw.rounded_rectangle((x - broad, top + head * 1.14, x + broad, floor + head), head * 0.55, fill=255)
    kind = float(random.random())
    if kind < 0.15:
        # A child on the shoulders.
        small = head * 0.74
        draw.rounded_rectangle(
            (x - small * 0.62, top - small * 1.05, x + small * 0.62, top + head * 0.5), small * 0.3, fill=255
        )
        draw.ellipse((x - small * 0.42, top - small * 1.95, x + small * 0.42, top - small * 0.95), fill=255)
        for side in (-1, 1):
            reach = float(random.uniform(0.5, 1.5))
            limb(
                draw,
                (x + side * small * 0.5, top - small * 0.8),
                (x + side * small * 1.25, top - small * (0.9 + reach)),
                small * 0.24,
            )
    elif kind < 0.33:
        hand_side = float(random.choice([-1, 1]))
        elbow = (x + hand_side * broad * 1.12, top + head * 0.75)
        hand = (x + hand_side * broad * 0.75, top - head * 0.55)
        limb(draw, (x + hand_side * broad * 0.8, top + head * 1.45), elbow, head * 0.36)
        limb(draw, elbow, hand, head * 0.28)
        draw.rounded_rectangle(
            (hand[0] - head * 0.22, hand[1] - head * 0.62, hand[0] + head * 0.22, hand[1] + head * 0.12),
            head * 0.06,
            fill=255,
        )
        return hand[0], hand[1] - head * 0.25
    elif kind < 0.42:
        for side in (-1, 1):
            limb(
                draw,
                (x + side * broad * 0.8, top + head * 1.45),
                (x + side * broad * 1.3, top + head * 0.4),
                head * 0.36,
            )
            limb(
                draw,
                (x + side * broad * 1.3, top + head * 0.4),
                (x + side * broad * 1.05, top - head * 0.7),
                head * 0.27,
            )
    return None


def limb(draw: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float], thick: float) -> None:
    """Draw an arm or a leg: a line with round ends."""
    draw.line([start, end], fill=255, width=max(1, round(thick)))
    for x, y in (start, end):
        draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)


def walker(size: float, phase: float, random: np.random.Generator) -> Image.Image:
    """Draw someone who walks to the right, as a mask whose lower edge is the ground.

    Parameters
    ----------
    size : float
        Height in pixels.
    phase : float
        Where in the two steps of a stride, 0 to 1.
    random : numpy.random.Generator
        For build and clothes; give each phase a generator of the same state.
    """
    tall = float(size * _SCALE)
    width, height = max(4, math.ceil(size * 0.62)), max(4, math.ceil(size * 1.02))
    mask = Image.new("L", (width * _SCALE, height * _SCALE), 0)
    draw = ImageDraw.Draw(mask)
    broad = float(random.uniform(0.9, 1.15))
    coat, bag = bool(random.random() < 0.5), bool(random.random() < 0.4)
    hat = float(random.random())
    swing = math.sin(2 * math.pi * phase)
    bob = abs(math.cos(2 * math.pi * phase)) * 0.012
    x, floor = width * _SCALE / 2, float(height * _SCALE)
    hip, neck = floor - tall * (0.47 + bob), floor - tall * (0.82 + bob)
    for side in (-1, 1):
        reach = side * swing
        knee = (x + tall * (0.10 * reach + 0.02), floor - tall * 0.25)
        lifted = max(0.0, -reach) * 0.05
        foot = (x + tall * 0.17 * reach - tall * 0.01, floor - tall * (0.02 + lifted))
        limb(draw, (x, hip), knee, tall * 0.088 * broad)
        limb(draw, knee, foot, tall * 0.066 * broad)
        draw.ellipse(
            (foot[0] - tall * 0.03, foot[1] - tall * 0.015, foot[0] + tall * 0.065, foot[1] + tall * 0.02), fill=255
        )
        arm = (x - tall * 0.085 * reach, floor - tall * 0.60)
        hand = (x - tall * (0.13 * reach - 0.03), floor - tall * 0.47)
        limb(draw, (x, neck + tall * 0.05), arm, tall * 0.06)
        limb(draw, arm, hand, tall * 0.05)
        if bag and side > 0:
            draw.rounded_rectangle(
                (hand[0] - tall * 0.06, hand[1], hand[0] + tall * 0.06, hand[1] + tall * 0.11), tall * 0.01, fill=255
            )
    half = tall * 0.085 * broad
    skirt = hip + tall * (0.14 if coat else 0.02)
    flare = 1.35 if coat else 0.95
    draw.polygon(
        [
            (x - half, neck + tall * 0.03),
            (x + half, neck + tall * 0.03),
            (x + half * flare, skirt),
            (x - half * flare, skirt),
        ],
        fill=255,
    )
    draw.ellipse((x - half, neck - tall * 0.015, x + half, neck + tall * 0.10), fill=255)
    draw.rectangle((x - tall * 0.025, neck - tall * 0.04, x + tall * 0.03, neck + tall * 0.05), fill=255)
    crown = neck - tall * 0.165
    draw.ellipse((x - tall * 0.056, crown, x + tall * 0.064, crown + tall * 0.145), fill=255)
    if hat < 0.2:
        draw.rectangle((x - tall * 0.10, crown + tall * 0.03, x + tall * 0.11, crown + tall * 0.05), fill=255)
        draw.rectangle((x - tall * 0.055, crown - tall * 0.025, x + tall * 0.065, crown + tall * 0.04), fill=255)
    elif hat < 0.5:
        draw.ellipse((x - tall * 0.075, crown + tall * 0.01, x + tall * 0.04, crown + tall * 0.21), fill=255)
    return mask.resize((width, height), Image.Resampling.BOX)
