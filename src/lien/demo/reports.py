"""What the hospital of the demonstration reports, about whom: all of it invented."""

from dataclasses import dataclass
from typing import Final

DEMO_OID: Final = "1.2.250.1.213.1.4.11"  # an INS of demonstration, never a person's
PTA: Final = "1970099999"  # the invented structure that coordinates care
ROOT: Final = "1.2.3.4.5.99"  # of no registered organisation


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """An invented person; the number's key is right, its OID says that it is nobody's."""

    matricule: str
    birth_name: str
    given_names: str
    first_given: str
    sex: str
    birth_date: str  # YYYYMMDD


@dataclass(frozen=True, slots=True)
class DemoReport:
    """One kind of report."""

    form: str  # cda, hl7v2, fhir or pdf
    type_code: str
    title: str
    structure: str
    sections: tuple[tuple[str, str], ...]
    is_pta: bool = False


def _matricule(body: str) -> str:
    return f"{body}{97 - int(body) % 97:02}"


PATIENTS: Final = (
    DemoPatient(_matricule("2520397411042"), "FICTIF-VELLAYE", "ROSE MAY", "ROSE", "F", "19520314"),
    DemoPatient(
        _matricule("1470697416118"), "FICTIF-SAUTRON", "EXPEDIT", "EXPEDIT", "M", "19470602"
    ),
    DemoPatient(
        _matricule("2881197415077"), "FICTIF-MUSSARD", "AURELIE JEANNE", "AURELIE", "F", "19881121"
    ),
    DemoPatient(_matricule("1180297411009"), "FICTIF-MUSSARD", "NOE", "NOE", "M", "20180205"),
)
REPORTS: Final = (
    DemoReport(
        "cda",
        "11490-0",
        "Lettre de liaison à la sortie",
        "CHU FICTIF DU NORD",
        (
            ("Motif d'hospitalisation", "Décompensation cardiaque sur écart de régime."),
            ("Synthèse", "Évolution favorable sous diurétiques. Poids de sortie : 62 kg."),
            ("Suites", "Pesée quotidienne. Appeler si prise de plus de 2 kg en 3 jours."),
        ),
    ),
    DemoReport(
        "hl7v2",
        "18748-4",
        "Radiographie du thorax",
        "IMAGERIE FICTIVE DU PORT",
        (
            ("Indication", "Toux fébrile depuis cinq jours."),
            ("Résultat", "Foyer de la base droite. Pas d'épanchement. Silhouette normale."),
            ("Conclusion", "Pneumopathie de la base droite. Contrôle à six semaines."),
        ),
    ),
    DemoReport(
        "cda",
        "34794-8",
        "Fiche de réunion de concertation pluridisciplinaire",
        "CHU FICTIF DU SUD",
        (
            ("Question posée", "Adénocarcinome du côlon droit, T3 N1 : stratégie."),
            ("Proposition", "Hémicolectomie droite, puis chimiothérapie adjuvante à discuter."),
        ),
    ),
    DemoReport(
        "pdf",
        "34842-5",
        "Évaluation à domicile",
        "PTA FICTIVE REUNION",
        (
            ("Contexte", "Vit seule, premier étage sans ascenseur, fille présente le soir."),
            ("Besoins", "Aide à la toilette le matin, portage de repas, barre d'appui."),
        ),
        is_pta=True,
    ),
    DemoReport(
        "cda",
        "SYNTH",
        "Synthèse de coordination",
        "PTA FICTIVE REUNION",
        (
            ("Situation", "Retour à domicile préparé avec la famille."),
            ("Plan d'action", "Passage infirmier quotidien. Point téléphonique vendredi."),
        ),
        is_pta=True,
    ),
    DemoReport(
        "fhir",
        "11502-2",
        "Compte rendu de biologie",
        "LABORATOIRE FICTIF DU BARACHOIS",
        (
            ("Ionogramme", "Sodium 138 mmol/l. Potassium 3,4 mmol/l (bas)."),
            ("Fonction rénale", "Créatinine 96 µmol/l. DFG estimé 58 ml/min."),
        ),
    ),
    DemoReport(
        "pdf",
        "96349-6",
        "Lettre d'adressage",
        "CENTRE DE SANTE FICTIF DE LA POSSESSION",
        (
            ("Demande", "Avis cardiologique pour une dyspnée d'effort récente."),
            ("Antécédents", "Hypertension traitée, diabète de type 2."),
        ),
    ),
    DemoReport(
        "pdf",
        "11488-4",
        "Compte rendu de consultation",
        "CLINIQUE FICTIVE DES FLAMBOYANTS",
        (
            ("Examen", "Tension 13/8. Auscultation sans particularité."),
            ("Conduite à tenir", "Poursuite du traitement. Revoir dans trois mois."),
        ),
    ),
)
