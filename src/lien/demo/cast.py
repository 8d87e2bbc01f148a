"""Who plays in the demonstration: invented people and structures in the 24 communes."""

from typing import Final

PROFESSIONS: Final = {
    "10": "Médecin",
    "21": "Pharmacien",
    "40": "Chirurgien-Dentiste",
    "50": "Sage-Femme",
    "60": "Infirmier",
    "70": "Masseur-Kinésithérapeute",
    "80": "Pédicure-Podologue",
    "86": "Technicien de laboratoire médical",
    "91": "Orthophoniste",
    "93": "Psychologue",
    "94": "Ergothérapeute",
    "95": "Diététicien",
    "98": "Manipulateur d'électroradiologie médicale",
}
# TRE_R85: people of a care team who have no profession of the Code de la santé publique.
ROLES: Final = {"330": "Coordonnateur de parcours", "331": "Secrétaire médicale"}
SPECIALITIES: Final = {
    "SM54": "Médecine générale",
    "SM04": "Cardiologie et maladies vasculaires",
    "SM36": "Oncologie option médicale",
    "SM40": "Pédiatrie",
    "SM42": "Psychiatrie",
    "SM74": "Radiologie et imagerie médicale",
    "SI01": "Exercice infirmier en pratique avancée pathologies chroniques stabilisées",
}
SECTORS: Final = {
    "SA01": "Etablissement public de santé",
    "SA04": "Etablissement privé non PSPH",
    "SA05": "Centre de santé",
    "SA07": "Cabinet individuel",
    "SA08": "Cabinet de groupe",
    "SA25": "Laboratoire de biologie médicale",
    "SA33": "Pharmacie d'officine",
    "SA52": "Maison de santé",
    "SA57": "Structure de coopération avec mission de coordination de soins",
    "SA63": "Communauté professionnelle territoriale de santé",
}

