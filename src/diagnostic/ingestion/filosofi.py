"""The words of Filosofi: one meaning a concept, whatever the file that publishes it.

The same distribution is published by quarter (REVN, ``data_filo``) and by commune, intercommunal body,
département and région; figures compare only if they carry the same names.
"""

from __future__ import annotations

from typing import Final

from diagnostic.ingestion.columns import declare

BLOCK: Final = "income"

DISPOSABLE: Final = """
    Q1      disposable_income_q1
    Q2      disposable_income_median
    Q3      disposable_income_q3
    D1      disposable_income_d1
    D2      disposable_income_d2
    D3      disposable_income_d3
    D4      disposable_income_d4
    D6      disposable_income_d6
    D7      disposable_income_d7
    D8      disposable_income_d8
    D9      disposable_income_d9
    """

SPREAD: Final = """
    EQ      interquartile_ratio    all  ratio
    Q3_Q1   interquartile_range
    RD      interdecile_ratio      all  ratio
    GINI    gini_index             all  ratio
    S80S20  s80_s20_ratio          all  ratio
    """

SHARES: Final = """
    TP60    poverty_rate
    PMIMP   taxed_households_share
    PACT    activity_income_share
    PTSA    wages_share
    PBEN    self_employment_income_share
    PCHO    unemployment_benefits_share
    PPEN    pensions_share
    PPAT    property_income_share
    PPSOC   social_benefits_share
    PPFAM   family_benefits_share
    PPMINI  minimum_benefits_share
    PPLOGT  housing_benefits_share
    PIMPOT  taxes_share
    """

COUNTS: Final = """
    NBMEN   households
    NBPERS  persons                all  persons
    NBUC    consumption_units      all  consumption_units
    """

# Incomes before redistribution, as declared to the tax office: other figures under the same short names.
DECLARED: Final = """
    Q1      declared_income_q1
    Q2      declared_income_median
    Q3      declared_income_q3
    D1      declared_income_d1
    D2      declared_income_d2
    D3      declared_income_d3
    D4      declared_income_d4
    D6      declared_income_d6
    D7      declared_income_d7
    D8      declared_income_d8
    D9      declared_income_d9
    EQ      declared_interquartile_ratio       all  ratio
    RD      declared_income_interdecile_ratio  all  ratio
    GINI    declared_income_gini_index         all  ratio
    S80S20  declared_income_s80_s20_ratio      all  ratio
    TP60    declared_poverty_rate              all  percent
    PIMP    taxed_households_share             all  percent
    """

SHARE_COLUMNS: Final = declare(SHARES, block=BLOCK, unit="percent")
DISTRIBUTION: Final = {**declare(DISPOSABLE + SPREAD, block=BLOCK, unit="euros"), **SHARE_COLUMNS}
DECLARED_DISTRIBUTION: Final = declare(DECLARED, block=BLOCK, unit="euros")
COUNT_COLUMNS: Final = declare(COUNTS, block=BLOCK, unit="households")
