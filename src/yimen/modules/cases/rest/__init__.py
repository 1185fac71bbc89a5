"""REST of applications and cases."""

from ninja import Router

from yimen.modules.cases.rest.applications import router as applications
from yimen.modules.cases.rest.cases import router as cases
from yimen.modules.cases.rest.opinions import router as opinions

router = Router()
router.add_router("", applications)
router.add_router("", cases)
router.add_router("", opinions)

__all__ = ["router"]
