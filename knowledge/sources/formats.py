"""Every official format that is known, in the order in which a file is tried against them."""

from knowledge.sources import (
    add_on,
    coverage,
    gpci,
    hcpcs,
    icd10cm_order,
    icd10cm_tabular,
    icd10pcs_order,
    mue,
    opps,
    pprrvu,
    ptp,
)
from knowledge.sources.reading import Format

FORMATS: tuple[Format, ...] = (
    ptp.FORMAT,
    mue.FORMAT,
    add_on.FORMAT,
    pprrvu.FORMAT,
    gpci.FORMAT,
    hcpcs.FORMAT,
    icd10cm_order.FORMAT,
    icd10cm_tabular.FORMAT,
    icd10pcs_order.FORMAT,
    coverage.FORMAT,
    opps.FORMAT,
)
