"""Why a file was not taken in, or cannot be given out."""

from yimen.kernel.errors import Away, Invalid, NotFound, NotPossible


class FileRefused(Invalid):
    """这份文件不能上传，请按提示更换后再试。"""

    code = "file_refused"

    def __init__(self, message: str, *, code: str = "", would_pass: str = "") -> None:
        super().__init__(message, code=code, fields={"file": message}, would_pass=would_pass)


class FileTooLarge(FileRefused):
    """文件太大。"""

    code = "file_too_large"

    def __init__(self, limit: int, *, total: int = 0) -> None:
        shown = _size(limit)
        if total:
            message = f"这次上传合计超过 {_size(total)}，没有上传；请分几次上传，单个文件不超过 {shown}。"
        else:
            message = f"文件超过 {shown}，没有上传；请压缩或降低扫描分辨率，或拆成几份后再传。"
        super().__init__(message, would_pass=f"单个文件不超过 {shown}。")


def _size(count: int) -> str:
    return f"{count // 1_048_576} MB" if count >= 1_048_576 else f"{max(1, count // 1024)} KB"


class FileMissing(NotFound):
    """没有找到这份文件，或者您无权查看。"""

    code = "file_missing"


class FileDamaged(NotPossible):
    """这份文件在存储中已损坏或被改动，不能打开；请联系平台管理员从备份恢复。"""

    code = "file_damaged"


class ScannerAway(NotPossible):
    """查毒服务暂时不可用，文件没有上传；请过几分钟再传一次。"""

    code = "scanner_unavailable"


class FilesAway(Away):
    """文件存储暂时连不上，文件没有存取成功；请过几分钟再试，已经提交的内容不受影响。"""

    code = "files_unavailable"