# key | name | sector | INSEE commune, empty for a CEDEX | commune | postcode and post office
STRUCTURES: Final = """
chu-nord    | CHU FICTIF DU NORD                      | SA01 |       |                         | 97405 SAINT DENIS CEDEX
chu-sud     | CHU FICTIF DU SUD                       | SA01 |       |                         | 97448 SAINT PIERRE CEDEX
ch-ouest    | HOPITAL FICTIF DE L'OUEST               | SA01 | 97415 | Saint-Paul              | 97460 SAINT PAUL
ch-est      | HOPITAL FICTIF DE L'EST                 | SA01 | 97410 | Saint-Benoît            | 97470 SAINT BENOIT
clinique    | CLINIQUE FICTIVE DES FLAMBOYANTS        | SA04 | 97418 | Sainte-Marie            | 97438 SAINTE MARIE
pta         | PTA FICTIVE REUNION                     | SA57 | 97411 | Saint-Denis             | 97490 SAINTE CLOTILDE
cpts        | CPTS FICTIVE DES HAUTS                  | SA63 | 97422 | Le Tampon               | 97418 LA PLAINE DES CAFRES
labo        | LABORATOIRE FICTIF DU BARACHOIS         | SA25 | 97411 | Saint-Denis             | 97400 SAINT DENIS
imagerie    | IMAGERIE FICTIVE DU PORT                | SA08 | 97407 | Le Port                 | 97420 LE PORT
cds         | CENTRE DE SANTE FICTIF DE LA POSSESSION | SA05 | 97408 | La Possession           | 97419 LA POSSESSION
denis       | CABINET FICTIF DU JARDIN                | SA08 | 97411 | Saint-Denis             | 97400 SAINT DENIS
paul        | CABINET FICTIF DE LA PLAINE             | SA08 | 97415 | Saint-Paul              | 97411 BOIS DE NEFLES ST PAUL
gilles      | CABINET FICTIF DES BRISANTS             | SA07 | 97415 | Saint-Paul              | 97434 ST GILLES LES BAINS
pierre      | CABINET FICTIF DU LAGON                 | SA08 | 97416 | Saint-Pierre            | 97410 SAINT PIERRE
tampon      | CABINET FICTIF DES GERANIUMS            | SA07 | 97422 | Le Tampon               | 97430 LE TAMPON
avirons     | PHARMACIE FICTIVE DES AVIRONS           | SA33 | 97401 | Les Avirons             | 97425 LES AVIRONS
panon       | PHARMACIE FICTIVE DES VANILLIERS        | SA33 | 97402 | Bras-Panon              | 97412 BRAS PANON
deux        | MSP FICTIVE DE L'ENTRE-DEUX             | SA52 | 97403 | L'Entre-Deux            | 97414 L ENTRE DEUX
etang       | CABINET FICTIF DU GOUFFRE               | SA07 | 97404 | L'Étang-Salé            | 97427 L ETANG SALE
petite-ile  | PHARMACIE FICTIVE DE GRANDE ANSE        | SA33 | 97405 | Petite-Île              | 97429 PETITE ILE
palmistes   | MSP FICTIVE DES PALMISTES               | SA52 | 97406 | La Plaine-des-Palmistes | 97431 LA PLAINE DES PALMISTES
port        | PHARMACIE FICTIVE DES DOCKERS           | SA33 | 97407 | Le Port                 | 97420 LE PORT
andre       | CABINET FICTIF DU COLOSSE               | SA08 | 97409 | Saint-André             | 97440 SAINT ANDRE
port-cab    | CABINET FICTIF DE LA RIVIERE            | SA07 | 97407 | Le Port                 | 97420 LE PORT
joseph      | PHARMACIE FICTIVE DU SUD SAUVAGE        | SA33 | 97412 | Saint-Joseph            | 97480 SAINT JOSEPH
manapany    | CABINET FICTIF DE MANAPANY              | SA07 | 97412 | Saint-Joseph            | 97480 SAINT JOSEPH
leu         | CABINET FICTIF DES TORTUES              | SA08 | 97413 | Saint-Leu               | 97436 SAINT LEU
louis       | CABINET FICTIF DU GOL                   | SA07 | 97414 | Saint-Louis             | 97450 SAINT LOUIS
philippe    | MSP FICTIVE DU VOLCAN                   | SA52 | 97417 | Saint-Philippe          | 97442 SAINT PHILIPPE
rose        | CABINET FICTIF DES LAVES                | SA07 | 97419 | Sainte-Rose             | 97439 SAINTE ROSE
suzanne     | CABINET FICTIF DU PHARE                 | SA07 | 97420 | Sainte-Suzanne          | 97441 SAINTE SUZANNE
salazie     | MSP FICTIVE DU VOILE DE LA MARIEE       | SA52 | 97421 | Salazie                 | 97433 SALAZIE
bassins     | CABINET FICTIF DES TROIS-BASSINS        | SA07 | 97423 | Les Trois-Bassins       | 97426 LES TROIS BASSINS
cilaos      | MSP FICTIVE DES THERMES                 | SA52 | 97424 | Cilaos                  | 97413 CILAOS
mayotte     | CABINET FICTIF DU LAGON DE MAYOTTE      | SA07 | 97611 | Mamoudzou               | 97600 MAMOUDZOU
paris       | CABINET FICTIF DE PARIS                 | SA07 | 75109 | Paris 9e Arrondissement | 75009 PARIS
"""  # noqa: E501

