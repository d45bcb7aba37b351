"""Sample size: the number, its sentence, and when to say nothing. All abstracts are invented."""

from __future__ import annotations

import pytest

from evidence import number_words
from evidence.record import Record, Section
from evidence.tagging.design.describe import describe
from evidence.tagging.text import document as text
from evidence.tagging.types import SampleSize


def sample(abstract: str, title: str = "Leads for pain", **fields: str) -> SampleSize | None:
    record = Record(source="test", title=title, abstract=[Section(abstract)], **fields)  # type: ignore[arg-type]
    return describe(record, text.read(record)).sample_size


def size(abstract: str, title: str = "Leads for pain", **fields: str) -> int | None:
    found = sample(abstract, title, **fields)
    return found.value if found else None


STATED = [
    ("Sixty patients were randomly assigned to burst or tonic stimulation; 52 completed the study.", 60),
    ("Of 115 patients screened, 90 were randomized to two groups of 45.", 90),
    ("A total of 1,204 subjects were enrolled at 12 centers.", 1204),
    ("We report on 67 patients, 23 of whom received a pump and 44 of whom acted as controls.", 67),
    ("Forty-five adults (mean age 51 years) with CRPS took part. Pain fell in 30 patients (67%).", 45),
    ("One hundred and eight patients treated with bupivacaine were monitored for 86 weeks.", 108),
    ("Candidates for a stimulator were randomly assigned to one of two leads (n = 107).", 107),
    ("The trial phase was successful in 53 of 68 patients (78%). In this study, 68 patients were followed.", 68),
    ("Patients were divided into three groups. Each group comprised 30 subjects.", 90),
    ("In all, 24 consecutive patients underwent implantation. Infection occurred in 2 patients.", 24),
    ("Subjects were randomized to two arms, active (n = 21) and sham (n = 19).", 40),
    ("The records of 200 patients were reviewed.", 200),
    ("The lead was tested in 14 patients with low back pain.", 14),
    ("ASA class 1 and 2 patients were studied. Fifty patients were randomized.", 50),
    ("Adults with pain (n = 26) were assigned to burst (n = 12) or tonic stimulation (n = 14).", 26),
    ("Patients with back pain (n = 97) as well as healthy controls (n = 31) were tested.", 97),
    ("Fourteen patients, nine with back pain and five with CRPS, received a lead.", 14),
    (
        "Eleven patients, nine with FBSS and two with CRPS, came. A lead was implanted in five men and six women.",
        11,
    ),
    ("Eighty-six adults with pain were offered a trial. Pumps were implanted in 77 adults.", 86),
    ("Nine (four male) patients with CRPS were enrolled.", 9),
    ("Fifteen patients received 20 ml of either solution on two days in a randomized trial.", 15),
    ("This article reports a case series of 27 patients who received a lead.", 27),
    ("In two regional hospitals, adult patients were randomized. Some 412 patients were randomized.", 412),
    ("The study was undertaken in 40 American Society of Anesthesiologists (ASA) grade I and II patients.", 40),
    ("Twenty consecutive MG patients were randomised to either lead.", 20),
    ("Twenty - four CRPS patients were randomised.", 24),
    ("One-hundred eighteen patients were enrolled.", 118),
    ("Forty-four P. vivax patients were randomized to four regimens.", 44),
    ("The drug was infused in 18 selected patients out of a series of 42 disabled cases.", 18),
    ("Total amount of subjects 25. Pilot stage: 5 subjects.", 25),
    ("The goal is relief at 3 months. Number of patients: 32.", 32),
    ("A total of 90 patients, 40 men and 50 women, were treated.", 90),
    ("Twelve female and ten male healthy volunteers received one dose. The subjects were blinded.", 22),
    ("The subjects (476 males and 14 females) received a loading dose.", 490),
    ("Patients older than 21 were randomized to a lead. Twenty-four adults with pain were enrolled.", 24),
    ("Patients were randomized. One group (A, n = 48) had a lead. The other group (B, n = 51) had drugs.", 99),
    ("Adults with pain were randomized into five cohorts (n = 24 per cohort) to receive a lead.", 120),
    ("We studied a lead (n = 31) compared with no lead (n = 42) in 73 patients with pain.", 73),
    ("About 200 subjects will be screened to achieve 150 randomized subjects.", 150),
    ("Forty male diabetics, recruited from a clinic, were randomized to a lead or none.", 40),
    ("Methods and Results-Twenty patients with angina were studied and randomized.", 20),
    ("Biomarkers were measured in one cohort (n = 7,827; 417 cases of pain in ten years).", 7827),
    ("Of 3,019 women in the cohort, 216 (7%) had pain.", 3019),
    ("360 women will be randomized to either a lead group or a sham group.", 360),
    ("We assayed samples from six children who received a pump.", 6),
    ("Twenty-four women treated with a lead and 11 women treated with exercise completed the program.", 35),
    ("Thirty adults underwent asleep surgery and 39 underwent awake surgery.", 69),
    ("People with painful neuropathy (n = 26; 21 men) trained with the device. Pain fell by 20% (p = 0.01).", 26),
    ("Chart data, n = 53. NRS drop at 6 months 3.0 vs 4.4 (p = .02). Four leads fractured.", 53),
    ("Leads were tested for a week. 129 were implanted. At 5 years 84% were responders (p < 0.01).", 129),
    ("Trialled 24; implanted 19. Relief was 58% at month 6 (p = 0.02).", 24),
    ("We e-mailed 212 program directors; 97 replied. Of these, 38% taught leads (p = 0.1).", 97),
    ("Scores were analyzed for 145 PTNS and 98 SNM recipients. A response persisted in 21% and 63%.", 243),
    ("Adults who had ketamine (n = 412) or received leads (n = 598) were compared after weighting.", 1010),
    (
        "Forty women with fibromyalgia and 40 women without pain wore a recorder at night. It fell by 20% (p < 0.1).",
        80,
    ),
    ("A smart band was posted (n = 1 010; mean age 61). The posterior probability was 0.97 (p < 0.01).", 1010),
]


