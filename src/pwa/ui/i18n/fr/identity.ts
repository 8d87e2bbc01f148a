/** French: who somebody is here, where they practise, and what to do when that cannot be said. */
export const identity = {
  situation: {
    title: "Où exercez-vous avec Lien ?",
    explain: "Vous avez plusieurs situations d'exercice. Choisissez celle que vos confrères verront ; vous pourrez en changer.",
    legend: "Vos situations d'exercice",
    next: "Continuer",
    missing: "Choisissez une situation pour continuer.",
    noPlace: "Sans lieu d'exercice publié",
    row: "Ma situation d'exercice",
    none: "Aucun lieu d'exercice choisi",
    changeTitle: "Ma situation d'exercice",
    changeExplain: "C'est ainsi que vos confrères vous voient. Elle vient de votre compte professionnel.",
    current: "Actuelle",
    fresh: "Pour en changer, reconnectez-vous avec votre compte professionnel : il dira où vous exercez.",
    freshAction: "Se reconnecter",
    choose: "Choisir cette situation",
    only: "Votre compte professionnel n'indique qu'une situation d'exercice.",
    changed: "C'est fait. Vos confrères verront cette situation.",
  },
  professions: {
    "330": "Coordonnateur de parcours",
    "331": "Secrétaire médicale",
    "332": "Assistant médical",
    "353": "Membre de l'équipe de soins",
    student: "Étudiant en santé",
  } as Record<string, string>,
  problems: {
    retry: "Réessayer",
    other: "Choisir un autre moyen",
    express: "Utiliser ma connexion express",
    not_in_directory: {
      title: "Votre numéro n'est pas encore dans l'annuaire",
      text: "Votre compte professionnel est reconnu, mais votre numéro RPPS ne figure pas dans l'annuaire national que Lien utilise.",
      steps: [
        "Vous venez d'être inscrit ? L'annuaire est mis à jour chaque jour : réessayez demain.",
        "Sinon, vérifiez votre fiche sur annuaire.sante.fr et faites-la corriger par votre ordre ou votre autorité d'enregistrement.",
        "En attendant, un confrère déjà sur Lien peut vous inviter.",
      ],
    },
    no_rpps: {
      title: "Votre compte ne porte pas de numéro RPPS",
      text: "Lien ouvre directement la porte aux professionnels qui ont un numéro RPPS.",
      steps: [
        "Si vous en avez un, demandez qu'il soit rattaché à votre compte professionnel.",
        "Sinon, un confrère déjà sur Lien peut vous inviter : il se porte garant de vous.",
      ],
    },
    test_identity: {
      title: "Ceci est une identité de test",
      text: "Cette carte sert aux essais nationaux et ne désigne personne. Elle n'ouvre pas Lien.",
      steps: ["Reconnectez-vous avec votre propre carte CPS ou votre e-CPS."],
    },
    provider_unreachable: {
      title: "Le service de connexion ne répond pas",
      text: "Ce n'est ni votre téléphone, ni Lien. Vos messages sont gardés.",
      steps: [
        "Votre connexion express ouvre Lien sans ce service, si vous l'avez activée.",
        "Sinon, réessayez dans quelques minutes ou choisissez un autre compte.",
      ],
    },
    attestor_refused: {
      title: "Ce service n'est pas celui que vous connaissez",
      text: "Celui qui confirme l'identité de vos confrères a changé sans en apporter la preuve. Rien n'a été ouvert ni envoyé.",
      steps: ["N'allez pas plus loin, et appelez l'équipe qui gère Lien chez vous."],
    },
  },
}
