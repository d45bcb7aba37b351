"""Numbers whose words are those of another number of the source, and those that only say the same otherwise."""

import re

import pytest

from evidence.check.numbers.alignment import line_up, source_numbers
from evidence.check.numbers.arms import FIRST, SECOND, named_arms
from evidence.check.numbers.numbers import find_numbers

TRIAL = (
    "We randomised 164 adults to 10 kHz stimulation plus medical management or to medical management alone; 145 "
    "completed 6 months.",
    "At 3 months 81% with stimulation and 4% with medical management alone were responders.",
    "Leads moved in 12% and 7%.",
    "Mean back pain fell from 74 mm to 20 mm with stimulation.",
    "Sleep improved by 31 mm.",
)
PUMPS = (
    "Of 66 patients who were screened, a pump was implanted in 59.",
    "The mean Ashworth score decreased from 4.3 preoperatively to 1.4, that for spasms from 3.6 to 0.5.",
    "Constipation occurred in six patients, catheter problems in 15 patients.",
    "Complications were more frequent in pumps with access ports (16%) than in those without ports (2%).",
    "Patients had been in pain for 115 months.",
    "Follow-up averaged 23 months.",
)
SHARES = (
    "A good or excellent response was seen in 8 (73%) patients; in the remaining three patients (27%) it was poor.",
    "Responders were 79% and 54% with ganglion and cord stimulation, respectively.",
    "In episodic headache it was 34% against 11%, in chronic headache 14% against 23%.",
)
TIMES = (
    "In all, 80 patients (40 patients in each group) were entered into the study, 54 men and 14 women among them.",
    "The mean age of the patients was 61 years.",
    "The median reduction in seizures was 44% at 1 year and 53% at 2 years, and ranged from 48% to 66% later.",
)


def findings(draft: str, source: tuple[str, ...]) -> dict[str, str]:
    numbers = find_numbers(draft)
    return {
        one.number.text: one.finding for one in line_up(draft, numbers, source_numbers("s", [("", s) for s in source]))
    }


@pytest.mark.parametrize(
    ("draft", "source", "number"),
    [
        ("With medical management alone 81% responded.", TRIAL, "81%"),
        ("Leads moved in 7% of those with stimulation.", TRIAL, "7%"),
        ("Back pain fell by 20 mm with stimulation.", TRIAL, "20 mm"),
        ("Before stimulation back pain was 20 mm.", TRIAL, "20 mm"),
        ("A pump was implanted in all 66 patients.", PUMPS, "66 patients"),
        ("Before surgery the mean Ashworth score was 1.4.", PUMPS, "1.4"),
        ("Constipation was seen in 15 patients.", PUMPS, "15 patients"),
        ("Complications were seen in 16% of pumps without ports.", PUMPS, "16%"),
        ("Follow-up averaged 115 months.", PUMPS, "115 months"),
        ("A good or excellent response was seen in 27%.", SHARES, "27%"),
        ("With cord stimulation 79% were responders.", SHARES, "79%"),
        ("In chronic headache it was 34%.", SHARES, "34%"),
        ("A year on, the reduction was 53%.", TIMES, "53%"),
        ("There were 14 men.", TIMES, "14 men"),
    ],
)
def test_a_number_of_something_else_is_told(draft: str, source: tuple[str, ...], number: str) -> None:
    assert findings(draft, source)[number] == "other-role"


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("Of those who had the device, 81% responded, against 4% of the others.", TRIAL),
        ("In the group without it, 4% were responders.", TRIAL),
        ("Lead migration hit 12% with stimulation and 7% without.", TRIAL),
        ("Pain in the back dropped from 74 to 20 mm.", TRIAL),
        ("The trial had 164 participants, 145 of whom reached 6 months.", TRIAL),
        ("People slept better by 31 mm.", TRIAL),
        ("59 of the 66 got a pump.", PUMPS),
        ("The score came down from 4.3 to 1.4.", PUMPS),
        ("Constipation troubled six.", PUMPS),
        ("Patients had been in pain for 115 months.", PUMPS),
        ("With ports 16% had complications, without ports 2%.", PUMPS),
        ("73% had a good response.", SHARES),
        ("The reduction was 44% in the first year and 53% in the second.", TIMES),
        ("In the trial there were 80 patients, 54 men and 14 women.", TIMES),
        ("The mean age was 61.", TIMES),
        ("Reductions ranged from 48% to 66%.", TIMES),
        ("54% responded to cord stimulation and 79% to ganglion stimulation.", SHARES),
        ("Chronic headache: 14% with the first and 23% with the second.", SHARES),
    ],
)
def test_the_same_said_otherwise_is_confirmed(draft: str, source: tuple[str, ...]) -> None:
    assert set(findings(draft, source).values()) == {"match"}


