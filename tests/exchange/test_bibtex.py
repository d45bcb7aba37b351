"""BibTeX as programs and people write it: no entry stops another, and no text is lost that LaTeX can say."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

from evidence.exchange import bibtex
from evidence.exchange.bibtex_syntax import Entry, Unread, entries
from evidence.exchange.latex import address_text, plain_text
from evidence.exchange.reading import read_records
from evidence.record import Record


def read(text: str) -> list[Record]:
    return [record for record, _ in read_records(text.encode(), uncited=True).records]


def one(fields: str, kind: str = "article") -> Record:
    [record] = read(f"@{kind}{{k, title = {{T}}, {fields}}}")
    return record


# -- LaTeX -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        # accents and letters
        (r"\"{o} \"o {\"o} \'{\i} {\'E}mile \v{c} \c c \~n \H{o} \k{e}", "ö ö ö í Émile č ç ñ ő ę"),
        (r"Stra\ss e, \L{}\'od\'z, \aa ngstr\"om, {\O}re, \ae{}on", "Straße, Łódź, ångström, Øre, æon"),
        # mathematics
        (r"$\alpha$2-agonists, {$\beta$}-endorphin, \textbeta{}, \textmu m", "α2-agonists, β-endorphin, β, µm"),
        (r"3.1 $\pm$ 0.4 (p {$<$} 0.05; $p \leq 0.01$) 5 {$\times$} 10", "3.1 ± 0.4 (p < 0.05; p ≤ 0.01) 5 × 10"),
        (r"37 $^{\circ}$C, 40\textdegree C, $\geq$ 50\%, $\sim$5, $-$3", "37 °C, 40°C, ≥ 50%, ∼5, -3"),
        (r"CO$_2$, Ca$^{2+}$, $^{18}$F, \textsuperscript{99m}Tc", "CO2, Ca2+, 18F, 99mTc"),
        (r"10$^{3}$ and $10^6$ and 24\textsuperscript{2} patients", "10³ and 10⁶ and 24² patients"),
        (r"\(\mu\)V and \ensuremath{\alpha_2} and $\frac{1}{2}$", "μV and α2 and 1/2"),
        (r"$\mathrm{Na}_{v}1.7$, $\left(a\right)$, $\hat{p}$", "Nav1.7, (a), p̂"),
        # money is no mathematics
        (r"\$20 or $20 to $30, US$5/US$6, $1,000", "$20 or $20 to $30, US$5/US$6, $1,000"),
        # commands with arguments
        (r"\href{https://example.org}{the clinic} and \href {x} {y}", "the clinic and y"),
        (r"\mbox{62 people}, \emph{in vivo}, {\it x}, \textbf{b}, \textsc{abc}", "62 people, in vivo, x, b, abc"),
        (r"\unknown{kept} and \unknown[o]{kept}{too}", "kept and kepttoo"),
        (r"\url{https://a.org/b_c\%d} and \verb|x_y|", "https://a.org/b_c%d and x_y"),
        (r"as in \cite{vogt2019} and \citep[p.~3]{lind}", "as in [vogt2019] and [lind]"),
        (r"a\footnote{A note.} b \textcolor{red}{c} \foreignlanguage{german}{d}", "a (A note.) b c d"),
        (r"\SI{5}{\milli\ampere}, \ce{CO2}, \num{10}", "5 mA, CO2, 10"),
        (r"{\noopsort{1973a}}1973 \ifmmode\pm\else\textpm\fi3", "1973 ±3"),
        (r"cost \euro 5, \EUR{5}, \pounds5, \copyright", "cost €5, €5, £5, ©"),
        # a command that nobody knows and that has no argument is seen
        (r"\aap 3", r"\aap 3"),
        # signs
        (r"50\% \& \# \_ \{ \} \textless{} \textgreater{} \textbackslash", "50% & # _ { } < > \\"),
        ("50% of A&B #3 a_1 10^6", "50% of A&B #3 a_1 10^6"),
        ("``Quoted'' 3--5---yes ~50\\% a~b", "“Quoted” 3–5—yes ~50% a b"),
        (r"10\,kHz, a\;b, a\ b, hy\-phen, line\\ break", "10 kHz, a b, a b, hyphen, line break"),
        # what is not closed
        (r"{open \emph{and", "open and"),
        (r"closed} twice}", "closed twice"),
        ("\\", "\\"),
        (r"\href{", ""),
        (r"$\alpha", "$α"),
    ],
)  # fmt: skip
def test_latex_to_text(latex: str, text: str) -> None:
    assert plain_text(latex) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"10.5555/ps\_2019{\_}1", "10.5555/ps_2019_1"),
        (r"10.5555/a(1){$<$}583::AID-X{$>$}3.0", "10.5555/a(1)<583::AID-X>3.0"),
        (r"https://a.org/~b_c?d=1\&e=5\%20f", "https://a.org/~b_c?d=1&e=5%20f"),
        ("10.5555/a--b", "10.5555/a--b"),
    ],
)
def test_addresses_lose_their_escapes_only(latex: str, text: str) -> None:
    assert address_text(latex) == text


def test_date_of_today_is_no_text() -> None:
    assert plain_text(r"\today") == r"\today"


# -- entries ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A file and the titles in it; ``told`` are the lines of entries that could not be read."""

    text: str
    titles: list[str]
    told: list[int] = field(default_factory=list)


