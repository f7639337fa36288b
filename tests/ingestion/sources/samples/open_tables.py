"""Small files in the formats that producers publish: a few rows, fictional unless a comment names their file."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Sample:
    """One file, and what must be recognised in it."""

    name: str
    source: str
    edition: str
    text: str
    beside: tuple = ()

    @property
    def rows(self):
        return list(csv.reader(io.StringIO(self.text), delimiter=self.delimiter))

    @property
    def delimiter(self):
        return ";" if ";" in self.text.splitlines()[0] else ","

    def write(self, folder, *, rows=None, encoding="utf-8", delimiter=None, name=None):
        """Write the file and its neighbours; the rows, the encoding and the separator may be others."""
        for other, text in self.beside:
            (folder / other).write_text(text, encoding="utf-8")
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter or self.delimiter).writerows(rows or self.rows)
        path = folder / (name or self.name)
        path.write_bytes(stream.getvalue().encode(encoding))
        return path


def sample(name, source, edition, text, *beside):
    return Sample(name, source, edition, text.strip() + "\n", beside)


META = "COD_VAR;LIB_VAR;COD_MOD;LIB_MOD\n"

QUARTERS_2024 = [
    sample(
        "pop_QPV24.csv", "insee_qpv_2024_population", "2020",
        """
codeQPV;libQPV;codeReg;codeUU2020;popMuniQPV;partPop15_24;listeDepCom;listeLibDepCom;listeEpci2022;listeDep
QN09901M;Les Écoles;99;00000;1 335;12,1;99001;Neuville;990000001;99
QN09902N;Gare;99;00000;2 041;15,4;99001,99002;Neuville,Bourg;990000001;99
QN09903I;Moulin;99;00000;;;99002;Bourg;990000001;99
""",
        ("meta_pop_QPV24.csv", f"{META}popMuniQPV;Population municipale du QPV en 2020;;\n"),
    ),
    sample(
        "estimations-demographiques_2022_QPV2024.csv", "insee_qpv_2024_estimates", "2022",
        """
CODGEO;LIBGEO;indiceJeunesse;partPopEt;partPopImmi;partMenEt;partMenImmi;partMen1p;partMen6pp;TX_TOT_EMPL;TX_F_EMPL;NOTE_RP
QN09901M;Les Écoles;1,5;21,3;24,0;20,1;25,2;41,0;4,1;45,3;38,9;0
QN09902N;Gare;0,9;;;;;44,8;s;50,2;;0
QN09903I;Moulin;ns;;;;;;;;;3
""",
    ),
    sample(
        "revenu-disponible-qp24-2021_QP.csv", "insee_qpv_2024_income", "2021",
        """
CODGEO;DISP_Q1_A21;DISP_MED_A21;DISP_Q3_A21;DISP_D1_A21;DISP_D9_A21;DISP_GINI_A21;DISP_TP60_A21;DISP_PPSOC_A21;DISP_NOTE_A21
QN09901M;10 120;13 450;18 010;7 900;24 000;0,24;47,1;27,3;0
QN09902N;11 020;14 770;19 500;8 200;26 110;0,26;41,9;22,0;0
QN09903I;;;;;;;;;5
""",
        ("meta_revenu-disponible-qp24-2021_QP.csv", f"{META}DISP_TP60_A21;Taux de pauvreté en 2021 (%);;\n"),
    ),
    sample(
        "revenu-disponible-qp24-2021_ENSQP.csv", "insee_qpv_2024_income", "2021",
        """
CODGEO;DISP_MED_A21;DISP_TP60_A21;DISP_NOTE_A21
00;14 260;44,3;0
""",
    ),
    sample(
        "data_DEFM2024_QP24.csv", "insee_qpv_2024_job_seekers", "2024",
        """
