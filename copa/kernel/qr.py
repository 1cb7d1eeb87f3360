"""An address as a drawing that a telephone reads."""

from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def picture(address: str) -> str:
    """The QR code of an address, as an SVG in a data URI: nothing is fetched to draw it."""
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage).save(drawn)
    return f"data:image/svg+xml;base64,{b64encode(drawn.getvalue()).decode()}"