B = "\n@article{b, title={Second}}"
FILES = {
    "a command without meaning in one entry": File(r"@article{a, title={\foo \href{x}}}" + B, [r"\foo", "Second"]),
    "no key": File("@article{title={A}, year=2019}" + B, ["A", "Second"]),
    "an empty key": File("@article{, title={A}}" + B, ["A", "Second"]),
    "no comma after the key": File("@article{a\n title={A}}" + B, ["A", "Second"]),
    "no comma between fields": File("@article{a, title={A}\n year={2019}}" + B, ["A", "Second"]),
    "a brace too many": File("@article{a, title={A}}, year={2019}}" + B, ["A", "Second"]),
    "a brace missing": File("@article{a, title={A, year={2019}}\n" + B, ["Second"], [1]),
    "a quote missing": File('@article{a, title="A, year={2019}}\n' + B, ["Second"], [1]),
    "a cut file": File("@article{b, title={Second}}\n@article{a, title={A", ["Second"], [2]),
    "a missing brace on one line": File("@article{a, title={A {}} @article{b, title={Second}}", ["Second"], [1]),
    "an escaped brace at the end": File("@article{a, title={A}, file={C:\\Users\\}, year=1}" + B, ["A", "Second"]),
    "a line break command at the end": File(r"@article{a, title={A \\}}" + B, ["A", "Second"]),
    "one escaped brace": File(r"@article{a, title={A \{ b}}" + B, ["A { b", "Second"]),
    "round brackets": File('@article(a, title="A (x) b", year=2019)' + B, ["A (x) b", "Second"]),
    "quotes in quotes": File('@article{a, title="A "quoted" word", year=2019}' + B, ['A "quoted" word', "Second"]),
    "quotes in braces in quotes": File('@article{a, title="A {"}quoted{"} word"}' + B, ['A "quoted" word', "Second"]),
    "comments": File(
        "@comment{jabref-meta: x;}\n@comment{@article{x, title={Hidden}}}\n"
        "@Comment{\n@article{y,\n title={Hidden}}\n}\n"
        '@preamble{"\\newcommand{\\x}[1]{}"}\n% @article{z, title={Hidden}}\nFree words.' + B, ["Second"]),
    "a comment that never ends": File("@comment{ x" + B, ["Second"]),
    "an address in free words": File("Contact: me@example.org (work)" + B, ["Second"]),
    "an at sign in a title": File("@article{a, title={LeQua @ {CLEF}}}" + B, ["LeQua @ CLEF", "Second"]),
    "one key twice": File("@article{b, title={A}}" + B, ["A", "Second"]),
    "capitals": File("@ARTICLE{a, TITLE={A}}" + B, ["A", "Second"]),
    "no works": File("@xdata{x, title={X}}\n@set{s, entryset={a,b}}\n@IEEEtranBSTCTL{c, ctluse=1}" + B, ["Second"]),
    "Windows line ends": File("@article{a,\r\n title={A\r\n b}\r\n}\r\n", ["A b"]),
    "unicode": File("@article{müller2019, title={Schmerz – Übersicht}}", ["Schmerz – Übersicht"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_entries_of_a_file(name: str) -> None:
    file = FILES[name]
    found = read_records(file.text.encode(), uncited=True)
    assert [record.title for record, _ in found.records] == file.titles
    assert [problem.line for problem in found.problems] == file.told
    assert all("brace or quote" in problem.reason for problem in found.problems)


def test_values_joined_and_named() -> None:
    text = (
        '@string{pse = "Pain Studies"}\n@string(oslo = {Oslo})\n'
        '@article{a, title = {T # 1}, journal = pse # " (" # oslo # ")", month = jul, year = 2019}\n'
        "@article{b, title = {U}, journal = UNKNOWN_J}"
    )
    first, second = read(text)
    assert (first.title, first.journal, first.publication_date) == ("T # 1", "Pain Studies (Oslo)", "2019-07")
    assert second.journal == "UNKNOWN_J"


def test_a_field_given_twice() -> None:
    twice = one("keywords={Burst}, keywords={Spinal cord stimulation}, author={Vogt, P}, author={Lind, K}, title={U}")
    assert twice.keywords == ["Burst", "Spinal cord stimulation"]
    assert [author.name for author in twice.authors] == ["Vogt P", "Lind K"]
    assert twice.title == "T"


@pytest.mark.parametrize(
    ("printed", "keywords"),
    [
        ("pain, stimulation", ["pain", "stimulation"]),
        ("Pain, Intractable; Stimulation", ["Pain, Intractable", "Stimulation"]),
        ("{Pain, Intractable}, Stimulation", ["Pain, Intractable", "Stimulation"]),
        (r"$\alpha$-agonists, caf\'e", ["α-agonists", "café"]),
    ],
)
def test_keywords(printed: str, keywords: list[str]) -> None:
    assert one(f"keywords={{{printed}}}").keywords == keywords


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year=2019, month=jul", "2019-07"),
        ("year={2019}, month={July}", "2019-07"),
        ("year={2019}, month=7, day=3", "2019-07-03"),
        ("year={2019}, month={07}", "2019-07"),
        ('year=2019, month = jul # "~3"', "2019-07-03"),
        ('year=2019, month = "3~" # jul', "2019-07-03"),
        ("year={2019}, month={September/October}", "2019-09"),
        ("year={2019}, month={Spring}", "2019"),
        ("date={2019-07-03}", "2019-07-03"),
        ("date={2019-07-15/2019-07-20}, year={2019}", "2019-07-15"),
        ("date={2019}", "2019"),
        ("year={in press}", ""),
    ],
)
def test_dates(fields: str, date: str) -> None:
    assert one(fields).publication_date == date


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Vogt, Petra and Karl Lind", ["Vogt P", "Lind K"]),
        ("Vogt, P. AND Lind, K. and others", ["Vogt P", "Lind K"]),
        ("{World Health Organization} and Vogt, P", ["World Health Organization", "Vogt P"]),
        ("{{Pain and Nerve Group}}", ["Pain and Nerve Group"]),
        ("Jan {van den Berg} and {\\'E}mile Zola", ["van den Berg J", "Zola É"]),
        ("M{\\\"u}ller, J{\\\"o}rg", ["Müller J"]),
        ("family=Vogt, given=Petra, prefix=van and family=Lind, given=Karl", ["van Vogt P", "Lind K"]),
        ("O&apos;Neill, Sean and Lind, K", ["O'Neill S", "Lind K"]),
        ("Thi\\{'ebaux, S and Lind, K", ["Thi{'ebaux S", "Lind K"]),
    ],
)  # fmt: skip
def test_names(printed: str, names: list[str]) -> None:
    assert [author.name for author in one(f"author={{{printed}}}").authors] == names


