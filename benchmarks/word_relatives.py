"""Which words stand for one another: make ``evidence/check/retrieval/word_relatives.txt`` from the text of abstracts.

    python benchmarks/word_relatives.py [--scifact DIR] [--pubmed DIR] [--write]

Words in like company mean like things (``seizure`` – ``epileptic``, ``interleukin`` – ``il``). Counts which words
stand near which in SciFact's abstracts (ODC-By 1.0) and in PubMed records on chronic pain, turns the counts into
positive pointwise mutual information, keeps 300 dimensions of it, and lists for each word those nearest to it (Levy,
Goldberg & Dagan, Improving distributional similarity with lessons learned from word embeddings, TACL 3, 2015). No
label and no claim is looked at. Prints some words with their relatives; ``--write`` stores them all. Takes a minute.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.bibliography.sentences import sentences  # noqa: E402
from evidence.check.retrieval.likeness import RELATIVES_FILE, with_parts  # noqa: E402
from evidence.check.retrieval.ranking import tokens  # noqa: E402
from evidence.exchange.pubmed import read_article_set  # noqa: E402

SHARED = ROOT.parent / "shared"
# A word sees eight to each side; rarer words than this have no company to speak of.
WINDOW, FEWEST_TEXTS, DIMENSIONS = 8, 3, 300
# Below this nearness two words only share a subject; of a word's relatives the nearest ten are kept.
NEAR, KEPT = 0.5, 10
# The exponent that keeps rare company from weighing too much.
SMOOTHED = 0.75

Text = list[tuple[str, ...]]


def scifact_texts(corpus: Iterable[Mapping[str, object]]) -> Iterator[Text]:
    """Title and sentences of each abstract, as tokens."""
    for row in corpus:
        yield [tuple(with_parts(tokens(text))) for text in [str(row["title"]), *row["abstract"]]]  # type: ignore[misc]


def pubmed_texts(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.xml.gz")):
        with gzip.open(path) as stream:
            for received in read_article_set(stream.read()):
                parts = [s for section in received.record.abstract for s in sentences(section.text)]
                yield [tuple(with_parts(tokens(text))) for text in (received.record.title, *parts)]


def word_vectors(texts: list[Text]) -> tuple[list[str], np.ndarray]:
    """The words of the texts and one vector of length 1 for each."""
    held = Counter(token for text in texts for token in {t for sentence in text for t in sentence})
    words = sorted(word for word, count in held.items() if count >= FEWEST_TEXTS)
    place = {word: i for i, word in enumerate(words)}
    near: Counter[tuple[int, int]] = Counter()
    for text in texts:
        for sentence in text:
            places = [place[token] for token in sentence if token in place]
            for i, one in enumerate(places):
                near.update((one, other) for other in places[i + 1 : i + 1 + WINDOW] if other != one)
    pairs, counts = np.array(list(near)), np.array(list(near.values()), dtype=float)
    half = csr_matrix((counts, (pairs[:, 0], pairs[:, 1])), (len(words), len(words)))
    company = (half + half.T).tocoo()
    total = np.asarray(company.sum(axis=1)).ravel() + 1e-9
    smoothed = total**SMOOTHED / (total**SMOOTHED).sum()
    mutual = np.log(company.data / (total[company.row] * smoothed[company.col]))
    kept = mutual > 0
    matrix = csr_matrix((mutual[kept], (company.row[kept], company.col[kept])), half.shape)
    left, strength, _ = randomized_svd(matrix, DIMENSIONS, random_state=0)
    return words, normalize(left * np.sqrt(strength))


def relatives(texts: list[Text]) -> dict[str, list[tuple[str, float]]]:
    """word → its nearest words with their nearness (the cosine), nearest first."""
    words, vectors = word_vectors(texts)
    found = {}
    for i, word in enumerate(words):
        nearness = vectors @ vectors[i]
        nearness[i] = 0.0
        best = [j for j in np.argsort(-nearness)[:KEPT] if nearness[j] >= NEAR]
        if best:
            found[word] = [(words[j], round(float(nearness[j]), 2)) for j in best]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scifact", type=Path, default=SHARED / "scifact")
    parser.add_argument("--pubmed", type=Path, default=SHARED / "pubmed")
    parser.add_argument("--write", action="store_true", help=f"store them in {RELATIVES_FILE.name}")
    options = parser.parse_args()
    from scifact import read

    texts = [*scifact_texts(read(options.scifact)[0]), *pubmed_texts(options.pubmed)]
    found = relatives(texts)
    print(f"{len(texts):,} texts; {len(found):,} words with {sum(map(len, found.values())):,} relatives")
    for word in ("pain", "seizur", "microrna", "opioid", "interleukin", "stimul", "obes"):
        print(f"  {word}: {', '.join(f'{other} {nearness}' for other, nearness in found.get(word, []))}")
    if options.write:
        lines = [
            "# Words that stand in like company, with their nearness. Made by benchmarks/word_relatives.py from",
            "# SciFact's abstracts (allenai/scifact, ODC-By 1.0) and PubMed records on chronic pain; do not edit.",
            *(f"{word}: {' '.join(f'{o} {n:.2f}' for o, n in found[word])}" for word in sorted(found)),
        ]
        RELATIVES_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
