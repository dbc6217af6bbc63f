"""python -m services.risk"""

from services.risk.app import create
from shared.runtime.service import run

if __name__ == "__main__":
    run(create())
