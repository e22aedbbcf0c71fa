"""Wordings that mean the same to a coder who asks for a rule; `rule_words` reads letters and rules by them."""

from typing import Final

# One group a line; wordings of several words are written as they stand in a text.
ALIKE: Final = """
note, chart, record, records, notes, documented, document, documents, documentation, documenting, charted, charting
physician, doctor, doctors, md, provider, providers, doc, docs, dr, physicians, surgeon, surgeons, clinician
practitioner, npp, np, pa, nurse practitioner, physician assistant, aprn, nps, pas, app, apps, arnp
staff, medical assistant, ma, rn, nurse, lpn, auxiliary, assistants personnel
medicare, cms, mcr, part b
pay, paid, pays, payment, payable, reimburse, reimbursed, reimbursement, payments, allow, allowed, allows
cover, covered, coverage, covers, noncovered, non-covered
deny, denied, denial, denies, refuse, refused, rejected, denials
visit, visits, e/m, em, evaluation and management, encounter, encounters, e&m, e and m
postoperative, postop, post op, post-op, after surgery, postoperatively
suture removal, stitches out, staples out, remove sutures, remove the stitches, sutures removed, sutures out
suture removal, stitches removed, staple removal, staples removed, remove the staples, removal of stitches
suture removal, stitch removal, removal of sutures, stitches taken out, took out the stitches, removing stitches
day before, the day before, day prior, next day, next morning, following day, following morning, day after
follow-up, follow up, followup, f/u, recheck
each occasion, every time, each time, each visit, every visit, every occasion, each-visit
place of service, pos
right, rt, r
left, lt, l
second, 2nd
third, 3rd
fourth, 4th
fifth, 5th
great toe, big toe, hallux
decision making, mdm, decision-making, medical decision making
return, back to the or, taken back, took back, brought back, returned, went back
operating room, or suite, theatre, operating suite, the or, back to the or, in the or, to or
global period, global, globals, global days, global surgery, global package, surgical package, postoperative period
hour, hours, hr, hrs
minute, minutes, min, mins
day, days
month, months, mo
year, years, yr, yrs, annual, annually, yearly, twelve months, 12 months
week, weeks, wk, wks
often, frequency, how often, interval, intervals, how many times, every how, full months, how soon, how frequently
begin, begins, start, starts, started, starting, start over, restart, restarts, begun, new period, beginning
deadline, time limit, within how many, timely
repair, closure, close, closed, suture, sutured, sutures, sewn, sew, stitches, stitched, closes, closing, closures
intermediate, layered, in layers, layer closure
laceration, lacerations, lac, cut, cuts
tissue adhesive, adhesive, dermabond, glue, glued, skin glue, tissue glue
excision, excise, excised, excisional, excising, cut out, excisions
remove, removed, removal, taken out, removing, removes, take out
destruction, destroy, destroyed, cryo, cryotherapy, frozen, freeze, ablation, ablated, ln2, electrodesiccation
curette, curettage, curetted, ed&c, edc
biopsy, biopsies, biopsied, bx, sampled
pathology, path, pathologist, histology, path report
lesion, growth, spot, lesions, growths
actinic keratosis, actinic keratoses, ak, aks
seborrheic keratosis, seborrheic keratoses, sk, sks
skin tag, skin tags, acrochordon, acrochordons, tags, tag
basal cell, bcc, basal cell carcinoma
squamous, scc, squamous cell carcinoma
malignant, cancer, malignancy, cancerous, carcinoma
benign, non-malignant
cosmetic, cosmetically, appearance
wound, wounds, ulcer, ulcers, sore, sores
measure, measured, size, sizes, measuring, measurement, diameter, length, dimension
add, sum, added, adding, total, combine, combined, add up, together, summed, adds, totaled, sums
several, multiple, more than one, two, both, three, many
each, every, per, apiece
include, included, includes, bill both, both be billed, report both, part of, bundled, bundle, bundling, in the code
separate, separately, separately reportable, own code, its own, in addition, besides, on top, beside, on top of
same day, same date, same calendar date, same-day, one day, day of, same session, one session, single session
different, another, other, distinct, differ, difference, vs, versus, differs, differences
edit, edits, ncci, cci, ptp, pair, pairs
column one, column 1, col 1, first column
column two, column 2, col 2, second column
mue, medically unlikely, mues, unit limit, maximum units
unit, units, quantity
indicator, indicators, mai, ccmi, indicator 0, indicator 1, indicator 9, indicator zero, indicator one
indicator 0, indicator zero
indicator 1, indicator one
indicator 9, indicator nine, ccmi 9
append, appended, attach, goes on, takes, appending
appeal, appeals, appealed, redetermination, reconsideration
overpayment, overpaid, refund, repay, give back, give it back, overpayments, return the money
audit, audited, audits, auditor
supervision, supervise, supervised, supervising, supervises, oversight, supervisor
direct supervision, in the suite, office suite, in suite, in the building, on site, onsite
phone, telephone, call, calls, audio only, audio-only, telephoned, phoned, audio, called
video, telehealth, telemedicine, virtual, audiovisual
hospital, inpatient, hospitals
facility, facilities, snf, skilled nursing facility, nursing home, nursing facility
emergency department, ed, er, emergency room, emergency
observation, obs
admit, admission, admitted, admits, admitting
discharge, discharged, discharges
new patient, new patients, new pt, new pts
new problem, new problems, new complaint, new condition, new symptom, new lump, new issue, new pain, new rash
established, est, established patient
specialty, speciality, specialties
group, practice, groups
consult, consultation, consults, consultations
opinion, advice
time, timed, clock
stop time, end time, start and stop, start and stop time, stop times
split, shared, split/shared, split or shared
substantive, more than half, majority, over half
teaching, resident, residents, teaching physician, attending
key portion, key part, critical or key, key portions
incident-to, incident to, inc to
plan, plans, plan of care, treatment plan, care plan
problem, complaint, condition, problems, complaints, conditions
injection, injections, inject, injected, shot, shots
vaccine, vaccination, immunization, vaccines, immunizations, vaccinations, flu shot
infusion, infusions, infused, iv drip, drip
push, iv push, bolus
hydration, fluids, hydrate
waste, wasted, discard, discarded, thrown away, leftover, wastage, drug waste
vial, vials
single dose, single-dose, single use, single-use
dose, doses
counsel, counseling, counselled, counseled, counselling
screen, screening, screenings, screened
wellness, awv, annual wellness visit
ippe, welcome to medicare, initial preventive physical examination
preventive, physical, well visit, annual exam, annual physical, checkup, check-up, physicals, preventative
questionnaire, phq-9, phq9, gad-7, instrument, questionnaires, tool, tools, scale, form, forms
score, scored, scoring
mammogram, mammography, mammograms
colonoscopy, colonoscopies
colorectal, colon
high risk, increased risk
history, hx, history of
current, active, under treatment, still treated
uncertain, probable, suspected, rule out, r/o, possible, likely, questionable, not confirmed
sign, signs, symptom, symptoms
diagnosis, dx, diagnoses, icd, icd-10, icd-10-cm
code first, sequence, sequencing, sequenced, listed first, goes first, first-listed, stands first, comes first
seventh character, 7th character, 7th, seventh
external cause, external causes
active treatment, initial encounter
pregnancy, pregnant, obstetric, ob, chapter 15, obstetrical
hypertension, htn, high blood pressure, hypertensive
diabetes, dm, diabetic, type 2 diabetes
kidney, renal
ckd, chronic kidney disease
esrd, end stage renal disease, end-stage
dialysis, hemodialysis
heart failure, chf
assume, assumes, assumed, presume, presumes, presumed, link, linked, causal
sepsis, septic
pressure ulcer, decubitus, bedsore, pressure injury
dehiscence, came apart, opened up, dehisced, came open
complication, complications
infected, infection, infections
abscess, boil, abscesses, furuncle
incision and drainage, i&d, i & d, drained, lanced
packing, packed, pack
graft, grafts, grafting, grafted
flap, flaps, rotation, advancement flap, tissue transfer, transposition
recipient site, graft bed, wound bed, recipient
donor site, donor, harvest, harvested
skin substitute, ctp, cellular tissue product, skin substitutes
debridement, debride, debrided, debrides
depth, deep, deepest
subcutaneous, fat, subq
nail, nails, toenail, toenails
callus, corn, calluses, corns
avulsion, avulsed
matrixectomy, matrix, permanent removal
burn, burns, burned
dressing, dress, dressings
cerumen, ear wax, earwax, wax
irrigation, irrigate, irrigated, lavage, irrigates, flush, flushed
venipuncture, blood draw, draw, blood drawing
laboratory, lab, labs
waived, waiver, clia
therapy, pt/ot, physical therapy, therapeutic, therapies
recertify, recertification, recertified, certification, certify, certified
consent, agreement, consents, agree
signature, signed, sign it, signs it, signature on
notice, abn, advance beneficiary notice, abns
routine, routinely, every patient, blanket, all patients, just in case
keep, kept, retain, retention, on file
lcd, lcds, local coverage determination
ncd, ncds, national coverage determination
contractor, mac, contractors, carrier
bind, binding, binds, bound
reasonable and necessary, medically necessary, medical necessity
guarantee, guarantees, guaranteed, promise, promises, no payment
prior authorization, prior auth, preauthorization, affirmation, provisional affirmation, authorization, pre-auth
jurisdiction, area, neighboring, neighbour
transitional, tcm
chronic care, ccm, chronic care management
contact, reach, outreach, contacted
bilateral, both sides, bilaterally, bilat, both ears, both eyes, both knees
assistant surgeon, assistant at surgery, assisted, assist, assisting
reduction, reduced, cut in half, fifty percent
percent, percentage, %
stop, stopped, discontinued, aborted, terminated, halted
staged, planned, stages, prospectively
unrelated, not related, nothing to do with, nothing to do, different problem, other problem
repeat, repeated, again, second time
substitute, locum, locums, locum tenens
enroll, enrolled, enrollment, enrolment, credentialed, credentialing, enrol
toe, toes
finger, fingers
mohs, micrographic
slide, slides
tumor, tumors, tumour, mass, lipoma
radical, radically
mesh, prosthetic
wound vac, npwt, negative pressure, vac, negative-pressure
supply, supplies
mid-level, extender
npi, own name, own number
yes/no, mandatory, required, must, needed, necessary, obligatory, needs, need, require, requires, requirement
stage, staging
home, residence, house
assisted living, domiciliary, alf
level, levels
half, 50 percent, 51
threshold, minimum, at least
ten percent, 10 percent
body surface, bsa, body surface area
square centimeter, sq cm, sqcm, cm2, square centimeters, square cm
family, relatives, surrogate, relative
critical care, crit care, cc time, critcal care
intubation, intubate, intubated
medication, medications, drug, drugs, medicine
insulin, insulins
oral, pills, metformin, by mouth
"""
