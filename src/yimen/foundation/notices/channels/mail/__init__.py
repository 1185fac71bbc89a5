"""Mail by Django's own backend; on when YIMEN_MAIL_FROM names the sender and settings name a mail server."""

import os
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import BadHeaderError, EmailMessage

from yimen.foundation.notices.channels import FailedForGood, FailedForNow, Message, Recipient


class MailChannel:
    label = "电子邮件"

    def is_set_up(self) -> bool:
        return bool(os.environ.get("YIMEN_MAIL_FROM"))

    def address_of(self, recipient: Recipient, mail: str) -> str:
        return mail

    def send(self, message: Message) -> None:
        mail = EmailMessage(message.title, message.text, os.environ.get("YIMEN_MAIL_FROM"), [message.address])
        try:
            mail.send()
        except (SMTPRecipientsRefused, BadHeaderError) as error:
            raise FailedForGood("邮件服务器拒收这个地址") from error
        except (SMTPException, OSError) as error:
            raise FailedForNow("邮件服务器连接不上") from error
