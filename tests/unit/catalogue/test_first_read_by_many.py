"""A service that has just started reads its catalogue on several threads at once."""

import json
import subprocess
import sys
from pathlib import Path

from deploy.local.demo import CATALOGUE
from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.catalogue.yaml_files import load_directory

ROOT = Path(__file__).parents[3]

# A process of its own: types are prepared once in each, and what went wrong ended it.
CHILD = """
import json, sys, threading

from shared.catalogue.model import from_definitions

found = {subject: text.encode() for subject, text in json.load(open(sys.argv[1])).items()}
sys.setswitchinterval(1e-6)
together = threading.Barrier(6)
read = []

def first() -> None:
    together.wait()
    read.append(len(from_definitions(found).indicators))

threads = [threading.Thread(target=first) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*read)
"""


def test_six_threads_that_are_the_first_to_read_a_catalogue_all_read_it(tmp_path: Path) -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    written = {subject: body.decode() for subject, body in definitions(catalogue).items()}
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", CHILD, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(catalogue.indicators))] * 6
