"""The site's settings: ``plugins: evidence`` of ``metadata.yml``, checked."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from evidence.derive.hidden import may_show
from evidence.errors import UsageError

DEFAULT_URL = "http://127.0.0.1:8001"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_TITLE = ""  # the profile has one


@dataclass(frozen=True, slots=True)
class Settings:
    """``plugins: evidence`` of ``metadata.yml``."""

    title: str = DEFAULT_TITLE
    site_url: str = DEFAULT_URL
    public: bool = False
    allow_sql: bool = False
    contact: str = ""
    abstracts: dict[str, str] | None = None
    host: str = DEFAULT_HOST
    show_draft_readings: bool = False

    @property
    def hides_some(self) -> bool:
        return "hide" in (self.abstracts or {}).values()

    def shows_abstracts_of(self, source: str) -> bool:
        """Whether abstracts of this source's records may be shown. Without the setting: yes, on one's own machine."""
        return may_show(self.abstracts, source)


def read_settings(config: dict[str, Any], title: str | None) -> Settings:
    """Settings, checked. Raises :class:`UsageError` naming the one that is wrong."""
    url = str(config.get("site_url") or DEFAULT_URL).rstrip("/")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise UsageError(
            f"metadata.yml: plugins: evidence: site_url is {url!r}: it must start with http:// or https://"
        )
    if config.get("public") and _on_this_machine(urlsplit(url).hostname or ""):
        raise UsageError(
            f"metadata.yml: public is true but plugins: evidence: site_url is {url}: feeds and citations of a public "
            "site lead to it; write the address that its readers use, such as https://evidence.example.org"
        )
    abstracts = config.get("abstracts")
    if abstracts is not None and not (
        isinstance(abstracts, dict) and all(value in ("show", "hide") for value in abstracts.values())
    ):
        raise UsageError(
            "metadata.yml: plugins: evidence: abstracts must map sources to show or hide, "
            'such as {pubmed: show, "*": hide}'
        )
    if config.get("public") and not abstracts:
        raise UsageError(
            "metadata.yml: public is true but plugins: evidence: abstracts is not set; abstracts may be their "
            "publishers'. "
            'Write down what is shown, such as abstracts: {pubmed: show, "*": hide}, then run evidence build'
        )
    return Settings(
        title=title or DEFAULT_TITLE,
        site_url=url,
        public=bool(config.get("public")),
        allow_sql=bool(config.get("allow_sql")),
        contact=str(config.get("contact") or ""),
        abstracts=abstracts,
        host=str(config.get("host") or DEFAULT_HOST),
        show_draft_readings=bool(config.get("show_draft_readings")),
    )


def _on_this_machine(host: str) -> bool:
    """``localhost``, a name below it, or an address that only this machine reaches (127.0.0.0/8, ::1, 0.0.0.0)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] == "localhost"
    return address.is_loopback or address.is_unspecified