# title and civility | family name | given name | profession or role | speciality | category |
# mode and structure of each activity. The last ones are not of the territory.
PEOPLE: Final = """
DR MME | FICTIF-HOARAU      | Marie          | 10  | SM54 | C | L denis      | S chu-nord
MME    | FICTIF-PAYET       | Anne-Sophie    | 60  |      | C | L paul
DR M   | FICTIF-GRONDIN     | Jean-Hugues    | 10  | SM04 | C | S chu-nord
DR MME | FICTIF-HOARAU      | Marie          | 10  | SM40 | C | S chu-sud    | L pierre
M      | FICTIF-TÉCHER      | Loïc           | 60  |      | C | S pta
MME    | FICTIF-D'AMBREVILLE | Zoé           | 50  |      | C | L leu
DR M   | FICTIF-LAW-YEE     | Patrick        | 40  |      | C | L andre
MME    | FICTIF-MOUTOUSSAMY | Priya          | 60  | SI01 | C | S salazie
M      | FICTIF-NATIVEL     | Éric           | 21  |      | C | L joseph
MME    | FICTIF-CADET       | Inès           | 95  |      | C | L leu
PR M   | FICTIF-RIVIÈRE     | François       | 10  | SM36 | C | S chu-sud
MME    | FICTIF-ATTICA      | Odile          | 93  |      | C | S pta
M      | FICTIF-SINIMALÉ    | Ludovic        | 98  |      | C | S clinique
DR MME | FICTIF-VITRY       | Solène         | 10  | SM74 | C | L imagerie   | S ch-ouest
M      | FICTIF-PAYET       | Jean-Marc      | 70  |      | C | L tampon
MME    | FICTIF-PAYET       | Jeanne         | 10  |      | E | S chu-nord
MME    | FICTIF-BOYER       | Nathalie       | 330 |      | C | S pta
MME    | FICTIF-FONTAINE    | Sabrina        | 331 |      | C | S chu-nord
DR M   | FICTIF-ABDOULA     | Saïd           | 10  | SM54 | C | L port-cab
MME    | FICTIF-LEBON       | Gaëlle         | 21  |      | C | L avirons
M      | FICTIF-MAILLOT     | Fabrice        | 21  |      | C | L panon
DR MME | FICTIF-DIJOUX      | Clémence       | 10  | SM54 | C | L deux
M      | FICTIF-ROBERT      | Yannick        | 60  |      | C | L etang
MME    | FICTIF-BÈGUE       | Hélène         | 21  |      | C | L petite-ile
MME    | FICTIF-GRONDIN     | Lucie          | 60  |      | C | S palmistes
M      | FICTIF-CHANE-KUNE  | David          | 21  |      | C | L port
DR M   | FICTIF-TURPIN      | Olivier        | 10  | SM54 | C | S cds
MME    | FICTIF-VIRAPIN     | Kavita         | 70  |      | C | L andre
MME    | FICTIF-ELMA        | Rose-May       | 50  |      | C | S ch-est
DR M   | FICTIF-CERVEAUX    | Bruno          | 10  | SM42 | C | S ch-ouest
M      | FICTIF-HUET        | Didier         | 60  |      | C | L louis
DR MME | FICTIF-K'BIDI      | Aurélie        | 10  | SM54 | C | S philippe
M      | FICTIF-BARRET      | Thierry        | 60  |      | C | L rose
MME    | FICTIF-SOUPRAYEN   | Divya          | 70  |      | C | L suzanne
DR M   | FICTIF-NOËL        | Guillaume      | 10  | SM54 | C | S salazie    | S ch-est
MME    | FICTIF-LAURET      | Mélanie        | 60  |      | C | L bassins
DR MME | FICTIF-FOLIO       | Camille        | 10  | SM54 | C | S cilaos
M      | FICTIF-PICARD      | Rémi           | 91  |      | C | S cilaos
MME    | FICTIF-LEPERLIER   | Sandrine       | 80  |      | C | L gilles
DR M   | FICTIF-ZITTE       | Mickaël        | 10  | SM54 | C | L gilles
MME    | FICTIF-WONG-FAT    | Emmanuelle     | 86  |      | C | S labo
DR MME | FICTIF-JAVELLE     | Claire         | 21  |      | C | S labo
M      | FICTIF-HOARAU      | Jean-Paul      | 60  |      | C | S chu-sud
MME    | FICTIF-HOAREAU     | Marie-Line     | 60  |      | C | L pierre
DR M   | FICTIF-BENARD      | Stéphane       | 10  | SM04 | C | S clinique
MME    | FICTIF-TAÏLÉ       | Stéphanie      | 94  |      | C | S pta
M      | FICTIF-O'BRIEN     | Kevin          | 70  |      | C | L paul
DR MME | FICTIF-CORRÉ       | Florence       | 10  | SM36 | C | S chu-nord
MME    | FICTIF-GAUVIN      | Laëtitia       | 331 |      | C | S pierre
M      | FICTIF-MOREL       | Bertrand       | 330 |      | C | S cpts
DR MME | FICTIF-SERY        | Isabelle       | 40  |      | C | L louis
MME    | FICTIF-AH-HOT      | Jessica        | 50  |      | C | L suzanne
M      | FICTIF-DAMOUR      | Pascal         | 60  |      | M | S chu-nord
MME    | FICTIF-RAMASSAMY   | Anjali         | 60  |      | E | S ch-est
DR M   | FICTIF-ETHÈVE      | Cédric         | 10  | SM74 | C | S chu-sud
MME    | FICTIF-PERMALNAICK | Sarah          | 91  |      | C | L andre
M      | FICTIF-GENCE       | Mathieu        | 95  |      | C | S clinique
DR MME | FICTIF-LÉVÊNEUR    | Juliette       | 10  | SM54 | C | L tampon     | S cpts
MME    | FICTIF-POTHIN      | Valérie        | 60  |      | C | L manapany
M      | FICTIF-ŒUVRARD     | Théo           | 93  |      | C | S chu-sud
DR M   | FICTIF-MADI        | Ibrahim        | 10  | SM54 | C | L mayotte
DR MME | FICTIF-MARTIN      | Paule          | 10  | SM04 | C | L paris
MME    | FICTIF-SANS-LIEU   | Agathe         | 50  |      | C | L
"""
