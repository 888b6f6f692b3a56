"""Mail as people get it, and what happens while the mail server is away."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail as django_mail
from django.utils import timezone

from portal.outbox import mail, services
from portal.outbox.mail import Attachment, Message
from portal.outbox.models import Job
from portal.outbox.registry import handles

LETTER = Message(
    to="ana@example.ro",
    subject="Invitație în platformă",
    paragraphs=["Bună ziua,", "Sunteți invitată la Școala „Ion & <Ana>”."],
    action=("Acceptați invitația", "https://example.ro/invitatii/abc234/"),
    after=["Invitația expiră în 14 zile."],
    commission="Comisia Națională pentru Desegregare și Incluziune Educațională",
)


@handles("mailed", queue="mail")
def mailed(job: Job) -> None:
    mail.send(LETTER)


def test_a_message_has_text_and_the_same_in_html() -> None:
    mail.send(LETTER)
    sent = django_mail.outbox[0]
    text = str(sent.body)
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert (sent.to, sent.subject, sent.from_email) == (
        ["ana@example.ro"],
        LETTER.subject,
        "Monitorizarea segregării școlare <monitorizare@localhost>",
    )
    assert "Școala „Ion & <Ana>”" in text and "Acceptați invitația:\nhttps://example.ro/invitatii/abc234/" in text
    assert "Școala „Ion &amp; &lt;Ana&gt;”" in html and 'href="https://example.ro/invitatii/abc234/"' in html
    for part in ("Bună ziua,", "Invitația expiră în 14 zile.", LETTER.commission, "Monitorizarea segregării școlare"):
        assert part in text and part in html
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "http" not in html.replace("https://example.ro/invitatii/abc234/", "")


def test_a_message_without_a_button_has_none_and_attachments_travel() -> None:
    mail.send(Message("b@example.ro", "Scrisoare", ["Text."], attachments=[Attachment("scrisoare.pdf", b"%PDF", "application/pdf")]))
    sent = django_mail.outbox[0]
    assert "<a " not in str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert sent.attachments[0][:] == ("scrisoare.pdf", b"%PDF", "application/pdf")


def test_addresses_in_mails_are_whole(settings: LazySettings) -> None:
    settings.SITE_URL = "https://monitorizare.example.ro"
    assert mail.absolute("/mds/invitatii/x/") == "https://monitorizare.example.ro/mds/invitatii/x/"


def test_a_subject_does_not_smuggle_headers() -> None:
    with pytest.raises(ValueError, match="newlines"):
        mail.send(Message("a@example.ro", "Bună\nBcc: b@example.ro", ["Text."]))
    assert django_mail.outbox == []


def test_in_development_a_message_becomes_a_file_named_in_the_log(settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = "portal.outbox.mail.FileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    with caplog.at_level(logging.INFO, "portal.outbox.mail"):
        mail.send(LETTER)
    (file,) = tmp_path.iterdir()
    assert str(file) in caplog.text and "ana@example.ro" not in caplog.text
    found = message_from_bytes(file.read_bytes().rstrip(b"-\n"), policy=policy.default)
    assert found["Subject"] == LETTER.subject


class Sink(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given."""

    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.kept: list[bytes] = []


class Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.kept.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def port() -> int:
    with socketserver.TCPServer(("127.0.0.1", 0), Conversation) as probe:
        return int(probe.server_address[1])


@pytest.fixture
def sink(port: int) -> Iterator[Sink]:
    with Sink(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.django_db
def test_a_mail_waits_while_the_mail_server_is_away_and_leaves_when_it_is_back(
    settings: LazySettings, port: int, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    job = services.enqueue("mailed", "a")
    services.sweep()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 1)
    assert job.error.startswith("ConnectionRefusedError") and "ana@" not in job.error + caplog.text
    sink: Sink = request.getfixturevalue("sink")
    Job.objects.update(not_before=timezone.now())
    services.sweep()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    received = message_from_bytes(sink.kept[0], policy=policy.default)
    assert isinstance(received, EmailMessage)
    assert received["To"] == "ana@example.ro" and received["Subject"] == LETTER.subject
    assert [part.get_content_type() for part in received.walk()] == ["multipart/alternative", "text/plain", "text/html"]