CODGEO;LIBGEO;ABCDE;ABCDE_F;ABC;ABC_F;ABC_H;ABC_25;ABC_2649;ABC_50;ABC_FR;ABC_E;ABC_NOUV;NOTE_DEFM
QN09901M;Les Écoles;402;190;360;171;189;61;222;77;290;70;12;0
QN09902N;Gare;1 020;ns;911;440;471;140;601;170;s;s;31;0
QN09903I;Moulin;;;;;;;;;;;;2
""",
        ("meta_DEFM2024_QP24.csv", f"{META}ABC_NOUV;Nouveaux inscrits de catégorie A, B ou C;;\n"),
    ),
    sample(
        "beneficiaires_CAF_31-12-2024_QP24.csv", "insee_qpv_2024_caf", "2024",
        """
CODGEO;A;PERCOU;AM;AI;ACSSENF;ACAVENF;AC3ENF;ENF;ARSAS;APPA;AAAH;AAL;NOTE_CNAF
QN09901M;512;1 233;120;201;31;160;60;590;122;140;41;301;0
QN09902N;733;1 801;160;290;44;239;91;;170;201;60;440;0
QN09903I;;;;;;;;;;;;;3
""",
    ),
    sample(
        "EDUC_2024_2025_QP24.csv", "insee_qpv_2024_schooling", "2024",
        """
CODGEO;LIBGEO;EFF_E6;RET_E6;EFF_E3;RET_E3;TX_NSNE_16A25
QN09901M;Les Écoles;41;5;39;8;24,1
QN09902N;Gare;62;;58;9;20,0
""",
    ),
    sample(
        "RPLS_01-01-2025_QPV_2024.csv", "insee_qpv_2024_social_housing", "2025",
        """
codGeo;libGeo;Note;nbLsPls;txVac;txRot;txLs1p;txLsPlai;moyLoy;medLoy
QN09901M;Les Écoles;0;620;3,1;8,2;6,0;5,5;5,61;5,50
QN09902N;Gare;4;;;;;;;
""",
    ),
    sample(
        "side_2023_QPV2024.csv", "insee_qpv_2024_establishments", "2023",
        """
