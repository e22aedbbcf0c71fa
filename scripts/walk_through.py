"""Writes docs/how-a-draft-is-made.md: one letter on its way to a draft, each step with its real output.

    python scripts/walk_through.py

A test compares the page with what the engine does now, so run it after every change that a reader of letters would see.
"""

import json
from datetime import date
from pathlib import Path

from bench.starter import starter
from consultant.drafting.correspondence import draft_html
from consultant.drafting.engine import draft_letter
from consultant.drafting.explaining import explain
from consultant.privacy import phi
from knowledge.release import Release, current, open_release

PAGE = Path(__file__).parents[1] / "docs" / "how-a-draft-is-made.md"
TODAY = date(2026, 3, 20)
LETTER = """\
Subject: Lesion on the chin

Hello, our patient Zebulon Testerly (MRN 00-TEST-411, DOB 01/02/1960) had a bening nevus taken off the left chin on
3/2/2026: 0.4 cm, excised with 0.2 cm margins on each side, simple closure. No muscle was touched, and the mole on his
back will be excised next month. 1. Which code? 2. May I bill 12011 for the repair? 3. What must the note say?
Thanks, Odile
"""


_LONG = ("text", "html", "claims", "citations", "missing")


def page(release: Release) -> str:
    """Return the page."""
    masked = phi.mask(LETTER, ("Odile",), today=TODAY)
    question, evidence, made = draft_letter(LETTER, today=TODAY, release=release, names=("Odile",))
    told = explain(question, evidence, release).replace(release.version, "RELEASE")
    document = made.as_json("chin", draft_html(made.text))
    short = {key: value for key, value in document.items() if key not in _LONG}
    read, _, rest = told.partition("\nClaim\n")
    spoken, _, _ = rest.partition("\nRules that did not speak")
    return _PAGE.format(
        letter=LETTER.rstrip(),
        masked=masked.text.rstrip(),
        read=_without_silent(read).strip(),
        spoken=("Claim\n" + spoken).strip(),
        text=made.text.replace(release.version, "RELEASE").rstrip(),
        json=json.dumps(short, indent=2, ensure_ascii=False).replace(release.version, "RELEASE"),
    )


def _without_silent(text: str) -> str:
    """Leave out the choosers that do not speak but the first two, as there are dozens."""
    lines = text.splitlines()
    silent = [place for place, line in enumerate(lines) if " does not speak: " in line]
    kept = [line for place, line in enumerate(lines) if place not in silent[2:]]
    return "\n".join(kept) + (f"\n  ({len(silent) - 2} more do not speak)" if len(silent) > 2 else "")


_PAGE = """\
# How a draft is made

One letter on its way through the engine, with the output of each step as it is. This page is written by
`python scripts/walk_through.py`, and a test holds it to what the engine does. To see the same of a letter of your own:
`consultant explain letter.eml` prints what was read, which choosers and rules spoke and which did not, and
`consultant draft letter.eml` prints the draft.

```
letter -> masked text -> question -> evidence -> outline -> draft
```

## The letter

Everything in it is invented.

```text
{letter}
```

## 1. Masked (`consultant/privacy`)

Names, numbers and dates of birth are replaced before anything else sees the text. The date of service stays, because
code sets, edits and fees hold for a date. Behind a masked date of birth stands the age on that day, below 90, because
ages choose codes too. Every later step, the draft, the reply's quote and the search see only this.

```text
{masked}
```

## 2. Read (`consultant/questions`)

The masked text becomes a question: what is asked, the codes that the sender wrote, and the facts of each lesion, wound,
procedure or visit, each with the words that it came from; the reviewer sees these highlighted. Slips are read over
("bening"), what is denied ("no muscle") or planned ("will be excised") is no fact of this encounter, and units become
cm, sq cm and minutes. Under each subject stand the choosers of the knowledge base with what the facts make of them.
A letter about several patients or days is read once for each of its questions, the others blanked.

```text
{read}
```

## 3. Evidence (`consultant/evidence`)

A chooser is a decision table of one family in YAML. It did the arithmetic above and gives code and units, or says
which fact is missing and what each value would make of the answer. Beside it stand the rows of the official files: PTP
edits in both orders, MUE, add-on codes, the fee schedule, each for the date of service, and the rules of the families
in play that speak to what was asked. Nothing enters that does not cite a row of the release. Where a letter asks for
the code of something that no family holds (`uncovered.yaml`), nothing is gathered for it and a person takes it up.

```text
{spoken}
```

## 4. Written (`consultant/drafting`)

The findings become an outline of claims, verdict first, each claim with its citations, and templates make the letter.
Whether a draft answers, asks back or is handed over follows from the evidence: a question that decides is open, or
there is nothing in the release that answers. The reviewer gets this text, changes what needs it, and approves it; the
checks that stand beside it in the desk run again before anything is sent.

```text
{text}
```

## As JSON (`consultant draft --json`)

Without the text, the claims and their citations, which are long:

```json
{json}
```

## Where to mend what

| what is wrong | look at |
|---|---|
| an identifier was left, or a needed word masked | `consultant/privacy` |
| a fact is missing or wrong | the words beside it; `cues` of the family, or a reader in `consultant/questions` |
| a wording is not understood | `cues` of the family, `same` in `knowledge/vocabulary.yaml` |
| the wrong family speaks, or none | `entry` and `outside` of the family |
| a family answers for what none holds | `uncovered.yaml`, its words and `hides` |
| the wrong code, unit or question | `axes`, `rows` and `derived` of the family |
| a rule is missing, wrong or beside the point | `rules` of the family |
| an edit, a limit or a fee is missing | `consultant knowledge list`: is the edition of that date held? |

After a change: `consultant knowledge check`, then `make eval`, which drafts every letter of the examination
([accuracy](accuracy.md)).
"""


def main() -> None:
    """Write the page."""
    with open_release(current(starter())) as release:
        PAGE.write_text(page(release), encoding="utf-8")


if __name__ == "__main__":
    main()
