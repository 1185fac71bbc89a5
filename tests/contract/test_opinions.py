"""Joint opinions through REST: asked of two organisations, answered once each, by nobody else."""

from tests.contract.test_shapes import is_problem
from tests.district import AT, SIGN, District
from yimen.kernel.clock import travel_to


def test_two_organisations_answer_and_the_case_goes_on(district: District) -> None:
    with travel_to(AT):
        number = district.case("lin", SIGN, form={"historic": "在"})
        path = f"/cases/{number}/opinions"
        land, culture, city = (district.caller(name) for name in ("zrzyj-shen", "wglj-shen", "cgj-shen"))
        is_problem(land.post(path, {"answer": "agree"}), 404, "not_found")
        assert district.caller("cgj-shen").act(number, "accept").status == 200

        listed = land.get("/opinions").body
        [asked] = [row for row in listed["results"] if row["case"] == number]
        assert listed["count"] == 1 and (asked["organisation"], asked["answer"]) == ("zrzyj", "")
        assert asked["due_at"]
        assert land.get(f"/cases/{number}").status == 200, "who is asked may read the case"

        is_problem(district.caller("lin").post(path, {"answer": "agree"}), 403, "not_allowed")
        is_problem(district.caller("wang").post(path, {"answer": "agree"}), 404, "not_found")
        is_problem(city.post(path, {"answer": "agree"}), 403, "not_allowed")
        is_problem(land.post(path, {"answer": "maybe"}), 422, "invalid")
        is_problem(land.post(path, {"answer": "object", "text": "不"}), 422, "invalid")
        is_problem(land.post(path, {"answer": "agree", "step": "no_such"}), 409, "opinion_not_waiting")

        done = land.post(path, {"answer": "agree", "text": "不影响规划。", "step": asked["step"]}, key="OP-1")
        assert (done.status, done.body["answer"]) == (201, "agree")
        again = land.post(
            path, {"answer": "agree", "text": "不影响规划。", "step": asked["step"]}, key="OP-1"
        )
        assert again.body == done.body
        is_problem(land.post(path, {"answer": "object", "text": "想改主意"}), 409, "opinion_not_waiting")
        assert land.get("/opinions").body["count"] == 0
        assert culture.post(path, {"answer": "object", "text": "位于保护建筑立面。"}).status == 201
        acts = [row for row in city.get(f"/cases/{number}/trace").body if row["act"] == "give_opinion"]
        assert [(row["data"]["organisation"], row["data"]["answer"]) for row in acts] == [
            ("zrzyj", "agree"),
            ("wglj", "object"),
        ]