CODGEO;LIBGEO;NBETAB;ENS_SANTE;SERV_PAR;SERV_TOT;AUTO_ENT;TX_COM_DETAIL
QN09901M;Les Écoles;120;14;22;60;9;12,5
QN09902N;Gare;301;40;51;170;31;15,0
""",
    ),
]  # fmt: skip

SCHOOL = "CODGEO;LIBGEO;EFF_E6;RET_E6;EFF_E3;RET_E3;EFF_E0_GT;RET_E0_GT;EFF_E0_PRO;RET_E0_PRO"
DECLARED = "DEC_Q1_A20;DEC_MED_A20;DEC_Q3_A20;DEC_D1_A20;DEC_D9_A20;DEC_GINI_A20;DEC_NOTE_A20"
SEEKERS = "CODGEO;LIBGEO;ABCDE;ABCDE_F;ABCDE_H;ABC;ABC_F;ABC_H;A;ABC_E;NOTE_PE"
HOMES = "nbLsPls;txLsRp;partResPrinc;partResVac;partResPrincSurocc;partMenProp;txMobGlob;txVac;medLoy"

QUARTERS_2015 = [
    sample(
        "EDUC_2017.csv", "insee_qpv_educ", "2017",
        f"{SCHOOL}\n"
        "QP099001;Gare;41;6;39;9;22;3;14;5\n"
        "QP099002;Port;52;;44;;31;;20;",
    ),
    sample(
        "EDUC_2019.csv", "insee_qpv_educ", "2019",
        "CODGEO;LIBGEO;TX_NSNE_16A25\n"
        "QP099001;Gare;27,1\n"
        "QP099002;Port;",
    ),
    sample(
        "EDUC_2022.csv", "insee_qpv_educ", "2022",
        f"{SCHOOL};TX_NSNE_16A25\n"
        "QP099001;Gare;40;4;38;7;25;3;15;4;25,0\n"
        "QP099002;Port;1 050;80;44;9;31;4;20;6;",
    ),
    sample(
        "LOGT_2021.csv", "insee_qpv_logt", "2021",
        f"CodGeo;libGeo;{HOMES}\n"
        "QP099001;Gare;620;61,2;90,1;7,1;9,0;18,2;12,0;3,1;5,10\n"
        "QP099002;Port;;;88,0;9,0;;22,1;11,1;;",
    ),
    sample(
        "LOGT_2023.csv", "insee_qpv_logt", "2023",
        f"codGeo;libGeo;{HOMES}\n"
        "QP099001;Gare;628;62,0;90,4;6,9;8,8;18,0;12,2;2,9;5,30\n"
        "QP099002;Port;;;88,1;8,8;;22,0;11,0;;",
    ),
    sample(
        "TECO_2017.csv", "insee_qpv_teco", "2017",
        "CODGEO;LIBGEO;NBETAB;ENS_SANTE;SERV_PAR;SERV_TOT;AUTO_ENT\n"
        "QP099001;Gare;282;37;72;137;3\n"
        "QP099002;Port;120;;22;50;1",
    ),
    sample(
        "TECO_2023.csv", "insee_qpv_teco", "2023",
        "CODGEO;LIBGEO;NBETAB;TX_INDUS;TX_CONSTR;TX_COM_DETAIL;TX_SERV_PAR\n"
        "QP099001;Gare;290;4,1;10,0;21,0;24,9\n"
        "QP099002;Port;;;;;",
    ),
    sample(
        "DEFM2016.csv", "insee_qpv_defm", "2016",
        f"{SEEKERS}\n"
        "QP099001;Gare;402;190;212;360;171;189;250;70;0\n"
        "QP099002;Port;;;;;;;;;5",
    ),
    sample(
        "DEFM2022.csv", "insee_qpv_defm", "2022",
        f"{SEEKERS}\n"
        "QP099001;Gare;380;180;200;341;160;181;240;66;0\n"
        "QP099002;Port;1 204;600;604;1 050;520;530;801;;0",
    ),
    sample(
        "CNAM_2021.csv", "insee_qpv_cnam", "2021",
        "CODGEO;LIBGEO;C;C_C2SNP;C_C2SP;NOTE_CNAM\n"
        "QP099001;Gare;1 300;495;106;0\n"
        "QP099002;Port;;;;3",
    ),
    sample(
        "indic-revenu-declare-quartiers-2015.csv", "insee_qpv_declared", "2015",
        "codgeo;libgeo;decuc_q1_a15;decuc_q2_a15;decuc_q3_a15\n"
        "QP099001;Gare;6 530;11 190;18 240\n"
        "QP099002;Port;;;",
    ),
    sample(
        "indic-revenu-declare-quartiers-2020.csv", "insee_qpv_declared", "2020",
        f"CODGEO;LIBGEO;{DECLARED}\n"
        "QP099001;Gare;7 010;12 060;19 100;980;25 100;0,41;0\n"
        "QP099002;Port;;;;;;;3",
    ),
]  # fmt: skip

# Three rows of rpls_qpv.csv (Insee-SDES, RPLS 2022), a few of its columns.
RPLS = sample(
    "rpls_qpv_2022.csv", "insee_rpls", "2022",
    """
CodGeo,Note,nbLsPls,nbLsMes,txVac,txVac3m,txRot,txLsCol,txLsInd,txLs1p,txLsPlusAv77,moyLoy,q1Loy,medLoy,q3Loy
QP001001,0,2493.0,,"4,8","3,6","10,3","95,5","4,5","6,9","81,3","5,57","5,07","5,43","5,97"
QP002001,0,2360.0,,2,"1,1","9,9","98,4","1,6","0,8","92,8","5,13","4,72","4,99","5,28"
QP974049,0,129.0,,,,"9,3",,,,,"6,07","5,72","6,17","6,21"
""",
)  # fmt: skip

# Rows of data_CAF_2020_IRIS.csv (Cnaf, Insee), a few of its columns.
CAF_IRIS = sample(
    "data_CAF_2020_IRIS.csv", "caf_iris", "2020",
    """
