"""Invented sentences with planted identifiers: what must go and what must stay.

The first two parts hold without exception. The last one was written unseen by the rules, and what they miss in it
is counted in `test_phi`. Every person, number and address is made up.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """A sentence, the identifiers in it, the words that an answer needs, and the names that came with the letter."""

    text: str
    gone: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


FIRST_HALF = (
    Planted("Pt Testa Sampleton had 99213-25 with 11042 x2.", ("Testa", "Sampleton"), ("99213-25", "11042 x2")),
    Planted("Patient: SAMPLETON, TESTA  DOB: 03/04/1951", ("SAMPLETON", "TESTA", "03/04/1951"), ("Patient",)),
    Planted("MRN 4471920, dx E11.22 and N18.31, dos 03/02/2026", ("4471920",), ("E11.22", "N18.31", "03/02/2026")),
    Planted("SSN 123-45-6789 was on the face sheet for S52.531A", ("123-45-6789",), ("S52.531A",)),
    Planted("Her SSN ends in 4471, can I still bill G2211?", ("4471",), ("G2211",)),
    Planted("Call me at (555) 555-0142 or 555-0199 about 97597-59", ("555-0142", "555-0199"), ("97597-59",)),
    Planted("fax 555.555.0133 attn Kim Exampleson", ("555.555.0133", "Kim", "Exampleson"), ("fax",)),
    Planted(
        "Email testa.sampleton@clinic.example for the op note", ("testa.sampleton", "clinic.example"), ("op note",)
    ),
    Planted("See https://portal.example.org/pt/4471?x=1 for J3301", ("portal.example.org", "4471"), ("J3301",)),
    Planted("See cms.gov/medicare/coding for the MUE of 11045", (), ("cms.gov/medicare/coding", "MUE", "11045")),
    Planted("Mohs for a BCC on the nose, 17311 and 17312 x2", (), ("Mohs", "BCC", "17311", "17312 x2")),
    Planted("Colles fracture S52.531A, Bell palsy G51.0", (), ("Colles", "S52.531A", "Bell palsy", "G51.0")),
    Planted("Patient Parkinson disease stage 2, Foley catheter placed", (), ("Parkinson", "Foley")),
    Planted(
        "Merkel cell carcinoma, Breslow 0.8 mm, Clark level II", (), ("Merkel", "Breslow 0.8 mm", "Clark level II")
    ),
    Planted("Fournier gangrene N49.3, 11004 and 11008", (), ("Fournier", "N49.3", "11004", "11008")),
    Planted("Mr. Clark has Crohn disease K50.90", ("Mr. Clark",), ("Crohn", "K50.90")),
    Planted("mrs sampleton developed a seroma after 11406", ("sampleton",), ("developed", "seroma", "11406")),
    Planted(
        "Dr. Exampleson excised a 0.4 cm nevus with 0.2 cm margins", ("Exampleson",), ("excised", "0.4 cm", "0.2 cm")
    ),
    Planted("Seen by Jane Q. Sampleton, NP on March 2, 2026", ("Jane", "Sampleton"), ("NP", "March 2, 2026")),
    Planted("She is 93 years old and lives at 14 Oak Street", ("93", "14 Oak Street"), ("years old",)),
    Planted("A 67 yo male, Medicare, POS 11", (), ("67 yo", "Medicare", "POS 11")),
    Planted(
        "admitted 02/27/2026, discharged 3/1/2026, surgery 02/28/2026", ("02/27/2026", "3/1/2026"), ("02/28/2026",)
    ),
    Planted("Member ID W123456789 with Aetna denied 11440", ("W123456789",), ("Aetna", "11440")),
    Planted("Claim # 20260302-7719 was denied CO-97 for 12051", ("20260302-7719",), ("CO-97", "12051")),
    Planted("MBI 1EG4-TE5-MK73 on file", ("1EG4-TE5-MK73",), ("on file",)),
    Planted("NDC 0009-0280-02 J3301 x 4 units", (), ("0009-0280-02", "J3301 x 4 units")),
    Planted("Ship to PO Box 4471, Sampletown, OH 44123-4567", ("Box 4471", "44123-4567", "Sampletown"), ("Ship",)),
    Planted("device serial no. SN-88231A, pacemaker 33208", ("SN-88231A",), ("pacemaker", "33208")),
    Planted("license plate ABC-1234 was in the notes", ("ABC-1234",), ("notes",)),
    Planted("logged in from 192.0.2.44 today", ("192.0.2.44",), ("today",)),
    Planted(
        "Re: Testa Sampleton / 11402\nShe had a cyst. testa is fine", ("Testa", "testa", "Sampleton"), ("11402", "cyst")
    ),
    Planted("Thanks,\nKim Exampleson, CPC\nBilling, Sunny Derm", ("Kim", "Exampleson"), ("CPC", "Billing")),
    Planted("kim here again, can we bill 11042?", ("kim",), ("11042",), ("Kim Exampleson",)),
    Planted("Cigna and Blue Cross pay 17110, UHC does not", (), ("Cigna", "Blue Cross", "17110", "UHC")),
    Planted("Kenalog 40 mg injected, J3301; Botox J0585", (), ("Kenalog 40 mg", "J3301", "Botox", "J0585")),
    Planted("My name is Testa and I code for a surgeon", ("Testa",), ("code", "surgeon")),
)

SECOND_HALF = (
    Planted(
        "Hi, our patient Orla Mockford (dob 7/19/1948) had 11604 on 4/6/2026",
        ("Orla", "Mockford", "7/19/1948"),
        ("11604", "4/6/2026"),
    ),
    Planted("Mockford's wound was closed with 12032", ("Mockford",), ("12032",), ("Orla Mockford",)),
    Planted("pt name: placeholder, wanda / acct 99182734", ("placeholder", "wanda", "99182734"), ()),
    Planted("Account number 5567-AB-19 Humana 99214-25", ("5567-AB-19",), ("Humana", "99214-25")),
    Planted("Patient was born January 5, 1939 in Ohio; DOS 2026-01-05", ("January 5, 1939",), ("2026-01-05",)),
    Planted("96 y/o female s/p ORIF 27245", ("96",), ("female", "27245")),
    Planted("phone: 5555550187", ("5555550187",), ("phone",)),
    Planted("+1 555 555 0111 is my cell, 20610-RT question", ("555 555 0111",), ("20610-RT",)),
    Planted("ssn: 987654321", ("987654321",), ()),
    Planted("soc sec 111 22 3333 listed", ("111 22 3333",), ()),
    Planted(
        "Dr Pretendly and Dr. Madeup co-surgeons, modifier 62", ("Pretendly", "Madeup"), ("co-surgeons", "modifier 62")
    ),
    Planted("Ms. O'Mocker-Lee declined; code Z53.20", ("O'Mocker", "Lee"), ("Z53.20",)),
    Planted("Pt José Inventado, dx C44.311", ("José", "Inventado"), ("C44.311",)),
    Planted("INVENTADO, JOSE 05/06/1972 11643", ("INVENTADO", "JOSE", "05/06/1972"), ("11643",)),
    Planted("the wife, Martha Inventado, called on 3/4/2026", ("Martha", "Inventado"), ("3/4/2026",)),
    Planted("Bowen disease D04.39, Kaposi sarcoma C46.0", (), ("Bowen", "D04.39", "Kaposi", "C46.0")),
    Planted("Spitz nevus, Paget disease, Hodgkin lymphoma C81.90", (), ("Spitz", "Paget", "Hodgkin", "C81.90")),
    Planted("Dupuytren contracture 26121, Baker cyst 27345", (), ("Dupuytren", "26121", "Baker", "27345")),
    Planted("Marjolin ulcer excised, 2.2 x 1.8 cm on the left shin", (), ("Marjolin", "2.2 x 1.8 cm", "left shin")),
    Planted("NCCI bundles 11102 into 11602; Novitas LCD L35125?", (), ("11102", "11602", "Novitas", "L35125")),
    Planted("11400-11446 range vs 11600 series, add-on +11045", (), ("11400-11446", "11600", "+11045")),
    Planted("MUE for 97597 is 1, 97598 x 8, MAI 3", (), ("97597", "97598 x 8", "MAI 3")),
    Planted("Medicare Advantage plan denied 99497 on 05/11/2026", (), ("Medicare Advantage", "99497", "05/11/2026")),
    Planted("Tricare, Kaiser and Anthem: G0168 ok?", (), ("Tricare", "Kaiser", "Anthem", "G0168")),
    Planted("Subscriber no: XYZ000123456 Highmark", ("XYZ000123456",), ("Highmark",)),
    Planted("Medical record number 00-44-71", ("00-44-71",), ()),
    Planted("She lives in Fauxville at 2201 N Imaginary Ave Apt 4", ("Fauxville", "2201 N Imaginary Ave"), ()),
    Planted("zip 44123, 12.5 cm repair 12004", ("44123",), ("12.5 cm", "12004")),
    Planted("Lot # A7719Z skin substitute Q4101", ("A7719Z",), ("Q4101",)),
    Planted("Regards\nWanda P.", ("Wanda",), ("Regards",)),
    Planted(
        "wanda wrote on Mon, Mar 9, 2026: which code for a wart",
        ("wanda",),
        ("Mar 9, 2026", "wart"),
        ("Wanda Placeholder",),
    ),
    Planted("Hello Dr. Fakeman, the 70 year old man had 11011", ("Fakeman",), ("70 year old", "11011")),
    Planted("Dr. Burns saw a Medicare pt. Laceration of shin glued", ("Burns",), ("Laceration of shin glued",)),
    Planted("Testing: FDA UDI (01)00844588003288 and 63650", ("00844588003288",), ("63650",)),
    Planted(
        "Excised from the Back and Neck, 1.0 cm each, 11401 & 11421", (), ("Back", "Neck", "1.0 cm", "11401", "11421")
    ),
    Planted("Will Medicare pay if Mark was late signing? 11042-59", (), ("Medicare", "11042-59")),
    Planted("discharge date: 2/2/2026; date of service 2/1/2026 99239", ("2/2/2026",), ("2/1/2026", "99239")),
)

UNSEEN = (
    Planted(
        "good morning, this is Pietra from Mockup Surgical. pt Benedikt Fauxman 11043",
        ("Pietra", "Benedikt", "Fauxman"),
        ("11043",),
    ),
    Planted(
        "can I append 25 for benedikt's visit on 6/1/26?", ("benedikt",), ("append 25", "6/1/26"), ("Benedikt Fauxman",)
    ),
    Planted("fauxman, b. - dob 010253 - 0.6cm nevus L arm", ("fauxman", "010253"), ("0.6cm", "L arm")),
    Planted("The patient (Odalys Unreal, 44F) had a punch bx 11104", ("Odalys", "Unreal"), ("punch bx", "11104")),
    Planted("Surgeon: Quentin Notreal MD. Procedure: 14040", ("Quentin", "Notreal"), ("14040",)),
    Planted("pt's mother Lucinda signed the ABN, GA modifier", ("Lucinda",), ("ABN", "GA modifier")),
    Planted("MRN: A-00447 / Acct#7781-22 / 12/30/1960", ("A-00447", "7781-22", "12/30/1960"), ()),
    Planted("reach me at 555 0144 x12 or mock@example.org", ("mock@example.org",), ()),
    Planted("Visit 6/1/2026 - 99214, 20 min; L57.0", (), ("99214", "20 min", "L57.0")),
    Planted("Policy says 17003 x 14 max, see Chapter III of the manual", (), ("17003 x 14", "Chapter III")),
    Planted("Breslow depth, Gleason 3+4, Wagner grade 2 ulcer, 97597", (), ("Breslow", "Gleason", "Wagner", "97597")),
    Planted("Dr. Unreal used a Penrose drain, 10061", ("Unreal",), ("Penrose", "10061")),
    Planted("Mrs. Graves has Graves disease E05.00", ("Mrs. Graves",), ("Graves disease", "E05.00")),
    Planted("Please bill Anthem ID JQX882A91145 for 11642", ("JQX882A91145",), ("Anthem", "11642")),
    Planted("Group # 00417-B, Humana Gold, denied N115", ("00417-B",), ("Humana", "N115")),
    Planted(
        "Sincerely,\n\nOdalys Unreal\nCoding Manager\n(555) 555-0170",
        ("Odalys", "Unreal", "555-0170"),
        ("Coding Manager",),
    ),
    Planted("88 Fictional Road, Mocktown, TX 75001 is the POS address", ("88 Fictional Road", "75001"), ("POS",)),
    Planted("aged 91, lesion of the left ear 1.1 x 0.7 cm", ("91",), ("left ear", "1.1 x 0.7 cm")),
    Planted("born in 1938; seen in clinic 5/5/2026 for AKs", ("1938",), ("5/5/2026", "AKs")),
    Planted("Hospitalized on May 3, 2026 and had 11005 on May 4, 2026", ("May 3, 2026",), ("11005", "May 4, 2026")),
    Planted("Zoledronic acid J3489, 5 mg; Prolia J0897", (), ("Zoledronic", "J3489", "Prolia", "J0897")),
    Planted("CPT 21552 vs 21555 for a lipoma of the neck, D17.0", (), ("21552", "21555", "lipoma", "neck", "D17.0")),
    Planted(
        "Benedikt and his brother Casimir were both seen", ("Benedikt", "Casimir"), ("brother",), ("Benedikt Fauxman",)
    ),
    Planted(
        "Modifier 59 or XS with 11102 and 17000? CMS and Noridian differ",
        (),
        ("59", "XS", "11102", "17000", "CMS", "Noridian"),
    ),
)
