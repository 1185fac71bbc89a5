"""What the result of one case carries into the one form of its application, such as the number of a new licence."""

from collections.abc import Mapping
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.modules.cases.models import Application, Case, CaseLink


def bring(case: Case, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Write what later cases wait for into the form, in the transaction of the decision that made it.

    Args:
        case: the earlier case, granted.
        values: by data element; only what its links name is taken.

    Returns:
        The elements written.
    """
    links = CaseLink.objects.filter(earlier=case)
    wanted = dict.fromkeys(element for link in links for element in link.brings if element in values)
    if wanted:
        application = Application.objects.select_for_update().get(pk=case.application_id)
        form = {**application.form, **{element: values[element] for element in wanted}}
        application.form_sealed = identity.seal_json(form, "form")
        application.save(update_fields=["form_sealed"])
    return tuple(wanted)
