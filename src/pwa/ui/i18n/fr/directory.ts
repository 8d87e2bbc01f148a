/** French: the directory. */
import { plural } from "../plural.js"
import type { Gender } from "../gender.js"

export const directory = {
  directory: {
    title: "Annuaire",
    search: "Nom, profession ou commune",
    label: "Chercher un professionnel",
    explain: "Cherchez un confrère par son nom, sa profession ou sa commune.",
    hint: "Deux lettres suffisent.",
    searching: "Recherche…",
    none: (query: string) => `Personne ne correspond à « ${query} ». Essayez un autre nom, ou seulement le début.`,
    offline: "L'annuaire a besoin du réseau. Vos correspondants restent joignables depuis vos discussions.",
    found: (n: number, more: boolean) => (more ? `${n} premiers résultats` : `${n} ${plural(n, "résultat", "résultats")}`),
    onLien: "Sur Lien",
    notOnLien: "Pas encore sur Lien",
    student: "Étudiant",
    write: "Écrire",
    cardTitle: "Fiche professionnelle",
    profession: "Profession",
    specialities: "Spécialités",
    places: "Lieux d'exercice",
    noPlace: "Aucun lieu d'exercice publié",
    rpps: "Numéro RPPS",
    modes: { L: "Libéral", S: "Salarié", B: "Bénévole" } as Record<string, string>,
    cannotWrite: "Cette personne n'utilise pas encore Lien.",
    invite: "Inviter sur Lien",
    inviteExplain: "Envoyez ce message par le moyen de votre choix, ou montrez le code.",
    inviteMessage: "Bonjour, rejoignez-moi sur Lien, la messagerie des professionnels de santé. Vous entrez avec votre compte professionnel :",
    inviteCode: (name: string) => `Code à photographier par ${name}`,
    inviteUnsent: "Lien n'envoie rien et ne retient pas qui vous invitez. Ne parlez d'aucun patient dans ce message.",
    verifiedTitle: "Identité vérifiée",
    verified: (gender: Gender, provider: string) =>
      ({ feminine: `vérifiée par ${provider}`, masculine: `vérifié par ${provider}`, unknown: `identité vérifiée par ${provider}` })[gender],
    verifiedOn: (provider: string, date: string) => `Par ${provider}, le ${date}`,
    notVerified: "Identité non vérifiée",
    notVerifiedExplain: "Vérifiez de vive voix avant d'échanger sur un patient.",
    source: (date: string) => `Source : RPPS, extrait du ${date}`,
    isYou: "C'est vous",
  },
}
