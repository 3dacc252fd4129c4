"""What lies between a scene and the canvas: camera, weather and style, each a wrapper around any scene."""