CODGEO;NOTE;A;PERCOU;AI;AM;ACSSENF;ACAVENF;AC3ENF;ENF;AAL;AAPL;AAAH;APPA;ARSAS
010040101;0;501;1183;238;66;23;174;54;485;248;204;36;168;83
593500101;3;;;;;;;;;;;;;
593500104;0;1036;1543;816;55;52;113;33;342;841;167;21;202;102
2A0040101;0;210;400;120;30;10;50;12;160;90;60;9;55;30
""",
)  # fmt: skip

CAF_COMMUNES = sample(
    "s_ben_com_f.csv", "caf_communes", "2024",
    """
dtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indfoy_rsa;indmtt_rsa;indfoy_ppa;indfoy_apl;indfoy_ndural
2023-12;01004;AMBERIEU-EN-BUGEY;3020;7400;290;151200;905;940;1410
2024-12;01004;AMBERIEU-EN-BUGEY;3055;7455;285;149700;910;935;1400
2024-12;2A004;AJACCIO;13000;28000;1500;790000;3900;2100;4000
2024-12;;NON LOCALISE;6000;11000;6100;3000000;2900;900;2100
""",
)  # fmt: skip

FILOSOFI_HEAD = (
    "GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE"
)
FILOSOFI_2021 = sample(
    "DS_FILOSOFI_CC_2021_data.csv", "insee_filosofi_cc", "2021",
    f"""
{FILOSOFI_HEAD}
01004;COM;MED_SL;EUR_YR;0;F;A;2021;21540
01004;COM;PR_MD60;PT;0;F;A;2021;15.2
01004;COM;D1_SL;EUR_YR;0;C;A;2021;
01005;COM;MED_SL;EUR_YR;0;F;A;2021;23010
200042935;EPCI;MED_SL;EUR_YR;3;F;E;2021;21.9
01;DEP;PR_MD60;PT;0;F;A;2021;10.7
84;REG;S_DIR_TAX_DI;PT;0;F;A;2021;-17.5
FM;FRANCE;MED_SL;EUR_YR;0;F;A;2021;23080
0051;ZE2020;MED_SL;EUR_YR;0;F;A;2021;23000
""",
    ("DS_FILOSOFI_CC_2021_metadata.csv", f"{META}FILOSOFI_MEASURE;Mesure;MED_SL;Niveau de vie médian\n"),
)  # fmt: skip
FILOSOFI_2023 = sample(
    "DS_FILOSOFI_CC_2023_data.csv", "insee_filosofi_cc", "2023",
    f"""
{FILOSOFI_HEAD}
2024-COM-01004;COM;MED_SL;EUR_YR;0;F;A;2023;23140
2024-COM-01004;COM;NUM_PER;PS;0;F;A;2023;14820
2024-COM-01004;COM;PR_MD60;PT;0;N;A;2023;15.9
2024-COM-01005;COM;MED_SL;EUR_YR;0;F;Q;2023;
2024-COM-01006;COM;MED_SL;EUR_YR;0;F;L;2023;
2024-COM-01007;COM;MED_SL;EUR_YR;0;F;P;2023;20010
""",
)  # fmt: skip
POPULATIONS = sample(
    "DS_POPULATIONS_REFERENCE_data.csv", "insee_population_reference", "2022",
    """
GEO;GEO_OBJECT;POPREF_MEASURE;FREQ;TIME_PERIOD;OBS_VALUE
01004;COM;PMUN;A;2022;15554
01004;COM;PCAP;A;2022;250
01004;COM;PTOT;A;2022;15804
01;DEP;PMUN;A;2022;671937
""",
)  # fmt: skip
BPE_COUNTS = sample(
    "DS_BPE_2024_data.csv", "insee_bpe", "2024",
    """
