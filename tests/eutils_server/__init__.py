"""An E-utilities server on loopback, for tests: invented articles, PubMed's manners, and every fault seen in practice.

with EutilsServer(Corpus.invented(25)) as server:
    server.fail("http_500", program="efetch", nth={1, 2})
    ... EVIDENCE_EUTILS_URL=server.url ...
    assert server.most_in_a_second() <= 3
"""

from eutils_server.corpus import Article, Corpus
from eutils_server.server import EutilsServer

__all__ = ["Article", "Corpus", "EutilsServer"]
