"""A campaign read and compared: no offer named, none counted twice, no reference no comparison."""

import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.testing import compare, publishable, results, signals_of, trait_effects
from diagnostic.analysis.testing.results import told_sectors
from diagnostic.config import TerritorySection, render_configuration
from diagnostic.demo import EPCI_CODE, EPCI_LABEL, write_campaign
from diagnostic.errors import ConfigurationError, InputError
from diagnostic.ingestion.testing import card, load_declaration, read_campaign
from diagnostic.inventory import gather
from diagnostic.workspace import create

DECLARED = """
[testing]
titre = "Essai"
domaine = "emploi_prive"
periode = "2009"
source = "essai"
fichier = "testing.csv"
offre = "offre"
reponse = "reponse"
favorable = ["oui"]
defavorable = ["non"]
secteur = "secteur"
ignorer = ["agence"]

[reference]
origine = "France"

[criteres]
origine = "origine"
"""
TITLE = "offre;agence;secteur;origine;reponse"
ROWS = ["A;Dupont;x;France;oui", "A;Dupont;x;Mali;non", "B;Durand;x;France;oui", "B;Durand;x;Mali;oui"]


def written(folder, rows=ROWS, *, title=TITLE, declared=DECLARED):
    (folder / "testing.csv").write_text("\n".join([title, *rows]) + "\n", encoding="utf-8")
    path = folder / "testing.toml"
    path.write_text(declared, encoding="utf-8")
    return path


def faults(path):
    with pytest.raises((InputError, ConfigurationError)) as caught:
        read_campaign(path)
    return caught.value.faults


def test_no_offer_and_no_agency_is_named(tmp_path):
    campaign = read_campaign(written(tmp_path, [row.replace("A;", "Annonce 17;") for row in ROWS]))
    held = campaign.applications.to_csv() + card(campaign).to_csv() + " ".join(campaign.notes)
    assert not any(word in held for word in ("Dupont", "Durand", "Annonce"))
    assert campaign.applications["offer"].tolist() == [1, 1, 2, 2]
    assert campaign.applications["callback"].tolist() == [True, False, True, True]


def test_offers_without_a_pair_are_counted_and_their_lines_named(tmp_path):
    campaign = read_campaign(written(tmp_path, [*ROWS, "C;Durand;x;Mali;non"]))
    assert campaign.unpaired.to_dict() == {"Mali": 1}
    assert "ligne 6" in campaign.notes[0]
    found = results(campaign.applications, {"origine": "France"}, criteria={"origine": "origine"})
    assert found.loc[found["sector"] == "", "offers"].tolist() == [2]


def test_without_the_reference_candidate_nothing_is_compared(tmp_path):
    (fault,) = faults(written(tmp_path, [row.replace("France", "Italie") for row in ROWS]))
    assert "référence absent" in fault.what
    assert "Italie" in fault.found


def test_an_offer_that_received_a_candidate_twice_is_refused_with_both_ways_out(tmp_path):
    (fault,) = faults(written(tmp_path, [*ROWS, "A;Dupont;x;Mali;oui"]))
    assert fault.found == "lignes 3, 6"
    assert "trait" in fault.remedy
    assert "moyenne" in fault.remedy


def test_declared_so_it_counts_for_its_mean_never_for_its_best(tmp_path):
    declared = DECLARED.replace('periode = "2009"', 'periode = "2009"\nplusieurs = "moyenne"')
    campaign = read_campaign(written(tmp_path, [*ROWS, "A;Dupont;x;Mali;oui"], declared=declared))
    found = results(campaign.applications, {"origine": "France"}, criteria={"origine": "origine"}, several="mean")
    assert found.loc[0, "rate_tested"] == 75.0


def test_every_answer_and_every_column_is_declared(tmp_path):
    found = faults(written(tmp_path, [*ROWS, "C;Durand;x;France;rappeler", "C;Durand;x;Mali;"]))
    assert [fault.what for fault in found] == ["cases vides", "réponse inconnue"]
    assert "ligne 6" in found[1].found
    (fault,) = faults(written(tmp_path, ["J;A;Dupont;x;France;oui"], title=f"prenom;{TITLE}"))
    assert fault.column == "prenom"


def test_faults_of_a_declaration_are_said_at_once(tmp_path):
    wrong = DECLARED.replace("emploi_prive", "emplois").replace('origine = "origine"', 'origine = "race"')
    with pytest.raises(ConfigurationError) as caught:
        load_declaration(written(tmp_path, declared=wrong))
    assert [fault.found for fault in caught.value.faults] == ["emplois", "race"]
    with pytest.raises(ConfigurationError) as caught:
        load_declaration(written(tmp_path, declared="[testing]\ntitre = 3\n"))
    assert len(caught.value.faults) > 8


def test_a_sector_is_told_only_where_no_organisation_can_be_known_by_it():
    assert told_sectors(pd.Series({"a": 80, "b": 45, "c": 12})) == {"a"}
    assert told_sectors(pd.Series({"a": 80, "b": 45})) == {"a", "b"}
    assert told_sectors(pd.Series({"a": 29})) == set()
    assert told_sectors(pd.Series({"a": 90, "b": 20, "c": 15})) == {"a"}
    assert told_sectors(pd.Series({"a": 90, "b": 45, "": 4})) == {"a"}  # the whole less the sectors


