"""The rules of the house hold in this repository."""

from pathlib import Path

from tests.architecture import guards

ROOT = Path(__file__).parents[2]


def test_no_import_crosses_a_line_that_the_architecture_draws() -> None:
    assert guards.import_contracts(ROOT) == []


def test_transactions_are_committed_in_one_file() -> None:
    assert guards.commits(ROOT) == []


def test_nothing_is_published_by_the_call_that_ignores_keys() -> None:
    assert guards.batch_publishing(ROOT) == []


def test_types_of_messages_are_prepared_as_modules_are_read() -> None:
    assert guards.types_prepared_late(ROOT) == []


def test_the_time_comes_from_the_clock_that_tests_can_set() -> None:
    assert guards.wall_clocks(ROOT) == []


def test_figures_are_exact_in_every_domain() -> None:
    assert guards.floats(ROOT) == []


def test_every_folder_with_code_is_a_package() -> None:
    assert guards.folders_without_init(ROOT) == []


def test_no_file_has_grown_into_two() -> None:
    assert guards.long_files(ROOT) == []


def test_there_are_five_services() -> None:
    assert guards.services(ROOT) == ["finance", "indicators", "ingest", "publisher", "risk"]


def test_every_service_has_the_same_files() -> None:
    assert guards.service_shapes(ROOT) == []


def test_every_service_says_on_its_card_what_it_reads_emits_owns_and_keeps() -> None:
    assert guards.service_cards(ROOT) == []
