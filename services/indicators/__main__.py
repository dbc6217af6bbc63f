"""python -m services.indicators"""

from services.indicators.app import create
from shared.runtime.service import run

if __name__ == "__main__":
    run(create())