def test_a_column_of_agencies_is_no_sector(tmp_path):
    rows = [f"{n};a;Agence {n};{who};oui" for n in range(13) for who in ("France", "Mali")]
    (fault,) = faults(written(tmp_path, rows))
    assert fault.found == "13 secteurs"
    assert "Agence" not in str(fault)


@pytest.mark.parametrize(("offers", "told"), [(29, 0), (30, 1)])
def test_a_candidate_of_few_offers_is_not_published(tmp_path, offers, told):
    rows = [f"{n};a;;{who};{'oui' if n % 3 else 'non'}" for n in range(offers) for who in ("France", "Mali")]
    campaign = read_campaign(written(tmp_path, rows))
    found = results(campaign.applications, {"origine": "France"}, criteria={"origine": "origine"})
    assert len(publishable(found)) == told


def test_masked_sectors_hold_no_number(tmp_path):
    campaign = read_campaign(write_campaign(tmp_path))
    reference = campaign.declaration.reference
    found = results(campaign.applications, reference, criteria=campaign.declaration.criteres)
    masked = found[found["status"] == "masked"]
    assert set(masked["sector"]) == {"bailleur privé", "particulier"}
    numbers = masked.drop(columns=["sector", "criterion", "reference", "tested", "status"])
    assert numbers.isna().all(axis=None)
    told = found[(found["sector"] != "") & (found["status"] == "observed")]
    assert told["difference_low"].notna().all()
    assert told[["p_student", "p_mcnemar", "p_fisher", "p_adjusted"]].isna().all(axis=None)


def test_the_invented_campaign_says_what_was_put_in_it(tmp_path):
    campaign = read_campaign(write_campaign(tmp_path))
    reference, criteria = campaign.declaration.reference, campaign.declaration.criteres
    found = results(campaign.applications, reference, criteria=criteria)
    whole = found[found["sector"] == ""].set_index("criterion")
    assert whole["offers"].eq(234).all()
    assert whole.loc["origine", "difference_low"] > 10
    assert campaign.unpaired.sum() == 6
    told = signals_of(found, domain="logement_prive", title="Essai")
    assert told[["theme", "criterion", "concurs"]].to_numpy().tolist() == [
        ["housing", "lieu_residence", True], ["housing", "origine", True],
    ]  # fmt: skip
    # Offer by offer, the effect of a trait alone is the matched difference with the sign turned.
    paired = campaign.applications.groupby("offer").filter(lambda rows: len(rows) == 4)
    effects = trait_effects(paired, reference).set_index("trait")["effect"]
    assert effects["origine : Maghreb"] == pytest.approx(-whole.loc["origine", "difference"])


def test_a_difference_in_favour_of_the_tested_does_not_concur(tmp_path):
    rows = [f"{n};a;x;{who};{'oui' if who == 'Mali' else 'non'}" for n in range(40) for who in ("France", "Mali")]
    rows[1] = "0;a;x;Mali;non"
    campaign = read_campaign(written(tmp_path, rows))
    found = results(campaign.applications, {"origine": "France"}, criteria={"origine": "origine"})
    assert not signals_of(found, domain="emploi_prive", title="Essai")["concurs"].any()


CAMPAIGNS = {
    "gender1": ({"gender": "Man"}, {"gender": "Woman"}, {"gender": "sexe"}),
    "inter1": ({"origin": "F"}, {"origin": "S"}, {"origin": "origine"}),
    "address1": (
        {"gender": "Man", "origin": "F", "reput": "P"}, {"gender": "Man", "origin": "F", "reput": "U"},
        {"gender": "sexe", "origin": "origine", "reput": "lieu_residence"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_real_campaign_goes_through_the_declaration(shared, tmp_path, name):
    reference, tested, criteria = CAMPAIGNS[name]
    source = shared / "reference" / "testing" / f"{name}.csv"
    section = TerritorySection(nom=EPCI_LABEL, epci=[EPCI_CODE], qpv=["QP099001"])
    workspace = create(tmp_path / "dossier", configuration=render_configuration(section, date(2026, 1, 31)))
    folder = workspace.root / "actions"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(source, folder / "testing.csv")
    table = pd.read_csv(source)
    several = bool(table.duplicated(["offer", *reference]).any())
    others = [column for column in table if column not in {"offer", *reference, "callback"}]
    traits = [[f'{trait} = "{word}"' for trait, word in given.items()] for given in (reference, criteria)]
    declared = f"""
[testing]
titre = "{name}"
domaine = "emploi_prive"
periode = "2002-2009"
source = "paquet R callback"
fichier = "testing.csv"
offre = "offer"
reponse = "callback"
favorable = ["TRUE"]
defavorable = ["FALSE"]
ignorer = {others}
plusieurs = "{"moyenne" if several else "refuser"}"

[reference]
{chr(10).join(traits[0])}

[criteres]
{chr(10).join(traits[1])}
"""
    (folder / "testing.toml").write_text(declared, encoding="utf-8")
    ours = gather(workspace).compared
    straight = compare(table, reference=reference, tested=tested, several="mean" if several else "refuse")
    row = ours[(ours["tested"] == " · ".join(tested.values())) & (ours["sector"] == "")].iloc[0]
    (changed,) = (trait for trait in reference if tested[trait] != reference[trait])
    assert row["criterion"] == criteria[changed]
    assert row["offers"] == straight["offers"]
    assert row["difference"] == pytest.approx(straight["difference"])
    assert np.isfinite(row["p_student"])
