"""
The sign-in page of the mock provider: French, without script, usable with a keyboard alone.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode

from lien.directory import Page, Professional

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #14213d; --soft: #51607d; --line: #c9d2e3;
  --paper: #fff; --ground: #eef2f8; --blue: #0a4fa3; --on-blue: #fff; --note: #fff4d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eefb; --soft: #a9b6d0; --line: #39465f;
  --paper: #1a2233; --ground: #10151f; --blue: #8db9f5; --on-blue: #0b1526; --note: #3a3014; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
  font-family: system-ui, sans-serif }
header { background: var(--blue); color: var(--on-blue); padding: 1rem 0 }
header div { padding: 0 1rem }
header p { margin: 0; font-weight: 600 }
main, header div { max-width: 40rem; margin: 0 auto }
main { padding: 1rem }
h1 { font-size: 1.5rem; margin: .5rem 0 1rem }
.note { background: var(--note); border-radius: .75rem; padding: .75rem 1rem; margin: 0 0 1.25rem }
.search { display: flex; gap: .5rem; align-items: end; flex-wrap: wrap; margin-bottom: 1.25rem }
.search div { flex: 1 1 14rem }
label { display: block; font-weight: 600; margin-bottom: .25rem }
input[type=search] { width: 100%; font: inherit; min-height: 3rem; padding: 0 .75rem;
  color: var(--ink); background: var(--paper);
  border: 1px solid var(--soft); border-radius: .75rem }
button, .more { font: inherit; min-height: 3rem; border-radius: .75rem; cursor: pointer }
.search button { padding: 0 1.25rem; border: 0; background: var(--blue); color: var(--on-blue);
  font-weight: 600 }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
li button { width: 100%; text-align: start; padding: .75rem 1rem; color: var(--ink);
  background: var(--paper); border: 1px solid var(--line) }
li button:hover { border-color: var(--blue) }
li strong, li span { display: block }
li span { color: var(--soft) }
.more { display: inline-flex; align-items: center; padding: 0 1rem; margin-top: 1rem;
  color: var(--blue); font-weight: 600 }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px }
"""

_DIGEST: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# The page posts to itself and is then sent back to the relying party of the same origin.
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    # With `no-referrer` a browser would send the form with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_SHELL: Final = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><div><p>{label}</p></div></header>
<main>
{body}
</main>
</body>
</html>
"""

_NOTE: Final = (
    '<p class="note">Ceci est une imitation : ni carte, ni e-CPS, ni mot de passe. '
    "Les personnes de la démonstration sont fictives.</p>"
)


def render(
    label: str, action: str, asked: Mapping[str, str], query: str, found: Page | None
) -> str:
    """The list of professionals to sign in as. `found` is None for a query that is too short."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    body = f"""<h1>Choisir un professionnel</h1>
{_NOTE}
<form class="search" method="get" action="{escape(action)}" role="search">
{hidden}
<div><label for="q">Nom, profession ou commune</label>
<input type="search" id="q" name="q" value="{escape(query)}" maxlength="100" autocomplete="off">
</div><button>Rechercher</button>
</form>
{_results(action, asked, query, found, hidden)}"""
    return _shell(label, "Se connecter — démonstration", body)


def render_refusal(label: str) -> str:
    """What is shown for a request no relying party of ours makes."""
    body = (
        "<h1>Demande refusée</h1>"
        "<p>Cette page s’ouvre depuis Lien : revenez-y et recommencez la connexion.</p>"
        '<p><a class="more" href="/">Revenir à Lien</a></p>'
    )
    return _shell(label, "Demande refusée", body)


def _results(
    action: str, asked: Mapping[str, str], query: str, found: Page | None, hidden: str
) -> str:
    if found is None:
        return "<p>Écrivez au moins deux lettres.</p>"
    if not found.professionals:
        return "<p>Personne ne correspond dans l’annuaire importé.</p>"
    people = "\n".join(_entry(each) for each in found.professionals)
    more = ""
    if found.next:
        after = urlencode({**asked, "q": query, "after": found.next})
        more = f'<a class="more" href="{escape(action)}?{escape(after)}">Personnes suivantes</a>'
    return f"""<form method="post" action="{escape(action)}" aria-label="Professionnels">
{hidden}
<ul>
{people}
</ul>
</form>
{more}"""


def _entry(person: Professional) -> str:
    name = " ".join(filter(None, (person.civility, person.given_name, person.family_name)))
    places = dict.fromkeys(activity.commune for activity in person.activities if activity.commune)
    detail = ", ".join(filter(None, (person.profession, *person.specialities[:1], *places)))
    return (
        f'<li><button name="rpps" value="{escape(person.rpps)}">'
        f"<strong>{escape(name)}</strong><span>{escape(detail)}</span></button></li>"
    )


def _shell(label: str, title: str, body: str) -> str:
    return _SHELL.format(label=escape(label), title=escape(title), style=_STYLE, body=body)
