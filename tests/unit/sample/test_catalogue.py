from deploy.local.demo import CATALOGUE
from shared.catalogue.check import check, read
from shared.catalogue.yaml_files import load_directory


def test_the_sample_catalogue_has_no_problem() -> None:
    assert [str(problem) for problem in check(*load_directory(CATALOGUE))] == []


def test_the_sample_council_says_that_it_is_a_sample() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    assert catalogue.council is not None
    assert catalogue.council.sample
    assert "ample" in catalogue.council.name


def test_every_indicator_has_an_owner_a_definition_and_a_service() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    assert len(catalogue.indicators) >= 12
    for indicator in catalogue.indicators.values():
        assert indicator.owner, indicator.code
        assert indicator.definition, indicator.code
        assert indicator.service in catalogue.services
    assert {"climate"} <= {t for each in catalogue.indicators.values() for t in each.themes}
    assert 3 <= sum(each.strategic for each in catalogue.indicators.values()) <= 8
