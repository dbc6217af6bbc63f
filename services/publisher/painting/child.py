"""The process that draws: a line of JSON in, a line of JSON out, until its input ends.

Rule: it opens no connection and reads no file; a specification that asks for one fails.
"""

import json
import sys
from base64 import b64encode
from typing import Any

import vl_convert


def drawn(asked: dict[str, Any]) -> dict[str, str]:
    """The picture that was asked for, or why there is none."""
    try:
        if asked["format"] == "png":
            picture = vl_convert.vegalite_to_png(asked["spec"], scale=2, allowed_base_urls=[])
            return {"png": b64encode(picture).decode()}
        return {"svg": vl_convert.vegalite_to_svg(asked["spec"], allowed_base_urls=[])}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def main() -> None:
    """Draws until there is nothing more to draw."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(drawn(json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
