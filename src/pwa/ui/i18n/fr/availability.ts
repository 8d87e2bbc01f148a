/** French: when somebody can be counted on. */

export const availability = {
  availability: {
    title: "Disponibilité",
    usual: "Comme d'habitude",
    /** `until` is a time of today, "demain 09:00", or a later day with its time. */
    duty: (until: string, isFar: boolean) => `De garde jusqu'${isFar ? "au" : "à"} ${until}`,
    absent: (until: string, isFar: boolean) => `En absence jusqu'${isFar ? "au" : "à"} ${until}`,
    coveredBy: (name: string) => `Remplacement : ${name}`,
    explain: "Les personnes avec qui vous discutez le voient, et personne d'autre. Cela s'arrête tout seul.",
    dutyUntil: "De garde jusqu'à…",
    absentUntil: "En absence jusqu'à…",
    backToUsual: "Comme d'habitude, dès maintenant",
    other: "Un autre moment",
    onDuty: "De garde",
    away: "En absence",
    past: "Choisissez un moment à venir, dans l'année.",
    cover: "Qui vous remplace ?",
    coverNone: "Personne en particulier",
    coverEmpty: "Personne à proposer : écrivez d'abord à un collègue.",
    urgentTo: (line: string, name: string) => `${name} : ${line.charAt(0).toLowerCase()}${line.slice(1)}.`,
    noCover: "Appelez le service, ou choisissez un autre destinataire.",
    writeTo: (name: string) => `Écrire à ${name}`,
  },
}
