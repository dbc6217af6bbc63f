"""The image's health check: asks the service in this container whether it is ready.

Standard library only, and no import of ours: it runs every few seconds.
"""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

SERVICE = os.environ.get("SERVICE", "")


def main() -> int:
    port = os.environ[f"{SERVICE.upper()}_PORT"]
    try:
        with urlopen(f"http://127.0.0.1:{int(port)}/health/ready", timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (URLError, OSError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