@pytest.mark.parametrize(
    ("sentence", "words", "arm"),
    [
        ("We randomised 138 to ganglion stimulation or to conventional cord stimulation.", ("cord",), SECOND),
        ("We randomised 138 to ganglion stimulation or to conventional cord stimulation.", ("ganglion",), FIRST),
        ("80 people with headache were assigned to vagus nerve stimulation or to a sham device.", ("headach",), ""),
        ("80 people with headache were assigned to vagus nerve stimulation or to a sham device.", ("placebo",), SECOND),
        ("They received active or sham stimulation.", ("stimul",), ""),
        ("They received active or sham stimulation.", ("activ",), FIRST),
        ("They received active or sham stimulation.", ("activ", "sham"), ""),
        ("TENS versus usual care: a trial", ("usual",), SECOND),
        ("Pain was lower than before.", ("pain",), ""),
    ],
)
def test_arms(sentence: str, words: tuple[str, ...], arm: str) -> None:
    assert named_arms([sentence]).of(words) == arm


def found(draft: str, *source: str) -> list[str]:
    return [one.finding for one in line_up(draft, find_numbers(draft), source_numbers("s", [("", s) for s in source]))]


OEDEMA = "Ten patients had oedema of the legs, and four granulomas were found."
POCKET = "Adverse events occurred in 8 participants (3.9%), six of them pocket infections."
ENZYMES = "Enzymes were high in 0.9% at baseline and 5.7% at the last visit."
LEADS = "Back pain was 51.1 mm with the leads on and 68.7 mm with the leads off."
ARMS = "Of 431 people screened, 214 were randomised to leads (n = 108) or to tablets (n = 106)."
WORST = "Average pain fell from 7.47 to 3.41. Mean worst pain fell from 8.92 to 4.80."
SMOKERS = "Removal was more frequent in smokers (hazard ratio 1.62; 95% CI 1.18 to 2.22)."
DRUG = "Responders were 34.3% with the drug and 15.4% with placebo."


@pytest.mark.parametrize(
    ("draft", "source", "finding"),
    [
        # people and other things that are counted are looked at together
        ("Granulomas were found in ten patients.", OEDEMA, "other-role"),
        ("Ten patients had oedema.", OEDEMA, "match"),
        ("Strokes hit seven people.", "Seven people had falls, and three strokes were seen.", "other-role"),
        ("Falls hit seven people.", "Seven people had falls, and three strokes were seen.", "match"),
        ("At the end 12% smoked.", "12% smoked at baseline and 7% at the end.", "other-role"),
        ("At the end 7% smoked.", "12% smoked at baseline and 7% at the end.", "match"),
        ("Before the trial 12% smoked.", "12% smoked at baseline and 7% at the end.", "match"),
        ("It went from 62 to 30 with leads.", "With leads pain fell from 62 mm to 30 mm.", "match"),
        # a part of them has words of its own
        ("Pocket infections were seen in eight participants.", POCKET, "other-role"),
        ("Adverse events occurred in eight participants.", POCKET, "match"),
        ("Eight of them had relief.", "Eight of the eleven patients had relief.", "match"),
        # what stands behind a share and before the next is its own
        ("Enzymes were high in 5.7% before treatment.", ENZYMES, "other-role"),
        ("Enzymes were high in 0.9% before treatment.", ENZYMES, "match"),
        ("Back pain was 51.1 mm in those with the leads off.", LEADS, "other-role"),
        ("Back pain was 68.7 mm in those with the leads off.", LEADS, "match"),
        # a share of other people
        ("Relief came to 32.7% of all 644 patients.", "Of 394 patients with data, 32.7% had relief.", "other-role"),
        ("Relief came to 32.7% of 394 patients.", "Of 394 patients with data, 32.7% had relief.", "match"),
        ("Relief came to 32.7% of patients.", "Of 394 patients with data, 32.7% had relief.", "match"),
        ("Worst pain fell to 3.41.", WORST, "other-role"),
        ("Average pain fell to 3.41.", WORST, "match"),
        ("The trial randomised 108 people to leads and 106 to tablets.", ARMS, "match"),
        ("In a study of 214 people half had leads.", ARMS, "match"),
        ("It went from 7.5 to 1.8 with leads.", "With leads pain fell from 7.5 cm to 1.8 cm.", "match"),
        ("The age was on average 60.9 years.", "The mean age was 60.9 years.", "match"),
        # the other arm by its everyday name
        ("The fake device helped 57.1%.", "Responders were 57.1% with treatment and 46.6% with sham.", "other-role"),
        ("The fake device helped 46.6%.", "Responders were 57.1% with treatment and 46.6% with sham.", "match"),
    ],
)  # fmt: skip
def test_the_number_that_the_words_mean(draft: str, source: str, finding: str) -> None:
    assert found(draft, *re.split(r"(?<=[a-z\d]\.) (?=[A-Z][a-z])", source))[0] == finding


@pytest.mark.parametrize(
    ("draft", "source", "finding"),
    [
        ("Smokers had a 62% higher hazard of removal.", SMOKERS, "match"),
        ("Smokers had a 38% higher hazard of removal.", SMOKERS, "absent"),
        ("Removal was 29% less likely with it.", "Removal was less frequent with it (hazard ratio 0.71).", "match"),
        ("The difference was 19 percentage points.", DRUG, "match"),
        ("The difference was 25 percentage points.", DRUG, "absent"),
        ("The gap was ten points.", "Responders were 57.1% and 46.6% (difference 10.4%).", "match"),
    ],
)  # fmt: skip
def test_values_that_are_worked_out(draft: str, source: str, finding: str) -> None:
    assert found(draft, source) == [finding]
