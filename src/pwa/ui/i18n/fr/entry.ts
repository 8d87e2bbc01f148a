/** French: signing in, unlocking, and what stops the way in. */
export const entry = {
  signIn: {
    title: "Bienvenue sur Lien",
    explain: "Échangez avec vos confrères en toute confidentialité. Seuls des professionnels de santé vérifiés s'y retrouvent.",
    with: (provider: string) => `Continuer avec ${provider}`,
    passkey: "Utiliser ma connexion express",
    passkeyHint: "Vous utilisez déjà Lien sur un autre appareil ?",
    noProvider: "Aucun moyen de connexion n'est disponible. Vérifiez le réseau, puis réessayez.",
    privacy: "Vos messages sont lisibles seulement par vos correspondants et vous.",
  },
  welcome: {
    title: "C'est bien vous ?",
    explain: "Voici ce que l'annuaire des professionnels dit de vous. Vos confrères vous verront ainsi.",
    knownTitle: "Ravi de vous revoir",
    knownExplain: "Votre compte s'ouvrira aussi sur cet appareil.",
    deviceLabel: "Nom de cet appareil",
    deviceHint: "Pour le reconnaître dans la liste de vos appareils.",
    deviceMissing: "Donnez un nom à cet appareil.",
    enrol: "Commencer",
    enrolling: "Préparation de cet appareil…",
    notMe: "Ce n'est pas moi",
    cannotTitle: "Vous avez déjà un compte Lien",
    cannotExplain:
      "Pour que personne ne puisse l'ouvrir à votre place, il s'ouvre avec votre connexion express ou votre code de secours.",
    cannotPasskey: "Ouvrir avec ma connexion express",
  },
  offer: {
    title: "Connexion express",
    explain: "Ouvrez Lien avec votre visage, votre doigt ou votre code, sans code à usage unique.",
    accept: "Activer",
    later: "Plus tard",
    working: "Suivez les indications de votre appareil…",
  },
  fresh: {
    offer: "Je n'ai plus rien de tout cela",
    title: "Recommencer à zéro",
    facts: [
      "Vos anciens messages resteront scellés pour toujours, même pour vous.",
      "Vos autres appareils seront déconnectés, et vos connexions express effacées.",
      "Vos confrères verront que vous avez recommencé, et devront vous ajouter à nouveau à leurs groupes.",
    ],
    word: "RECOMMENCER",
    label: (word: string) => `Pour confirmer, écrivez ${word}`,
    action: "Recommencer à zéro",
    working: "Fermeture de l'ancien compte…",
    seen: (name: string) =>
      `${name} a recommencé avec un nouveau compte, sans ses anciens messages. Vérifiez de vive voix que c'est bien cette personne.`,
  },
  lock: {
    unlock: "Déverrouiller",
    working: "Suivez les indications de votre appareil…",
    cannot: "Je ne peux plus déverrouiller",
    forgetExplain:
      "Ce que Lien garde ici ne s'ouvre qu'avec votre connexion express. Vous pouvez l'effacer et recommencer : vos discussions restent sur vos autres appareils, et se rouvrent ici avec une connexion express enregistrée ailleurs.",
    title: "Lien est verrouillé",
    withProvider: (provider: string) => `Déverrouiller avec ${provider}`,
  },
  revoked: {
    title: "Cet appareil a été retiré",
    explain: "Il a été retiré de votre compte. Tout ce qu'il contenait a été effacé. Vos discussions restent sur vos autres appareils.",
    restart: "Recommencer sur cet appareil",
  },
  stopped: {
    upgradeTitle: "Une nouvelle version est nécessaire",
    upgradeExplain: "Rechargez la page pour continuer. Vos messages et vos brouillons sont gardés.",
    storageTitle: "Lien ne peut pas enregistrer sur cet appareil",
    storageExplain: "Libérez de la place ou quittez la navigation privée, fermez les autres onglets de Lien, puis rechargez la page.",
    browserTitle: "Ce navigateur ne convient pas",
    browserExplain: "Mettez votre navigateur à jour, ou ouvrez Lien avec une version récente de Chrome, Safari, Firefox ou Edge.",
    reload: "Recharger",
  },
  providers: { psc: "Pro Santé Connect", oiis: "OIIS PRO", mock: "la démonstration" } as Record<string, string>,
}
