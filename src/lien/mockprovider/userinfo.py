"""The userinfo of either shape for a professional of the directory."""

from typing import Any, Final

from lien.directory import Activity, Professional

_SUBJECT: Final = "f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:8{rpps}"


def subject_of(rpps: str) -> str:
    """The `sub` of a person: the same for ever, as a Keycloak user federation writes it."""
    return _SUBJECT.format(rpps=rpps)


def userinfo_of(person: Professional) -> dict[str, Any]:
    """The claims, with the empty texts the real ones have."""
    national_id = f"8{person.rpps}"
    return {
        "sub": subject_of(person.rpps),
        "SubjectNameID": national_id,
        "preferred_username": national_id,
        "email_verified": False,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "UITVersion": "1.0",
        "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
        "PSI_Locale": "1.2.250.1.213.1.3.1.1",
        "Mode_Acces_Raison": "",
        "Acces_Regulation_Medicale": "FAUX",
        "SubjectRole": [f"{person.profession_code}^1.2.250.1.213.1.1.5.5"],
        "SubjectOrganization": person.activities[0].structure if person.activities else "",
        "SubjectOrganizationID": "",
        "authMode": "mobile",
        "otherIds": [{"identifiant": national_id, "origine": "RPPS", "qualite": 1}],
        "SubjectRefPro": {
            "codeCivilite": "",
            "exercices": [
                {
                    "codeProfession": person.profession_code,
                    "codeCategorieProfessionnelle": person.category,
                    "codeCiviliteDexercice": "",
                    "nomDexercice": person.family_name,
                    "prenomDexercice": person.given_name,
                    "codeTypeSavoirFaire": "",
                    "codeSavoirFaire": "",
                    "activities": [_activity(each) for each in person.activities],
                }
            ],
        },
    }


def plain_userinfo_of(person: Professional) -> dict[str, Any]:
    """The claims of a provider that knows a number and a name, and nothing of where one works."""
    return {
        "sub": subject_of(person.rpps),
        "rpps": person.rpps,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }


def _activity(activity: Activity) -> dict[str, str]:
    return {
        "codeModeExercice": activity.mode,
        "codeSecteurDactivite": "",
        "codeGenreActivite": "GENR01",
        "numeroFinessSite": "",
        "raisonSocialeSite": activity.structure,
        "codePostal": activity.postcode,
        "codeCommune": "",
    }
