"""One record's bytes to an lxml element, with a parser that loads, fetches and expands nothing."""

from __future__ import annotations

import re

from lxml import etree

from evidence import limits
from evidence.exchange.pubmed.text import Element

_SMALL = limits.XML_MARKS  # bytes; fewer cannot hold so many marks
_STRAY_LESS_THAN = re.compile(rb"<(?![A-Za-z_/!?])")
# Made once: making one for each record cost a third of reading it. lxml's parsers may be shared by threads.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
)


def element_of(xml: bytes) -> Element:
    """The element, a stray ``<`` (``p <0.05``) read as text. Raises ``ValueError`` when it is not well-formed."""
    if b"<!DOCTYPE" in xml[:512] or b"<!ENTITY" in xml:
        raise ValueError("a record that brings a DOCTYPE of its own is refused")
    if len(xml) > _SMALL and xml.count(b"<") + xml.count(b"=") > limits.XML_MARKS:
        raise ValueError("a record of more elements and attributes than any has is refused")
    try:
        return etree.fromstring(xml, _PARSER)
    except etree.XMLSyntaxError as error:
        repaired = _STRAY_LESS_THAN.sub(b"&lt;", xml)
        if repaired != xml:
            return element_of(repaired)
        raise ValueError(f"not well-formed XML: {error.msg}") from error
