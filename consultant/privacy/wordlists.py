"""The words that decide whether a capitalised word is a person: given names, and what never is a name alone.

The lists are short on purpose. A given name counts only in front of a capitalised word or behind a cue, and the
words that are no names guard against the cue that stands in front of a payer, a procedure or an eponym.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN_NAMES: Final = _words("""
aaron abigail adam adele adrian agnes aisha alan albert alejandro alex alexander alexandra alfred ali alice alicia
alison allison alma amanda amber amelia amir amy ana andre andrea andrew angel angela angelica anita ann anna anne
annette annie anthony antonio april arjun arlene arthur ashley audrey barbara beatrice becky ben benjamin bernard
bernice beth bethany betty beverly bill billy bob bobby bonnie brad bradley brandon brenda brian brianna bridget
brittany bruce bryan caitlin calvin cameron carla carlos carmen carol caroline carolyn carrie catherine cathy cecilia
charlene charles charlotte chen cheryl chris christina christine christopher cindy claire clara claudia colleen connie
courtney craig cristina crystal curtis cynthia dale dan dana daniel danielle danny darlene darryl dave david deborah
debra dennis derek diana diane diego dolores donald donna doris dorothy doug douglas duane dylan earl ed eddie edith
edna eduardo edward eileen elaine eleanor elena eli elizabeth ella ellen emily emma enrique eric erica erik erin
ernest esther ethan ethel eugene eva evan evelyn fatima felicia fernando florence frances francis francisco fred
gabriel gail gary geoffrey george gerald geraldine gina gladys glenn gloria gordon greg gregory guadalupe gwen hannah
harold harriet harry hazel heather hector heidi helen henry herbert howard hugo ian ibrahim ida imani ingrid irene
isaac isabel isabella ivan jackie jacob jacqueline jaime jake jamal james jamie jan jane janet janice jared jasmine
jason javier jean jeanette jeanne jeff jeffrey jen jennifer jenny jeremy jerome jerry jesse jessica jesus jill jim
jimmy jo joan joann joanna joanne joe joel john johnny jon jonathan jordan jorge jose joseph josephine joshua joyce
juan juanita judith judy julia julian julie june justin karen karl kate katherine kathleen kathryn kathy katie kayla
keith kelly kenneth kenny kerry kevin kim kimberly kristen kristin kristina kyle lakshmi larry latoya laura lauren
laurie lawrence leah lee lena leon leonard leroy leslie liam lillian linda lindsay lisa lloyd lois lori lorraine louis
louise lucia lucille lucy luis luke lydia lynn madison malik manuel marcia marcus margaret maria marian marie marilyn
mario marion marjorie marlene marsha martha martin marvin mary matt matthew maureen maurice megan mei melanie melissa
melvin mia michael micheal michele michelle miguel mike mildred milton minh miriam mohamed mohammed molly monica
monique morgan nancy naomi natalie natasha nathan nathaniel neil nicholas nicole nina noah nora norma norman olga
oliver olivia omar oscar pam pamela patricia patrick patty paul paula pauline pedro peggy penny peter phil philip
phillip phyllis priya rachel rafael raj ralph ramon randall randy raquel ravi raymond rebecca regina renee rhonda
ricardo richard rick ricky rita robert roberta roberto rodney roger roland ron ronald ronnie rosa rosemary roy ruby
ruben russell ruth ryan sabrina sally sam samantha samuel sandra sara sarah scott sean sergio seth shannon sharon
shawn sheila shelly sherry shirley sofia sonia sophia sophie stacey stacy stan stanley stella stephanie stephen steve
steven stuart sue susan suzanne sylvia tamara tammy tanya tara ted teresa terrence terri terry testa thelma theodore
theresa thomas tiffany tim timothy tina todd tom tommy toni tony tonya tracey tracy travis trevor tyler tyrone valerie
vanessa vera vernon veronica vicki vickie victor victoria vincent viola virginia vivian walter wanda warren wayne
wendy wesley willie yolanda yvonne yuki zachary zoe
""")

# Given names that are also words of everyday or clinical English: they count in front of a surname, never alone.
GIVEN_NAMES_THAT_ARE_WORDS: Final = _words("""
art august autumn basil bea bill bud chance christian dawn drew eve faith frank gene glen grace grant gray guy heath
holly hope iris ivy jack jade jasper joy lance laurel lily mark max may melody mercy miles nick norm pat pearl penny
ray reed rich rob robin rocky rose rusty sandy sky star sunny sue summer terry tom van violet wade ward will
""")

# Names of diseases, signs, instruments and operations: a person who named one is not a person of the letter.
EPONYMS: Final = _words("""
achilles addison adson alzheimer apgar babinski baker bankart barrett bartholin barton bassini bell bennett bier bovie
bowen breslow broca buerger burow chiari clark colles cooper crohn cullen cushing dandy darier debakey dercum down
doppler dupuytren ebstein ehlers fallot fitzpatrick fogarty foley fournier fowler frey galeazzi gartner gleason graves
gram guillain hartmann hashimoto heller hickman hill hodgkin holter horner huntington jackson jones kaposi kawasaki
keller kelly kirschner kocher krukenberg lachman lichtenstein limberg lisfranc lyme mallory marjolin marfan marshall
mcburney meckel meniere merkel mitrofanoff mohs monteggia morton murphy nissen osgood paget pap pap's parkinson
penrose peyronie phalen pott queyrat raynaud reed reiter rinne roux rorschach rush schirmer schatzker schlatter seton
sjogren smith spitz stevens stensen sturge swan tenckhoff tinel tourette trendelenburg unna valsalva von wagner weber
wegener whipple wilms wilson wood woods wright zenker zollinger z
""")

# Words that coders write with a capital behind a cue that could also introduce a name.
NOT_A_NAME: Final = _words("""
abatacept actemra adacel aflibercept ancef avastin benadryl bevacizumab bexsero bicillin boostrix botox carboplatin
cefazolin ceftriaxone comirnaty cyanocobalamin daptacel decadron denosumab depo dexamethasone diphenhydramine dtap
engerix entyvio eylea faslodex fluarix flublok fluad flucelvax fluzone fulvestrant gardasil havrix heplisav herceptin
hpv infanrix infliximab injectafer kenalog keytruda ketorolac kinrix lasix leuprolide lupron medrol menactra menquadfi
menveo mmrv nirsevimab ocrevus omalizumab ondansetron opdivo paclitaxel pediarix pembrolizumab pentacel phenergan
pneumovax prevnar prolia promethazine proquad quadracel reclast recombivax reglan remicade rituxan rituximab rocephin
rotarix rotateq shingrix solu spikevax taxol tdap toradol trastuzumab triamcinolone trumenba twinrix vancomycin vaqta
varivax vaxelis vaxneuvance venofer xgeva xolair zofran zoledronic zometa
mdm ccm pcm tcm apcm ippe hra acp wcc wcv phq epds gad ldct dexa dxa gfr cgm rpm rtm bhi cocm ncd snf qmb wellness
preventive decision risk data mai ptp ncci awvs cpt gtin elig portal provider's
ov cpe sdm hpi rtc wwe obs nh ltc alf icu ccu micu sicu irf tcu ltach uc est app lpn cna copa rx tx sx lvl ckd derm peds
psych onc heme uro neuro nephro pulm bmp cmp cbc lft tsh inr mins hrs crit cards ent
laceration lacerations lac lacs avulsion gash cyst cysts bcc bccs sccs aks sks keratoses keratosis tags
acrochordon acrochordons lipomas lentigo verruca verrucae molluscum condyloma condylomata keloid keloids hemangioma
angioma dermatofibroma neurofibroma papilloma fibroma fibroadenoma sebaceous epidermal epidermoid intradermal
junctional pigmented premalignant precancerous precancers plantar hidradenitis pilonidal dehiscence dehisced
re-excision reexcision re-excised shaving saucerization curettage curetted electrodesiccation electrocautery hyfrecation
cryo cryotherapy cryosurgery cryosurgically destruction destroyed frozen froze liquid nitrogen cantharidin lasered
sutured stitched stapled glued sutures staples stitches dermabond steri-strips packed incised drained aspirated
aspiration grafted autograft allograft stsg ftsg rhombic rotation advancement transposition bilobed interpolation
paramedian lumpectomy mastectomy gynecomastia ultrasound stereotactic tangential incisional excisional elliptical
o-to-z o-to-t o-to-l o-to-u o-to-s a-to-t o-z o-t a-t v-y y-v v-to-y y-to-v z-plasty w-plasty h-plasty
a able about above abdomen abdominal abn abscess account aco acute add added addendum adjacent admission admitted
adult advantage advice advise aetna after again age aged ago ahima all allowed also always ama am amerigroup amount an
and annual another answer anthem any anyone apc appeal appended append arm article as asap asc ask asked asking at
attached attachment attachments audit auditor authorization aware awv back bcbs bcc be because been before being below
benign best between bilateral bill billable billed biller billing bills biopsied biopsies biopsy blue board body bone
both breast bring but by called came can cancer cannot cardiology care carefirst carrier case cc cci centene center
centers certified change chart charge charges cheek chest chief child chin chronic cigna claim claims clarification
clarify clean clear clia client clients clinic clinical closed closure cms cob code coded coder coders codes coding
colleague colleagues colonoscopy comes comment commercial complaint complex complicated consult consultant
consultation consultants consulting contact coordinator copay correct could coverage covered cpt cpt's crohns cross ct
current cyst daily date dates daughter day days dear debrided debridement declined defect deleted denial denied denies
denying department dermatology desk detail details diabetes diabetic diagnosed diagnoses diagnosis diagnostic did died
director discharge discharged do doc doctor doctors documentation documented does doing dos dr drg drug due dx e ear
ed edit edits effective eight elbow else em emergency encounter eob er established even ever every everybody everyone
exam excised excision expired eye eyelid face facility family father fee feedback feet female few fifth finger first
five follow following followup foot for forearm forehead four fourth free friday friends from full general genital get
getting gi given global go good got grateful group groups guidance guideline guidelines guys had hand happy has have
having hcc hcpcs he head health healthcare hello help her here hers hi high him hip his history hospital hour how
humana husband hx i icd if ii iii immediate improve in included including incision info information inner inpatient
inquiry insurance intermediate into is issue it its iv jan january feb february mar march apr april june july aug
august sep sept september oct october nov november dec december kaiser keratosis kind kindly knee know lab lateral
layered lcd left leg lesion lesions let letter level life like line lip local look looking lower lt mac made mail male
managed management manager many margin margins may me medicaid medicare medial medical medication melanoma member
members message met minor mod modifier modifiers mohs molina monday more most mother mr mri mrn mrs ms much mue mues
my nasal ncci nebulizer neck need needed needing needs negative new next nevus no none nose not note noted notes
nothing novitas noridian now np nurse observation of office on once one only onset op operative optum or order ortho
orthopedic orthopedics other our out outpatient outside over pa pain palmetto part partial path pathology patient
patient's patients pay payer payers payment pcp pediatric penis per perineum phone physical physician physicians place
plan plans plastic please pm po podiatry policy pos post postop practice practices pre preop presented presenting
presents previous primary prior procedure procedures professional provider providers ptp pt pts punch qhp quantity
query question questions quick radiology re reason received record records referred refuses regard regarding regards
related removal removed repair replaced reply report reported reports request required resident results return
returned returns review reviewed revision right rn rt same saturday scalp scc scheduled screening second secondary
section seen self send sent service services setting seven several shaved shave she shield should shoulder sick side
signed simple since sincerely sir site sites six skin so some someone son specimen spouse staff standard start state
states status still subject subscriber such sunday supervisor supplies sure surgeon surgeons surgery surgical suture
tag team technician telehealth telemedicine ten than thank thanks that the their them then there therapy these they
thigh third this those three through thursday thus time times to today toe told total treated treatment trunk try
tuesday tumor two type ulcer under underwent unit united unitedhealthcare units unlisted until up update upper upon
uhc urgent urology us usual va very vet veteran visit vs wait want wants was we wednesday week weekend weeks well
wellcare went were what when where whether which while who whoever whole whom whose why wife will wish with within
without wonder wondering word words work would wound wounds wps wrist write wrong x xray yeah year years yes yesterday
yet you young your yours ambetter tricare champva wellpoint emblemhealth oscar highmark caresource geico triwest
railroad workers comp botox kenalog lidocaine marcaine rocephin toradol depo-medrol cefazolin ancef keflex humira
stelara prolia xolair lovenox heparin insulin ozempic eliquis xarelto warfarin aspirin tylenol ibuprofen methotrexate
rituxan keytruda external internal genitalia scrotum vulva groin buttock flank subcutaneous fascia muscle tissue bypass
catheter disease fracture gangrene lymphoma palsy sarcoma syndrome technique procedure's flap
graft stage stages pressure hernia mesh infection infected necrotizing fasciitis sepsis shock mass lipoma nevi mole
moles wart warts actinic seborrheic squamous basal cell carcinoma dysplastic atypical malignant situ invasive
recurrent residual original traditional manual chapter january's medicare's cms's tongue lips mouth hair nail nails
chemo radiation infusion injection injections immunization vaccine vaccines vaccination flu covid pneumonia
hypertension copd asthma
stroke obesity resolution ticket hipaa npi tin ein aapc ccs cpc rhit rhia crc coc cpma cic cdeo md np's facs dpm
""")

# Words in front of which an eponym keeps its clinical meaning even in a letter whose sender bears the same name.
CLINICAL_NOUNS: Final = _words("""
s's area arthroplasty band bladder bypass catheter cyst device disease drain duct esophagus flap fracture gangrene
ganglion gland graft hernia incision layer level levels lymphoma maneuver melanoma micrographic nevus nodes operation
palsy paronychia procedure procedures prosthesis repair sarcoma sign solution stage stages stain surgery syndrome
technique test thickness tumor ulcer valve
""")

# Surnames that are words of everyday or clinical English: a known one counts alone only with a capital.
SURNAMES_THAT_ARE_WORDS: Final = _words("""
ball banks barber bass beach bean berry best bird black blood bond bone booth bowel bright brown bridge bridges brook
brooks burns bush butcher butts carpenter carter case cash chamber chambers chance church coffin cook cross crook day
dean deep doctor drain draper drinkwater driver english farmer field fields finger fish fisher flower foot forest fox
freeman french gardener gold good gore grant gray green grey grove hall hand hands hardy hart heart hill hook house
hunter joy judge justice key kidney king knight lamb land lane large law leech legg little long lord love lung mann
marsh mason masters meadows miller mills moon moore moss mountain nail nails neck nurse page paine palm park parks patch
paynes peace pearson pepper pitts pool poole poor pope porter post potter pound powers price prince pugh quick rice rich
rivers roach rose sands savage scales shaver sharp shepherd short silver singer singh skinner slaughter small snow
spear spence stone strong summers swan tanner temple tongue tucker turner underwood walker wall walls ward waters weeks
welch wells west white wilde winter wise wolf wood woods worth wound young
""")
