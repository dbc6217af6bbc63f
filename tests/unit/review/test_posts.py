"""Who answers for what is whoever names it most closely."""

from shared.catalogue.model import Catalogue, Service
from shared.catalogue.review import Person, PersonRole
from shared.review.posts import director_of, owner_of_position, post_for, same_post


def person(code: str, role: PersonRole, **of: list[str]) -> Person:
    return Person(code=code, name=code, post=f"Post {code}", roles=[role], **of)


def council(*people: Person) -> Catalogue:
    waste = Service(code="waste", name="Waste", directorate="place", portfolio="climate")
    return Catalogue(services={"waste": waste}, people={each.code: each for each in people})


def test_posts_are_the_same_whatever_their_capitals_and_spaces() -> None:
    assert same_post("Head of  Waste ", "head of waste")
    assert not same_post("Head of Waste", "Head of Roads")


def test_who_names_the_service_comes_before_directorate_portfolio_and_the_whole_council() -> None:
    everybody = [
        person("a", "director"),
        person("b", "director", portfolios=["climate"]),
        person("c", "director", directorates=["place"]),
        person("d", "director", services=["waste"]),
    ]
    for last in range(4, 0, -1):
        assert director_of("waste", council(*everybody[:last])) == f"Post {'abcd'[last - 1]}"
    assert director_of("waste", council()) == ""


def test_of_two_equals_the_first_by_code_answers() -> None:
    two = [person("z", "director", directorates=["place"]), person("y", "director")]
    two.append(person("x", "director", directorates=["place"]))
    assert director_of("waste", council(*two)) == "Post x"


def test_who_answers_for_something_else_does_not_answer_for_this() -> None:
    other = person("a", "director", directorates=["people"])
    assert director_of("waste", council(other)) == ""
    assert director_of("", council(other)) == ""


def test_money_is_answered_for_by_an_owner_or_else_by_a_finance_officer() -> None:
    officer, owner = person("f", "finance officer"), person("o", "owner", services=["waste"])
    assert owner_of_position("waste", council(officer)) == "Post f"
    assert owner_of_position("waste", council(officer, owner)) == "Post o"
    assert post_for("owner", "waste", council(officer)) == ""