def test_biblatex() -> None:
    record = one(
        "subtitle={A cohort}, journaltitle={Pain Studies}, date={2019-07}, location={Oslo}, langid={german},"
        " eprint={81234567}, eprinttype={pubmed}",
        "online",
    )
    assert (record.title, record.journal, record.publication_date) == ("T: A cohort", "Pain Studies", "2019-07")
    assert (record.pmid, record.languages) == ("81234567", ["german"])


@pytest.mark.parametrize("scheme", ["eprinttype={pmid}", "archiveprefix={PubMed}", "eprinttype={medline}"])
def test_a_pmid_as_eprint(scheme: str) -> None:
    assert one(f"eprint={{81234567}}, {scheme}").pmid == "81234567"
    assert one("eprint={1901.01234}, eprinttype={arxiv}").pmid is None


def test_what_an_entry_takes_from_another() -> None:
    text = (
        "@inproceedings{a, title={Child}, pages={1--3}, crossref={P}}\n"
        "@inproceedings{b, title={Own}, booktitle={Own book}, year=2012, crossref={p}}\n"
        "@article{c, title={X}, xdata={d}}\n"
        "@proceedings{p, title={The book}, year=2011, volume=3, doi={10.5555/book}}\n"
        "@xdata{d, journal={Pain Studies}}\n"
        "@article{e, title={Self}, crossref={e}}"
    )
    child, own, data, book, itself = read(text)
    assert (child.journal, child.year, child.volume, child.doi, child.pages) == ("The book", 2011, "3", None, "1-3")
    assert (own.journal, own.year) == ("Own book", 2012)
    assert data.journal == "Pain Studies" and book.title == "The book" and itself.title == "Self"


def test_lines_are_where_entries_begin() -> None:
    text = "\n\n% note\n@article{a,\n title={A}}\n\n  @article{b, title={B}}\n@article{c, title={C"
    assert [item.line for item in entries(text)] == [4, 7, 8]
    assert [type(item) for item in entries(text)] == [Entry, Entry, Unread]


@pytest.mark.parametrize(
    "unit",
    ["@article{", "@article{a,title={", "\n@a{b,c={", "@comment{", "{", '"', "x ", "a and ", ",", "@", "c=d,", "\\{",
     "@a{b,c={d}}", "$a", "\\'", "\\ifmmode", "\\verb|", "{\\'e}"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "@article{a, title={", "@article{a, author={"])
def test_time_is_linear_in_the_file(unit: str, before: str) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        list(bibtex.read(before + unit * times, "bibtex"))
        return time.process_time() - start

    seconds(10)
    assert seconds(16_000) < 4 * 4 * max(seconds(4_000), 0.02)