GEO;GEO_OBJECT;FACILITY_DOM;FACILITY_SDOM;FACILITY_TYPE;BPE_MEASURE;TIME_PERIOD;OBS_VALUE
01004;COM;A;A2;A206;FACILITIES;2024;1
01004;COM;D;D2;D265;FACILITIES;2024;9
01004;COM;D;D2;_T;FACILITIES;2024;41
01004;COM;_T;_T;_T;FACILITIES;2024;480
01004;COM;_T;_T;_T;SEATS;2024;900
01;DEP;D;D2;D265;FACILITIES;2024;500
""",
)  # fmt: skip

LONG = [FILOSOFI_2021, FILOSOFI_2023, POPULATIONS, BPE_COUNTS]
TABLES = [*QUARTERS_2024, *QUARTERS_2015, RPLS, CAF_IRIS, CAF_COMMUNES, *LONG]


def facilities(path, **columns):
    """Write a list of facilities as Insee publishes it, three rows of its eighty columns."""
    pd.DataFrame({
        "AN": ["2024"] * 3, "NOMRS": ["DR MARTIN", "CABINET", "ECOLE"], "TYPEQU": ["D265", "D265", "C107"],
        "DEPCOM": ["59350", "59350", "2A004"], "DCIRIS": ["593500101", "593500102", "2A004_CSZ"],
        "QP2015": ["QP059074", "CSZ", "CSZ"], "LAMBERT_X": ["704000.5", "", None],
        "LAMBERT_Y": ["7059000", "", ""], "QUALITE_XY": ["Bonne", "Mauvaise", ""], **columns,
    }).to_parquet(path)  # fmt: skip
    return path


CONTRACTS = [
    ("990000001", "CV998", "099 - CC du Pays", "99", 1200.0),
    ("990000002", "CV999", "099 - CA Ville", "99", 800.0),
    ("990000002", "CV999", "098 - CA Ville", "98", 300.0),
]


def contract_points():
    names = ("codgeo", "code_cv", "lib_cv", "insee_dep", "pop")
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, row, strict=True)),
            "geometry": {"type": "Point", "coordinates": [3.0, 50.0]},
        }
        for row in CONTRACTS
    ]
    return json.dumps({"type": "FeatureCollection", "name": "geom_cv_ctr", "features": features})


def contract_outlines():
    geometries = [
        {
            "type": "Polygon",
            "arcs": [[0]],
            "properties": {"id": code, "lib": label, "perimetre": "epci", "info2": int(holder)},
        }
        for holder, code, label, _, _ in CONTRACTS[:2]
    ]
    arcs = [[[3.0, 50.0], [3.1, 50.0], [3.1, 50.1], [3.0, 50.0]]]
    objects = {"zonage": {"type": "GeometryCollection", "geometries": geometries}}
    return json.dumps({"type": "Topology", "objects": objects, "arcs": arcs})


CONTRACT_LIST = """id,lib,perimetre,nbcom,info1,info2,info3,layer,path
acv001,Abbeville,Commune,"1",,,,acv zonage,acv.topojson
CV998,CC du Pays,epci,"33",Siren EPCI 2015 : 990000001,https://exemple.fr,,cv zonage,cv.topojson
CV999,CA Ville,epci,"9",Siren EPCI 2015 : 990000002,https://exemple.fr,,cv zonage,cv.topojson
CV997,Île,epci,"1",Siren EPCI 2015 : NA,https://exemple.fr,,cv zonage,cv.topojson
"""


def archive(path, *samples):
    """Pack files as Insee does: data beside their dictionary."""
    with zipfile.ZipFile(path, "w") as packed:
        for one in samples:
            for name, text in ((one.name, one.text), *one.beside):
                packed.writestr(name, text)
    return path
