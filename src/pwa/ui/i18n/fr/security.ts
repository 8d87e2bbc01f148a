/** French: what opens this device and this account, and who is told of it. */
import { plural } from "../plural.js"

export const security = {
  pin: {
    title: "Code à 6 chiffres",
    explain: "Choisissez un code pour ouvrir Lien sur cet appareil, et sur lui seul.",
    instead: "Cet appareil ne peut pas ouvrir Lien avec votre visage ou votre doigt. Choisissez un code : il ouvre Lien ici, et nulle part ailleurs.",
    choose: "Votre code",
    chooseHint: "6 chiffres, sans suite ni répétition.",
    again: "Votre code, encore une fois",
    different: "Les deux codes ne sont pas les mêmes.",
    keep: "Utiliser ce code",
    working: "Enregistrement…",
    field: "Votre code à 6 chiffres",
    opening: "Ouverture…",
    wrong: (left: number) =>
      left <= 3
        ? `Ce n'est pas le bon code. Encore ${left} ${plural(left, "essai", "essais")}, puis Lien s'efface de cet appareil.`
        : `Ce n'est pas le bon code. Encore ${left} essais.`,
    wait: (minutes: number, left: number) =>
      `Trop d'erreurs. Attendez ${minutes >= 120 ? `${Math.ceil(minutes / 60)} heures` : `${minutes} ${plural(minutes, "minute", "minutes")}`}. Encore ${left} ${plural(left, "essai", "essais")}, puis Lien s'efface de cet appareil.`,
    on: "Ouvre Lien sur cet appareil.",
    off: "Pour un appareil sans reconnaissance du visage ni du doigt.",
    online: "Il a besoin du réseau.",
    offlineUntil: (when: string) => `Sans réseau aussi, jusqu'au ${when}. C'est moins sûr si l'appareil est volé pendant ce temps.`,
    set: "Choisir un code",
    change: "Changer le code",
    remove: "Supprimer le code",
    removeTitle: "Supprimer le code de cet appareil ?",
    removeExplain: "Sans code ni connexion express, il faudra votre compte professionnel pour rouvrir Lien ici.",
    fresh: "Pour votre sécurité, identifiez-vous à nouveau, puis choisissez le code.",
    kept: "Le code est enregistré.",
    forgetExplain: "Ce que Lien garde ici ne s'ouvre qu'avec votre code. Vous pouvez l'effacer et recommencer : vos discussions restent sur vos autres appareils.",
  },
  alerts: {
    text: (kind: string, device: string) =>
      ({
        signed_in: `Nouvelle connexion sur ${device}.`,
        device_added: `Nouvel appareil : ${device}.`,
        passkey_added: `Connexion express ajoutée sur ${device}.`,
        passkey_removed: `Connexion express supprimée depuis ${device}.`,
        vault_changed: `Nouveau code de secours créé sur ${device}.`,
        pin_destroyed: `Trop de codes faux sur ${device} : Lien s'y est effacé.`,
      })[kind] ?? `Changement sur votre compte, depuis ${device}.`,
    elsewhere: "un autre appareil",
    see: "Voir",
    notMe: "Ce n'était pas vous ? Retirez l'appareil",
  },
  devices: {
    signedIn: (when: string) => `Connecté depuis : ${when}`,
    name: "Nom de l'appareil",
    rename: "Renommer",
    renameName: (name: string) => `Renommer ${name}`,
    keepName: "Enregistrer",
    end: "Déconnecter",
    endName: (name: string) => `Déconnecter ${name}`,
    endTitle: (name: string) => `Déconnecter « ${name} » ?`,
    endExplain: "Il faudra s'y identifier à nouveau. Rien n'y est effacé.",
    endOthers: "Déconnecter tous les autres",
    endOthersTitle: "Déconnecter tous vos autres appareils ?",
    gone: "Appareils retirés",
    add: "Ajouter un appareil",
  },
  addDevice: {
    explain: "Sur le nouvel appareil, ouvrez Lien et choisissez « Avec un appareil que j'ai déjà ». Puis montrez son code à la caméra.",
    field: "Ou recopiez le code affiché",
    find: "Continuer",
    confirm: (label: string) => `Ajouter « ${label} » ? Il lira tous vos messages. N'acceptez que si vous l'avez devant vous.`,
    approve: "Ajouter cet appareil",
  },
  arrival: {
    offer: "Avec un appareil que j'ai déjà",
    title: "Montrez ce code",
    explain: "Sur votre autre appareil : Moi, Appareils et connexions, Ajouter un appareil.",
    picture: "Code à montrer à votre autre appareil",
    orType: "Ou recopiez :",
    waiting: "En attente de votre autre appareil…",
    again: "Afficher un nouveau code",
  },
  scan: {
    label: "Caméra",
    noCamera: "La caméra n'est pas disponible. Recopiez le code.",
  },
}
