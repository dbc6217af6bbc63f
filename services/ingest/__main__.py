"""python -m services.ingest"""

from services.ingest.app import create
from shared.runtime.service import run

if __name__ == "__main__":
    run(create())
