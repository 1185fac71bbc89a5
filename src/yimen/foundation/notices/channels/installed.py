"""The channels of this installation."""

from yimen.foundation.notices.channels import register
from yimen.foundation.notices.channels.file import FileChannel
from yimen.foundation.notices.channels.mail import MailChannel
from yimen.foundation.notices.channels.sms import SmsChannel

register("file", FileChannel())
register("sms", SmsChannel())
register("mail", MailChannel())
