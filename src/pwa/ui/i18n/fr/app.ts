/** French: the shell, times and small words. */
import { plural } from "../plural.js"

export const app = {
  app: {
    name: "Lien",
    loading: "Ouverture de Lien…",
    skipToContent: "Aller au contenu",
    navigation: "Navigation principale",
    back: "Retour",
    close: "Fermer",
    clear: "Effacer la recherche",
    cancel: "Annuler",
    retry: "Réessayer",
    showMore: "Afficher plus",
  },
  tabs: { discussions: "Discussions", patients: "Patients", directory: "Annuaire", me: "Moi", unread: (n: number) => `${n} ${plural(n, "non lu", "non lus")}` },
  strips: {
    offline: "Hors ligne — vos messages partiront dès que possible",
    sessionOver: "Déverrouillez pour continuer. Votre brouillon est gardé.",
    sessionOverProvider: "Reconnectez-vous pour continuer. Votre brouillon est gardé.",
    unlock: "Déverrouiller",
    signIn: "Se reconnecter",
    update: "Une nouvelle version de Lien est prête.",
    updateNow: "Mettre à jour",
    updateWaits: "Mise à jour dès que vos messages seront partis…",
  },
  times: {
    now: "à l'instant",
    yesterday: "hier",
    yesterdayAt: (time: string) => `hier ${time}`,
    today: "Aujourd'hui",
    yesterdayTitle: "Hier",
    tomorrowAt: (time: string) => `demain ${time}`,
  },
  profession: { separator: " · ", andMore: (names: string, n: number) => `${names} et ${n} ${plural(n, "autre", "autres")}`, and: " et " },
  device: { on: (browser: string, system: string) => `${browser} sur ${system}`, browser: "Navigateur", thisDevice: "cet appareil" },
}
