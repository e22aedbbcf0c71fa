"""How notes name prescribed drugs: by the endings of their generic names, by brand, and by kind."""

from typing import Final

DRUG: Final = (
    r"(?:\w{3,}(?:amate|apine|idone|igine|cetam|entin|pion|limus|tinib|cept|gepant|phine|dronate|fenac|oxicam|coxib"
    r"|triptyline|zide|mycin|pril|sartan|olol|statin|cillin|mycin|cycline|azole|oxacin|formin|prazole|dipine|gliptin"
    r"|flozin|glutide|mab"
    r"|parin|xaban|zepam|triptan|thiazide|semide|sone|solone|pram|etine|gabalin|profen|tidine|lukast|terol)"
    r"|insulin|warfarin|amox(?:i|iclav|-?clav)?\b|doxy\b|azithro\b|flomax|toradol|pred\b|metop\b|pyridium|bentyl"
    r"|levothyroxine|steroids?|antibiotics?|statins?|cipro|keflex|bactrim|augmentin|z-?pak|lithium|methotrexate"
    r"|lasix|bumex|norvasc|zestril|prinivil|cozaar|diovan|toprol|lopressor|coreg|lipitor|crestor|zocor|coumadin|eliquis"
    r"|xarelto|plavix|lovenox|heparin|synthroid|glucophage|ozempic|trulicity|mounjaro|jardiance|farxiga|januvia|lantus"
    r"|humalog|novolog|basal|advair|symbicort|breo|singulair|prozac|zoloft|lexapro|celexa|wellbutrin|cymbalta|effexor"
    r"|ativan|xanax|klonopin|ambien|percocet|vicodin|norco|ultram|tramadol|neurontin|lyrica|medrol|levaquin|zithromax"
    r"|rocephin|flagyl|diflucan|valtrex|tamiflu|paxlovid|mobic|celebrex|flexeril|robaxin|zanaflex|imitrex|protonix"
    r"|carafate|reglan|phenergan|zofran|aldactone|entresto|hctz|namenda|aricept|seroquel|zyprexa|abilify|depakote"
    r"|keppra"
    r"|cef\w{3,}|vanc|zosyn|unasyn|merrem|ancef|cleocin|macrobid|omnicef|glipizide|lisinopril|amlodipine"
    r"|\w{3,}(?:pentin|vir\b|caine\b|setron|nazole|fenesin\b)|drip|(?:iv|oral|po) (?:abx|antibiotics?|steroids?"
    r"|fluids with potassium)|abx"
    r"|allopurinol|colchicine|digoxin|amiodarone|\w+(?:setron|clovir|sulosin|fibrate|zosin|tamine|barbital|trexate"
    r"|lactone"
    r"|dopa|vastatin|zine|done|codone|morphone|nidine|furantoin|thyroxine|mide|amol|asone|olone|betasol|triene|tropium)"
    r"|nitroglycerin|eye drops|ear drops|otic drops|inhalers?|ointment|patch)"
)
