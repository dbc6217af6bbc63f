"""python -m services.publisher"""

from services.publisher.app import create
from shared.runtime.service import run

if __name__ == "__main__":
    run(create())
