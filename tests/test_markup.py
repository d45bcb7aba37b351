"""Markup to text: raised figures never run into others, brackets that are no tags stay."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from evidence.bibliography.normal import normal_doi, normal_title
from evidence.markup import element_text, headed_parts, plain_markup

M = 'xmlns:m="http://www.w3.org/1998/Math/MathML"'

# Markup as it is in HTML and PubMed's XML alike → its text.
BOTH = [
    ("10<sup>3</sup> pulses", "10³ pulses"),
    ("10<sup>-6</sup> and 10<sup>\u22123</sup>", "10⁻⁶ and 10⁻³"),
    ("2<sup>10</sup> s", "2¹⁰ s"),
    ("24<sup>2</sup> patients", "24² patients"),
    ("24 <sup>2</sup> patients", "24 ² patients"),
    ("24<sup>1,2</sup> patients", "24¹,² patients"),
    ("24<sup><i>2</i></sup> patients", "24² patients"),
    ("p = 0.5.<sup>3</sup> We", "p = 0.5.³ We"),
    ("stimulation<sup>1</sup> of", "stimulation¹ of"),
    ("log<sub>10</sub>2", "log₁₀2"),
    ("SO<sub>4</sub><sup>2-</sup>", "SO4²⁻"),
    # what nobody would misread stays as it is typed and searched
    ("Ca<sup>2+</sup>", "Ca2+"),
    ("Na<sup>+</sup>", "Na+"),
    ("PaO<sub>2</sub>/FiO<sub>2</sub>", "PaO2/FiO2"),
    ("CO<sub>2</sub> and H<sub>2</sub>O", "CO2 and H2O"),
    ("3<sup>rd</sup> and 1<sup>st</sup>", "3rd and 1st"),
    ("kg/m<sup>2</sup>, I<sup>2</sup>, R<sup>2</sup>", "kg/m2, I2, R2"),
    ("<sup>18</sup>F-FDG and <sup>99m</sup>Tc", "18F-FDG and 99mTc"),
    ("with <sup>18</sup>F", "with 18F"),
    ("CD4<sup>+</sup>", "CD4+"),
    ("5-HT<sub>1A</sub>", "5-HT1A"),
    ("Na<sub>v</sub>1.7", "Nav1.7"),
    ("alpha<sup>2</sup>", "alpha2"),
    ("24<sup>*</sup> patients", "24* patients"),
    ("<i>in vivo</i>, <b>bold</b>", "in vivo, bold"),
]
MATH = [
    ("<m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac>", "1/2"),
    ("<m:mn>1</m:mn><m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac>", "1 1/2"),
    ("<m:mfrac><m:mrow><m:mi>a</m:mi><m:mo>+</m:mo><m:mi>b</m:mi></m:mrow><m:mn>2</m:mn></m:mfrac>", "(a+b)/2"),
    ("<m:msup><m:mn>10</m:mn><m:mn>2</m:mn></m:msup>", "10²"),
    (
        "<m:semantics><m:msup><m:mn>10</m:mn><m:mn>2</m:mn></m:msup><m:annotation>10^{2}</m:annotation></m:semantics>",
        "10²",
    ),
    ("<m:msup><m:mi>e</m:mi><m:mi>x</m:mi></m:msup>", "e^x"),
    ("<m:msubsup><m:mi>x</m:mi><m:mi>i</m:mi><m:mn>2</m:mn></m:msubsup>", "xi2"),
    ("<m:msqrt><m:mi>a</m:mi><m:mo>+</m:mo><m:mi>b</m:mi></m:msqrt>", "√(a+b)"),
    ("<m:mi>p</m:mi><m:mo>=</m:mo><m:mn>0.05</m:mn>", "p=0.05"),
    ("<m:mfenced><m:mi>a</m:mi><m:mi>b</m:mi></m:mfenced>", "(a,b)"),
    ("<m:mmultiscripts><m:mi>C</m:mi><m:mprescripts/><m:none/><m:mn>14</m:mn></m:mmultiscripts>", "14C"),
    ("<m:mover><m:mi>x</m:mi><m:mo>\u00af</m:mo></m:mover>", "x\u00af"),
]


@pytest.mark.parametrize(("source", "text"), BOTH)
def test_inline_markup(source: str, text: str) -> None:
    assert plain_markup(source) == text
    assert element_text(etree.fromstring(f"<a>{source}</a>")) == text


@pytest.mark.parametrize(("source", "text"), MATH)
def test_mathematics(source: str, text: str) -> None:
    math = f"<m:math {M}>{source}</m:math>"
    assert element_text(etree.fromstring(f"<a>{math}</a>")) == text
    assert plain_markup(math) == text


def test_mathematics_beside_figures() -> None:
    raised = f"10<m:math {M}><m:msup><m:mrow/><m:mn>3</m:mn></m:msup></m:math> Hz"
    half = f"at 3<m:math {M}><m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac></m:math>4"
    for source, text in ((raised, "10³ Hz"), (half, "at 3 1/2 4")):
        assert plain_markup(source) == text
        assert element_text(etree.fromstring(f"<a>{source}</a>")) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Pain &amp; stimulation: p &lt; 0.05, &#945;2 and caf&eacute;", "Pain & stimulation: p < 0.05, α2 and café"),
        ("&#x3b1; and &amp;lt; made twice", "α and < made twice"),
        ("R&D; AT&T, a&notable; &foo; & co", "R&D; AT&T, a&notable; &foo; & co"),
        ("x<3 and y>7", "x<3 and y>7"),
        ("a <b and c> d", "a <b and c> d"),
        ("<LOD> and <title> of no text", "<LOD> and <title> of no text"),
        ("Closed loop <scp>SCS</scp>, <sc>rct</sc>", "Closed loop SCS, rct"),
        ("CO<inf>2</inf>", "CO2"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ('<span class="a">One</span><br/>Two', "One Two"),
        ("<jats:italic>new</jats:italic>", "new"),
        ("<math><mrow>never closed", "<math><mrow>never closed"),
    ],
)
def test_references_and_tags(source: str, text: str) -> None:
    assert plain_markup(source) == text


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        (
            "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aims</jats:title><jats:p>A.</jats:p></jats:sec>",
            [("Abstract", ""), ("Aims", "A.")],
        ),
        ("<h4>Background</h4>Pain.<h4>Methods</h4>We asked.", [("Background", "Pain."), ("Methods", "We asked.")]),
        ("No heading <i>here</i>.", [("", "No heading here.")]),
        ("<jats:title>never closed", [("", "never closed")]),
        ("", []),
    ],
)
def test_parts_with_headings(source: str, parts: list[tuple[str, str]]) -> None:
    assert headed_parts(source) == parts


@pytest.mark.parametrize(
    ("printed", "doi"),
    [
        ("10.1130/2009.2460(02)", "10.1130/2009.2460(02)"),
        ("(doi: 10.5555/abc)", "10.5555/abc"),
        ("(see 10.5555/ab(c)).", "10.5555/ab(c)"),
        ("[10.5555/x]", "10.5555/x"),
        ("10.5555/x[1]", "10.5555/x[1]"),
        ("10.5555/a(1)5:2&lt;16::AID-X&gt;3.0.CO;2-2", "10.5555/a(1)5:2<16::aid-x>3.0.co;2-2"),
        ('<a href="https://doi.org/10.5555/a">10.5555/a</a>', "10.5555/a"),
        ("\u201c10.5555/a\u201d", "10.5555/a"),
        ("<10.5555/a>", "10.5555/a"),
        ("10.5555/)", None),
        ("10.5555", None),
    ],
)
def test_a_doi_keeps_the_brackets_that_it_opened(printed: str, doi: str | None) -> None:
    assert normal_doi(printed) == doi


def test_markup_does_not_part_two_copies() -> None:
    plain = normal_title("Closed loop SCS and pain & nerves")
    assert normal_title("Closed loop <scp>SCS</scp> and pain &amp; nerves") == plain
    assert normal_title("10<sup>3</sup> pulses") == normal_title("10³ pulses")


@pytest.mark.parametrize(
    "unit", ["<math>", "<", "<sup>", "&lt;", '<a href="', "<jats:title>", "<i x=y ", "<math></math>"]
)
def test_time_is_linear_in_the_text(unit: str) -> None:
    def once(times: int) -> float:
        start = time.process_time()
        plain_markup(unit * times)
        return time.process_time() - start

    def seconds(times: int) -> float:
        return min(once(times) for _ in range(3))  # a pause of the collector is no growth

    seconds(100)
    assert seconds(40_000) < 4 * 4 * max(seconds(10_000), 0.01)
