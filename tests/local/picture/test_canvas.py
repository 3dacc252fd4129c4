"""What Pillow draws on a canvas is in the pixels that NumPy reads."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.canvas import blank


def test_all_ways_of_drawing_are_seen_in_the_pixels() -> None:
    picture, pixels = blank((8, 6), (1, 2, 3, 0))
    assert pixels.shape == (6, 8, 4)
    assert (pixels == (1, 2, 3, 0)).all()
    ImageDraw.Draw(picture).rectangle((0, 0, 1, 1), fill=(9, 9, 9, 255))
    picture.paste((7, 7, 7, 255), (4, 0, 6, 2), Image.new("L", (2, 2), 255))
    picture.alpha_composite(Image.new("RGBA", (2, 2), (5, 5, 5, 255)), (4, 4))
    assert pixels[0, 0].tolist() == [9, 9, 9, 255]
    assert pixels[1, 5].tolist() == [7, 7, 7, 255]
    assert pixels[5, 5].tolist() == [5, 5, 5, 255]
    picture.putalpha(40)
    assert (pixels[..., 3] == 40).all()
    assert np.array_equal(np.asarray(picture), pixels)