@pytest.mark.parametrize(("abstract", "expected"), STATED)
def test_the_study_population_is_found(abstract: str, expected: int):
    assert size(abstract) == expected


NOT_STATED = [
    "The population included 712 and 267 subjects from studies one and two, respectively.",
    "20 adults were randomized in each arm.",
    "Leads were implanted for 24 months. Pain fell by 20% (p = 0.01) and 61% of leads held.",
    "Data of 12 months were used. Records of 5 hospitals were read (p = 0.01).",
    "Pain fell (mean 59, range 18) in 61% and by 12 points in others (p = 0.01).",
    "Two individuals, however, suffered from weakness after treatment.",
    "They planned the treatment of 3 simulated patient cases.",
    "Infusion was at 35 ml/kg/h most patients received a lead.",
    "Patients were randomly assigned to burst or tonic stimulation.",
    "Pain fell by 50% in most patients. Infection occurred in 2 patients (4%).",
    "We studied 45-year-old leads from 10 centers over 12 months.",
    "Chronic pain affects about 100 million adults in the United States. Patients received leads.",
    "Patients were followed from 1996 to 2008. Two patients died.",
    "Leads were placed at T9 in patients aged 20 to 60.",
    "The treatment arm contained 146 patients.",
    "A lead has been used in two patient groups.",
    "Leads were randomized at nine centers (three in France).",
    "A previous trial of 40 patients found no benefit. We therefore randomized patients to two leads.",
]


@pytest.mark.parametrize("abstract", NOT_STATED)
def test_nothing_is_said_where_nothing_is_stated(abstract: str):
    assert size(abstract) is None


@pytest.mark.parametrize("title", ["A narrative review of leads", "Guideline on leads", "Editorial: leads"])
def test_reviews_and_guidelines_have_no_sample(title: str):
    assert size("We included 12 trials with 940 patients who were randomized.", title) is None


def test_case_reports_count_their_cases():
    assert size("A 54-year-old man received a lead.", "A case report") == 1
    assert size("We describe three patients whose pumps were filled wrongly.") == 3


def test_a_title_counts_the_cases_that_it_describes():
    abstract = "We reviewed the records of 17 children with a lead. In four cases it was recorded from."
    assert size(abstract, "Recording from leads: description of four cases") == 4


def test_weeks_are_no_animals():
    assert size("10 weeks-old mice were fed for 20 weeks.", "Stimulation in mice") is None


def test_a_registration_states_what_is_planned():
    assert size("This project will enroll 80 subjects with pain.", kind="registration") == 80
    assert size("Subjects with pain will be enrolled.", kind="registration") is None


def test_animals_are_counted_in_animal_studies_only():
    assert size("Male Wistar rats (n = 8) were implanted with a cuff electrode.") == 8
    assert size("Leads were implanted in Fischer 344 rats.") is None  # a strain, not a number
    assert size("Twelve patients were treated. The drug had been given to 40 rats before.") == 12


def test_the_number_comes_with_its_sentence_offsets_and_reason():
    abstract = "Pain is common. Forty patients were enrolled. Leads were placed."
    found = sample(abstract)
    assert found is not None
    assert found.sentence == "Forty patients were enrolled."
    assert abstract[found.start : found.end] == "Forty" and found.section == 0
    assert "taken into the study" in found.rule


NUMBERS = [
    ("one hundred and eight", 108), ("1,002", 1002), ("forty-five", 45), ("forty five", 45), ("twelve", 12),
    ("two thousand and ten", 2010), ("three hundred twenty-one", 321), ("two three", None), ("eleven two", None)
]  # fmt: skip


@pytest.mark.parametrize(("words", "value"), NUMBERS)
def test_number_words(words: str, value: int | None):
    assert number_words.value(words) == value


@pytest.mark.parametrize(
    ("abstract", "pooled"),
    [
        ("We included 12 trials with 940 patients who were randomized.", 940),
        ("Twenty-three trials (1,914 participants) entered the network. One study had 60 patients.", 1914),
        ("Data of 612 patients from nine studies were pooled.", 612),
        ("We included 12 trials. Pain fell by 20%.", None),
        ("Of 940 trials found, 12 were included.", None),
        ("Nine trials were found in 2019.", None),
    ],
)
def test_a_systematic_review_has_the_participants_that_it_pooled(abstract: str, pooled: int | None):
    assert size(abstract, "A systematic review of leads") == pooled


@pytest.mark.parametrize(
    ("abstract", "number"),
    [
        ("Between June and May, 912 people were screened and 344 randomised (86 per cell).", 344),
        ("Of 187 candidates who consented, 141 met criteria and were randomized to burst or tonic.", 141),
        ("Of 88 patients referred, 71 underwent the procedure.", 71),
        ("Of 44 patients enrolled, 41 entered the randomized phase.", 41),
        ("Of 40 patients enrolled, 31 had relief.", 40),
        ("Of 171 patients assessed, 129 were randomised and 121 were included in the analysis.", 129),
        ("To date 312 patients have been enrolled and trialled.", 312),
        ("Of 21,672 beneficiaries with a first trial, 13,220 converted.", 21672),
    ],
)
def test_those_taken_out_of_those_looked_at(abstract: str, number: int):
    assert size(abstract, "A prospective randomised trial of leads") == number
