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
    for indicator in catalogue.indicators.values():
        assert indicator.owner, indicator.code
        assert indicator.definition, indicator.code
        assert indicator.service in catalogue.services
        assert indicator.influence, indicator.code


def test_it_is_as_large_as_a_councils() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    assert len(catalogue.indicators) >= 220
    assert len(catalogue.datasets) >= 26
    assert sum(each.strategic for each in catalogue.indicators.values()) == 22


def test_every_strategic_indicator_has_a_priority_and_every_priority_and_topic_is_used() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    strategic = [each for each in catalogue.indicators.values() if each.strategic]
    assert {each.priority for each in strategic} == set(catalogue.priorities)
    assert len(catalogue.priorities) == 6
    topics = {each.topic for each in catalogue.indicators.values() if each.topic}
    assert topics == set(catalogue.topics)


def test_national_figures_name_their_source_and_licence() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    named = [each for each in catalogue.datasets.values() if each.source]
    assert len(named) > 10
    assert all(each.licence for each in named)


def test_every_theme_service_and_framework_is_used() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    indicators = catalogue.indicators.values()
    assert {theme for each in indicators for theme in each.themes} == set(catalogue.themes)
    assert {each.service for each in indicators} == set(catalogue.services)
    used = {each.framework for indicator in indicators for each in indicator.frameworks}
    assert used == set(catalogue.frameworks)


def test_most_of_what_can_be_judged_is_judged_against_an_approved_target() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    judged = [each for each in catalogue.indicators.values() if each.polarity != "none"]
    with_target = [each for each in judged if each.rag is not None]
    assert len(with_target) > 0.85 * len(judged)


def test_the_whole_language_is_used() -> None:
    catalogue = read(load_directory(CATALOGUE)[0])
    assert len({each.aggregate for each in catalogue.measures.values()}) >= 9
    kinds = {kind for each in catalogue.indicators.values() for kind in each.periods}
    assert kinds >= {
        "month",
        "quarter",
        "financial-year",
        "year-to-date",
        "academic-year",
        "calendar-year",
        "calendar-year-to-date",
        "rolling-12-months",
        "rolling-24-months",
        "cumulative",
        "pooled-3-years",
        "pooled-3-calendar-years",
    }
    polarities = {each.polarity for each in catalogue.indicators.values()}
    assert polarities == {"high", "low", "goldilocks", "none"}
    assert any(each.earlier for each in catalogue.indicators.values())
    assert any(each.breaks for each in catalogue.indicators.values())
    assert any(each.benchmark for each in catalogue.indicators.values())
