"""python -m services.finance"""

from services.finance.app import create
from shared.runtime.service import run

if __name__ == "__main__":
    run(create())
