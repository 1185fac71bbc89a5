"""Papers issued in a case, each with its code by which anybody can check it."""

from django.db import models


class Document(models.Model):
    """One paper: made once by the act that requires it, never changed.

    ``sequence`` is the trace event that caused it (0: the receipt of the whole application).
    """

    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=80)
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="documents")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="documents")
    sequence = models.PositiveIntegerField(default=0)
    part = models.PositiveSmallIntegerField(default=0)
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    verification_code = models.CharField(max_length=12, unique=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="documents")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "case", "kind", "sequence", "part"],
                name="document_once",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["application", "issued_at"], name="document_application")]
