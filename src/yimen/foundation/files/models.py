"""One row per content, one row per person who handed that content in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file the platform keeps; equal content is kept once, whoever brought it.

    ``name`` is the name under which the content first came in; another person's name for the same content is in
    their own ``Upload``.
    """

    digest = models.CharField(_("SHA-256"), max_length=64, unique=True)
    name = models.CharField(_("文件名"), max_length=160)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=100)
    stored_at = models.DateTimeField(_("存入时间"), db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    origin = models.CharField(_("来源"), max_length=40, default="upload")

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")

    def __str__(self) -> str:
        return f"{self.name} ({self.digest[:12]})"


class Upload(models.Model):
    """Somebody handed this content in; until a case refers to it, only they may use it."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="uploads")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("文件名"), max_length=160)
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("上传")
        verbose_name_plural = _("上传")
        constraints = [models.UniqueConstraint(fields=["file", "account"], name="files_upload_once")]

    def __str__(self) -> str:
        return self.name
